"""Rota sequences: lines of weeks, people on them, and their insertion (staff-roster 6)."""
