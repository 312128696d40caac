from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from ui.refusals import ActionRefused


class RefusalMiddleware:
    """Turns an ActionRefused that left a view into an answer the asker can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, ActionRefused):
            return None
        if request.headers.get("HX-Request"):
            return _fragment(request, exception.sentence)
        if _wants_json(request):
            return JsonResponse({"detail": exception.sentence}, status=409)
        context = {"sentence": exception.sentence, "back": _way_back(request)}
        return render(request, "409.html", context, status=409)


def _fragment(request: HttpRequest, sentence: str) -> HttpResponse:
    """A 422 that htmx puts into the page's message region, whatever its target was."""
    response = render(request, "ui/refusal.html", {"sentence": sentence}, status=422)
    response["HX-Retarget"] = "#messages"
    response["HX-Reswap"] = "beforeend"
    return response


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _way_back(request: HttpRequest) -> str:
    """The page the request came from, when it is one of ours."""
    referrer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referrer, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return referrer if ours else ""
