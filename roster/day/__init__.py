"""The day of operation: detail sheet, moves, cases outside the gate (staff-roster 9)."""
