"""Bank statement import: a downloaded file becomes lines, and lines become entries of the report.

Everything here is pure: no database, no page, no clock. Money is always a Decimal in pounds.
Begin with `reading.read`; then `categories.suggest`, `matching`, `entries`. The balance detective is `detective`.
"""
