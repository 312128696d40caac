"""Programs come by https or not at all: a redirect would hide from them that their token went in the clear before."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from api.problems import problem

BELOW = "/api/"
SENTENCE = "Come by https. What was sent by http, a token too, could be read on its way: replace it."


class HttpsMiddleware:
    """Refuses what comes to the API by http where the product has an https address; browsers alone are led there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse, or go on."""
        if settings.SECURE_SSL_REDIRECT and request.path.startswith(BELOW) and not request.is_secure():
            return problem(403, SENTENCE)
        return self.get_response(request)
