"""Nightly and queued work: a file a job."""
