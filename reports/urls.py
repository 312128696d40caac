"""Addresses of the dashboard and of reports."""

from django.urls import path

from reports.dashboard import evidence
from reports.dashboard.views import Dashboard
from reports.monthly import listing, views

app_name = "reports"
urlpatterns = [
    path("dashboard/", Dashboard.as_view(), name="dashboard"),
    path("dashboard/evidence/", evidence.CollectedEvidence.as_view(), name="evidence"),
    path("dashboard/evidence/<uuid:pk>/", evidence.ControlProofs.as_view(), name="control-evidence"),
    path("reports/", listing.ReportList.as_view(), name="list"),
    path("reports/monthly/", listing.MonthlyList.as_view(), name="monthly-list"),
    path("reports/new/", views.ReportCreate.as_view(), name="monthly-create"),
    path("reports/recipients/", views.Recipients.as_view(), name="recipients"),
    path("reports/file/<uuid:pk>/", views.report_file, name="download"),
    path("reports/<uuid:pk>/", views.ReportDetail.as_view(), name="monthly-detail"),
    path("reports/<uuid:pk>/retry/", views.retry, name="monthly-retry"),
    path("reports/<uuid:pk>/report.pdf", views.pdf, name="monthly-pdf"),
    path("reports/<uuid:pk>/report.json", views.data, name="monthly-json"),
    path("reports/<uuid:pk>/register.xlsx", views.register, name="monthly-register"),
]
