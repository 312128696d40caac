"""Addresses of controls, below /o/<slug>/controls/."""

from django.urls import URLPattern, URLResolver

app_name = "controls"
urlpatterns: list[URLPattern | URLResolver] = []
