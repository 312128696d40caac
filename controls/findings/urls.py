"""Addresses of findings."""

from django.urls import path

from controls.findings import acts, listing, views

urlpatterns = [
    path("", listing.FindingList.as_view(), name="finding-list"),
    path("new/", views.FindingCreate.as_view(), name="finding-create"),
    path("<uuid:pk>/", views.FindingDetail.as_view(), name="finding-detail"),
    path("<uuid:pk>/edit/", acts.FindingEdit.as_view(), name="finding-edit"),
    path("<uuid:pk>/hand-on/", acts.FindingHandOn.as_view(), name="finding-hand-on"),
    path("<uuid:pk>/start/", acts.start, name="finding-start"),
    path("<uuid:pk>/evidence/", acts.FindingSupply.as_view(), name="finding-supply"),
    path("<uuid:pk>/hand-in/", acts.FindingHandIn.as_view(), name="finding-hand-in"),
    path("<uuid:pk>/retest/", acts.FindingRetest.as_view(), name="finding-retest"),
    path("<uuid:pk>/accept/", acts.FindingAccept.as_view(), name="finding-accept"),
    path("<uuid:pk>/end-acceptance/", acts.FindingLapse.as_view(), name="finding-lapse"),
    path("<uuid:pk>/reopen/", acts.FindingReopen.as_view(), name="finding-reopen"),
    path("<uuid:pk>/evidence/<uuid:proof>/", views.file, name="finding-file"),
    path("<uuid:pk>/evidence/<uuid:proof>/remove/", acts.FindingUnlink.as_view(), name="finding-unlink"),
]
