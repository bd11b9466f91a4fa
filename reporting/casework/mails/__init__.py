"""Mails that were refused, sent without an answer, or came back: staff look, send again, or put them away."""
