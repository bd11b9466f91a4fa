"""Who is away and why: sickness (staff-roster 11). Planners see that somebody is; hardly anybody sees why."""
