"""The rule book: which rules hold where, how strictly, and what breaks them (staff-roster 16)."""
