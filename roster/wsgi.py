"""Entry for a WSGI server; SITE chooses the face, REGION the cell."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roster.settings")
application = get_wsgi_application()
