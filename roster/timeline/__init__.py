"""Who is booked when, as published. What may not overlap cannot (staff-roster 8)."""
