"""Prisons, their units and people: grades, contracts, skills, all with dates (staff-roster 4)."""
