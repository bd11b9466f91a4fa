"""A service of two small programs, for tests of what starts and watches programs."""
