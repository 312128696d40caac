"""Addresses of monitoring, below /o/<slug>/monitoring/."""

from django.urls import URLPattern, URLResolver

app_name = "monitoring"
urlpatterns: list[URLPattern | URLResolver] = []
