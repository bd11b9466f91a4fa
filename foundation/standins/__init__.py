"""Local stand-ins for the outside world: small servers that answer as the real ones do and keep what they are given.

They serve ``./run`` and the tests, listen on this machine only, refuse to start without ``LOCAL=yes``, and fail when
told to. What they acknowledged is on disk before they answer, so that a kill loses nothing of it.
"""
