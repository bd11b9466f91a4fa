"""Accounts of deputies and staff, as staff manage them (deputy-admin 2)."""
