"""Entry for a WSGI server; SITE chooses the face."""

import os

from foundation.web import startup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reporting.settings")
application = startup.application()
