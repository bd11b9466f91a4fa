"""Rosters proved near-optimal: plain Python, no Django, no database.

``problem``  what is asked: people, shifts, demand, days, as frozen data
``lines``    one person's days, with the weeks already worked before them
``shapes``   the few forms that a rule can have; ``rules`` has a file a rule
``solve``    the one entrance: ``solve(problem, rules, stop, seed, start) -> Result``
"""
