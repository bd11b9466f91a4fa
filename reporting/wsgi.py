"""Entry for a WSGI server; SITE chooses the face."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reporting.settings")
application = get_wsgi_application()
