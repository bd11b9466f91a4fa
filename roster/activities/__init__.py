"""What people do, and the templates that a shift is made from (staff-roster 5)."""
