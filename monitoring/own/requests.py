"""Every request has an id, is timed, and leaves one line in the log: its route, never its address, which may hold a key."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from prometheus_client import Histogram

from monitoring.own.context import HEADER, id_of, set_request_id

log = logging.getLogger("plumbline.request")
QUIET = {"alive", "ready", "metrics"}  # asked every few seconds: counted, but no line
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
REQUESTS = Histogram(
    "plumbline_request_seconds", "Requests by route, method and status.", ["route", "method", "status"], buckets=BUCKETS
)
_METHODS = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}


class RequestMiddleware:
    """The outermost: what it measures is what the person waited."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Name it, answer it, measure it."""
        key = id_of(request.headers.get(HEADER, ""))
        set_request_id(key)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = key
            self._note(request, response, time.monotonic() - began)
            return response
        finally:
            set_request_id("")

    def _note(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        route, method = route_of(request), request.method if request.method in _METHODS else "other"
        REQUESTS.labels(route, method, str(response.status_code)).observe(seconds)
        if route in QUIET:
            return
        told: dict[str, Any] = {
            "method": method, "route": route, "status": response.status_code, "milliseconds": round(seconds * 1000),
        }  # fmt: skip
        organization = getattr(getattr(request, "organization", None), "slug", "")
        log.info("%s %s %s in %s ms", *told.values(), extra={**told, "organization": organization})


def route_of(request: HttpRequest) -> str:
    """The name of the address, such as `monitoring:detail`; `none` where there is no such page, `static` for files."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return str(match.view_name or "none")
    return "static" if request.path.startswith("/static/") else "none"
