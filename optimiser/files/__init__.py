"""Files in and out: the benchmark's format and our JSON form become a problem with its rules; answers become files."""

from optimiser.files.reading import BadFile, Task, from_text, read

__all__ = ["BadFile", "Task", "from_text", "read"]
