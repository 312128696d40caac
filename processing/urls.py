"""Addresses of processing, below /o/<slug>/processing/."""

from django.urls import URLPattern, URLResolver

app_name = "processing"
urlpatterns: list[URLPattern | URLResolver] = []
