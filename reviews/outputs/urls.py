"""Addresses of a campaign's reports, below <uuid:pk>/reports/; the names are those of `reviews`."""

from django.urls import path

from reviews.outputs import views

urlpatterns = [
    path("", views.panel, name="report-panel"),
    path("make/", views.make, name="report-make"),
]
