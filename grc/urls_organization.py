"""Addresses within an organization, below /o/<slug>/."""

from importlib.util import find_spec

from django.urls import include, path

# TEMPORARY find_spec until every app has its urls
urlpatterns = [
    *([path("", include("home.urls"))] if find_spec("home.urls") else []),
    *([path("audit/", include("audit.urls"))] if find_spec("audit.urls") else []),
    *([path("work/", include("workflow.urls"))] if find_spec("workflow.urls") else []),
    *([path("members/", include("accounts.urls_members"))] if find_spec("accounts.urls_members") else []),
    *([path("evidence/", include("evidence.urls"))] if find_spec("evidence.urls") else []),
    *([path("access/", include("inventory.urls"))] if find_spec("inventory.urls") else []),
    *([path("reviews/", include("reviews.urls"))] if find_spec("reviews.urls") else []),
]
