"""Addresses outside any organization: signing in, one's own account, health."""

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def alive(request: HttpRequest) -> HttpResponse:
    """Answer to a load balancer: the process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


# TEMPORARY find_spec until every app has its urls
urlpatterns = [
    path("healthz", alive, name="alive"),
    *([path("", include("accounts.urls"))] if find_spec("accounts.urls") else []),
]
