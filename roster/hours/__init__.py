"""Balances of hours, and rest that is owed (staff-roster 13, 16)."""
