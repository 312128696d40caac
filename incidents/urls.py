"""Addresses of incidents, below /o/<slug>/incidents/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "incidents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("incidents.reporting.urls")),
    path("", include("incidents.lifecycle.urls")),
    path("", include("incidents.timeline.urls")),
    path("", include("incidents.todo.urls")),
    path("", include("incidents.oncall.urls")),
    path("", include("incidents.clocks.urls")),
    path("", include("incidents.reviewing.urls")),
    path("", include("incidents.links.urls")),
    path("", include("incidents.measures.urls")),
]
