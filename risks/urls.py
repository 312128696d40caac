"""Addresses of risks, below /o/<slug>/risks/."""

from django.urls import URLPattern, URLResolver

app_name = "risks"
urlpatterns: list[URLPattern | URLResolver] = []
