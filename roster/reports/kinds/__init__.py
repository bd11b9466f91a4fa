"""A file a report: found by being here."""
