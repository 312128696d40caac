"""Addresses that the tests of the frame reverse."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("list/", page, name="list"),
    path("list/deeper/", page, name="deeper"),
    path("work/", page, name="work"),
    path("sign-in/", include(([path("", page, name="sign_in")], "accounts"))),
]
