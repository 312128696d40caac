"""Addresses of the dashboard."""

from django.urls import path

from reports.dashboard import evidence, views

app_name = "reports"
urlpatterns = [
    path("dashboard/", views.Dashboard.as_view(), name="dashboard"),
    path("dashboard/evidence/", evidence.CollectedEvidence.as_view(), name="evidence"),
    path("dashboard/evidence/<uuid:pk>/", evidence.ControlProofs.as_view(), name="control-evidence"),
]
