"""Mails that were refused, or sent without an answer: staff look, send again, or put them away."""
