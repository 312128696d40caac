"""Addresses of findings."""

from django.urls import path

from controls.findings import listing, views

urlpatterns = [
    path("", listing.FindingList.as_view(), name="finding-list"),
    path("new/", views.FindingCreate.as_view(), name="finding-create"),
    path("<uuid:pk>/", views.FindingDetail.as_view(), name="finding-detail"),
    path("<uuid:pk>/edit/", views.FindingEdit.as_view(), name="finding-edit"),
    path("<uuid:pk>/hand-on/", views.FindingHandOn.as_view(), name="finding-hand-on"),
    path("<uuid:pk>/start/", views.start, name="finding-start"),
    path("<uuid:pk>/evidence/", views.FindingSupply.as_view(), name="finding-supply"),
    path("<uuid:pk>/hand-in/", views.FindingHandIn.as_view(), name="finding-hand-in"),
    path("<uuid:pk>/retest/", views.FindingRetest.as_view(), name="finding-retest"),
    path("<uuid:pk>/accept/", views.FindingAccept.as_view(), name="finding-accept"),
    path("<uuid:pk>/end-acceptance/", views.FindingLapse.as_view(), name="finding-lapse"),
    path("<uuid:pk>/reopen/", views.FindingReopen.as_view(), name="finding-reopen"),
    path("<uuid:pk>/evidence/<uuid:proof>/", views.file, name="finding-file"),
    path("<uuid:pk>/evidence/<uuid:proof>/remove/", views.FindingUnlink.as_view(), name="finding-unlink"),
]
