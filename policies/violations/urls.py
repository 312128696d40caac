"""Addresses of violations."""

from django.urls import path

from policies.violations import files, listing, views

urlpatterns = [
    path("violations/", listing.ViolationList.as_view(), name="violations"),
    path("violations/report/", views.ViolationReport.as_view(), name="violation-report"),
    path("violations/import/", files.ViolationImport.as_view(), name="violation-import"),
    path("violations/import/sample/", files.sample, name="violation-sample"),
    path("violations/import/<uuid:pk>/", files.ViolationPreview.as_view(), name="violation-preview"),
    path("violations/export/<str:kind>/", files.export, name="violation-export"),
    path("violations/<uuid:pk>/", views.ViolationDetail.as_view(), name="violation"),
    path("violations/<uuid:pk>/edit/", views.ViolationEdit.as_view(), name="violation-edit"),
    path("violations/<uuid:pk>/remedy/", views.ViolationRemedy.as_view(), name="violation-remedy"),
    path("violations/<uuid:pk>/dismiss/", views.ViolationDismiss.as_view(), name="violation-dismiss"),
    path("violations/<uuid:pk>/reopen/", views.ViolationReopen.as_view(), name="violation-reopen"),
]
