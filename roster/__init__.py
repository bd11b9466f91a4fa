"""The Corporate Staff Roster: who works where and when in the prisons of one region."""
