"""Addresses of policies, below /o/<slug>/policies/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "policies"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("policies.acknowledging.urls")),
    path("", include("policies.background.urls")),
    path("", include("policies.library.urls")),
    path("", include("policies.importing.urls")),
    path("", include("policies.printing.urls")),
    path("", include("policies.exceptions.urls")),
    path("", include("policies.training.urls")),
    path("", include("policies.violations.urls")),
    path("", include("policies.writing.urls")),
    path("", include("policies.register.urls")),
]
