"""The API of the roster with a bare view beside it, for gunicorn: one query, behind all middleware of the service."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

application = get_wsgi_application()

from foundation.access import sessionless  # noqa: E402
from roster.establishment.models import Person  # noqa: E402


@sessionless
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Person.objects.get(pk=1).staff_number)


urlpatterns = [path("bare/", bare), path("", include("roster.urls_api"))]
settings.ROOT_URLCONF = "bench.roster_server"
