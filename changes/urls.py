"""Addresses of changes, below /o/<slug>/changes/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "changes"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("changes.calendar.urls")),
    path("deployments/", include("changes.deployments.urls")),
    path("sources/", include("changes.sources.urls")),
    path("", include("changes.outputs.urls")),
    path("", include("changes.drafting.urls")),
    path("", include("changes.lifecycle.urls")),
]
