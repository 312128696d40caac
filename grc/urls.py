"""Addresses outside any organization: signing in, one's own account, health."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts.access import Audience, open_to


@open_to(Audience.EVERYBODY)
def alive(request: HttpRequest) -> HttpResponse:
    """Answer to a load balancer: the process serves."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", alive, name="alive"),
    path("", include("accounts.urls")),
]
