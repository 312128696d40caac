"""Addresses of controls, below /o/<slug>/controls/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "controls"
urlpatterns: list[URLPattern | URLResolver] = [
    path("periods/", include("controls.periods.urls")),
    path("occurrences/", include("controls.occurrences.urls")),
    path("", include("controls.catalogue.urls")),
]
