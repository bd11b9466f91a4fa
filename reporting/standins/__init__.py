"""Local stand-in for the case system (see ``foundation.standins``)."""
