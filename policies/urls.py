"""Addresses of policies, below /o/<slug>/policies/."""

from django.urls import URLPattern, URLResolver

app_name = "policies"
urlpatterns: list[URLPattern | URLResolver] = []
