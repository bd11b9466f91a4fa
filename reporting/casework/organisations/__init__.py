"""Organisations as staff manage them (deputy-admin 4). What can be done is in ``people.organisations.actions``."""
