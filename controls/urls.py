"""Addresses of controls, below /o/<slug>/controls/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "controls"
urlpatterns: list[URLPattern | URLResolver] = [
    path("periods/", include("controls.periods.urls")),
    path("occurrences/", include("controls.occurrences.urls")),
    path("tests/", include("controls.testing.urls")),
    path("set-up/", include("controls.setup.urls")),
    path("gaps/", include("controls.gaps.urls")),
    path("roadmap/", include("controls.roadmap.urls")),
    path("binder/", include("controls.binder.urls")),
    path("events/", include("controls.events.urls")),
    path("findings/", include("controls.findings.urls")),
    path("requests/", include("controls.requests.urls")),
    path("", include("controls.catalogue.urls")),
]
