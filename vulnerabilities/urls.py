"""Addresses of vulnerabilities, below /o/<slug>/vulnerabilities/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "vulnerabilities"
urlpatterns: list[URLPattern | URLResolver] = [
    path("scopes/", include("vulnerabilities.scopes.urls")),
    path("scans/", include("vulnerabilities.scanning.urls")),
    path("tests/", include("vulnerabilities.penetration.urls")),
    path("", include("vulnerabilities.handling.urls")),
]
