"""Addresses within an organization, below /o/<slug>/."""

from django.urls import include, path

urlpatterns = [
    path("", include("home.urls")),
    path("search/", include("search.urls")),
    path("audit/", include("audit.urls")),
    path("work/", include("workflow.urls")),
    path("members/", include("accounts.urls_members")),
    path("evidence/", include("evidence.urls")),
    path("access/", include("inventory.urls")),
    path("controls/", include("controls.urls")),
    path("reviews/", include("reviews.urls")),
    path("changes/", include("changes.urls")),
    path("incidents/", include("incidents.urls")),
    path("monitoring/", include("monitoring.urls")),
    path("vulnerabilities/", include("vulnerabilities.urls")),
    path("processing/", include("processing.urls")),
    path("policies/", include("policies.urls")),
    path("vendors/", include("vendors.urls")),
    path("risks/", include("risks.urls")),
    path("privacy/", include("privacy.urls")),
    path("proof/", include("proof.urls")),
    path("", include("reports.urls")),
]
