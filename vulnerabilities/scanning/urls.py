"""Addresses of scans."""

from django.urls import path

from vulnerabilities.scanning import listing, transfer, views

urlpatterns = [
    path("", listing.ScanList.as_view(), name="scan-list"),
    path("import/", views.ScanChoose.as_view(), name="scan-choose"),
    path("import/storage-sample/", views.storage_sample, name="scan-storage-sample"),
    path("import/<uuid:pk>/", transfer.ScanPreview.as_view(), name="scan-preview"),
    path("<uuid:pk>/", views.ScanDetail.as_view(), name="scan-detail"),
    path("<uuid:pk>/withdraw/", views.ScanWithdraw.as_view(), name="scan-withdraw"),
    path("<uuid:pk>/raw/", views.raw, name="scan-raw"),
    path("<uuid:pk>/suppressed/", views.ignored_csv, name="scan-suppressed"),
    path("<uuid:pk>/resources/", views.resources_csv, name="scan-resources"),
]
