"""Addresses of vulnerabilities, below /o/<slug>/vulnerabilities/."""

from django.urls import URLPattern, URLResolver

app_name = "vulnerabilities"
urlpatterns: list[URLPattern | URLResolver] = []
