"""Addresses of violations."""

from django.urls import path

from policies.violations import listing, views

urlpatterns = [
    path("violations/", listing.ViolationList.as_view(), name="violations"),
    path("violations/report/", views.ViolationReport.as_view(), name="violation-report"),
    path("violations/<uuid:pk>/", views.ViolationDetail.as_view(), name="violation"),
    path("violations/<uuid:pk>/edit/", views.ViolationEdit.as_view(), name="violation-edit"),
    path("violations/<uuid:pk>/remedy/", views.ViolationRemedy.as_view(), name="violation-remedy"),
    path("violations/<uuid:pk>/dismiss/", views.ViolationDismiss.as_view(), name="violation-dismiss"),
    path("violations/<uuid:pk>/reopen/", views.ViolationReopen.as_view(), name="violation-reopen"),
]
