"""From a draft to a published plan: board, runs of the optimiser, what-ifs (staff-roster 8)."""
