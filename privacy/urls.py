"""Addresses of privacy, below /o/<slug>/privacy/."""

from django.urls import URLPattern, URLResolver

app_name = "privacy"
urlpatterns: list[URLPattern | URLResolver] = []
