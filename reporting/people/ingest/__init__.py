"""The nightly files of the case system: lay deputyships, and court orders with their deputies (deputy-admin 9).

A file is read from the storage, checked row by row and copied into a temporary table; then a few statements compare
that table with ours and change what differs. All in one transaction, so that readers see everything old or everything
new, and the same file again changes nothing. What needs reports is in ``reporting.home.ingest_reports``.
"""
