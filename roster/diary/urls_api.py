"""Addresses of the diary API."""

from roster.api import addresses
from roster.diary.api import api

urlpatterns = addresses(api)
