#!/usr/bin/env python
"""Django's command line for one service: SERVICE=reporting (the default) or SERVICE=roster."""

import os
import sys

from django.core.management import execute_from_command_line

WITHOUT_SETTINGS = {"sections"}
"""Commands that read only the code: they run without an environment."""

if __name__ == "__main__":
    if set(sys.argv[1:2]) & WITHOUT_SETTINGS:
        os.environ.setdefault("LOCAL", "yes")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{os.environ.get('SERVICE', 'reporting')}.settings")
    execute_from_command_line(sys.argv)
