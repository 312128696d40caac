"""Addresses of the tests of controls."""

from django.urls import path

from controls.testing import results_views, views

urlpatterns = [
    path("", views.TestList.as_view(), name="test-list"),
    path("results/", results_views.TestResults.as_view(), name="test-results"),
    path("results/evidence/", results_views.PeriodEvidence.as_view(), name="period-evidence"),
    path("<uuid:pk>/", views.TestDetail.as_view(), name="test-detail"),
    path("of/<uuid:pk>/", views.TestRecord.as_view(), name="test-record"),
]
