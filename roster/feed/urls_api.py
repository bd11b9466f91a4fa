"""Addresses of the CSR API."""

from roster.api import addresses
from roster.feed.api import api

urlpatterns = addresses(api)
