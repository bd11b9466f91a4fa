"""Rota patterns: sequences of weekly lines, who follows them from when, and what that gives (staff-roster 6)."""
