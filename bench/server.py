"""The front site with a bare view beside it, for gunicorn: what any Django page costs on the same server.

The bare view asks one query and answers with one word. At /bare/ it stands behind all middleware of the service, at
/bare/alone/ behind none, as in a Django project that has nothing else.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

site = get_wsgi_application()

from foundation.access import public  # noqa: E402
from reporting.people.models import Client  # noqa: E402


@public
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Client.objects.get(pk=1).first_name)


urlpatterns = [path("bare/", bare), path("bare/alone/", bare), path("", include("reporting.urls"))]
settings.ROOT_URLCONF = "bench.server"
with override_settings(MIDDLEWARE=[]):
    alone = WSGIHandler()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    handler = alone if environ["PATH_INFO"] == "/bare/alone/" else site
    return handler(environ, start_response)
