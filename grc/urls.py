"""Addresses outside any organization: signing in, one's own account, health."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from accounts.access import Audience, open_to
from monitoring.own.metrics import metrics
from monitoring.own.ready import ready


@open_to(Audience.EVERYBODY)
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """Answer to a load balancer: the process serves."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("healthz", alive, name="alive"),
    path("readyz", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path("api/", include("grc.urls_api")),
    path("", include("accounts.urls")),
]

handler400 = "api.problems.bad_request"
handler404 = "api.problems.page_not_found"
handler500 = "api.problems.server_error"
