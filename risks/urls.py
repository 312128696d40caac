"""Addresses of risks, below /o/<slug>/risks/."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "risks"
urlpatterns: list[URLPattern | URLResolver] = [
    path("scale/", include("risks.scales.urls")),
    path("assessments/", include("risks.assessing.urls")),
    path("", include("risks.transfer.urls")),
    path("", include("risks.tasks.urls")),
    path("", include("risks.register.urls")),
]
