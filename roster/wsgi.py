"""Entry for a WSGI server; SITE chooses the face, REGION the cell."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from foundation.web import startup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "roster.settings")

App = Callable[[dict[str, Any], Any], Iterable[bytes]]


def chunks_too(app: App) -> App:
    """Programs also send bodies in chunks, of no announced length; Django reads no further than a length says.

    The largest that is taken stands for it: the server knows where the chunks end.
    """

    def called(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("HTTP_TRANSFER_ENCODING") and environ.get("wsgi.input_terminated"):
            environ["CONTENT_LENGTH"] = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return app(environ, start_response)

    return called


application = chunks_too(startup.application())
