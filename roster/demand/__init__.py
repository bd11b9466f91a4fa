"""Posts, numbers by quarter hour, regime levels, and what is covered (staff-roster 7)."""
