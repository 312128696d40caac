"""Addresses of populations, below access/snapshots/."""

from django.urls import path

from inventory.snapshots.views import prepare, rows, snapshot, snapshots

urlpatterns = [
    path("", snapshots.SnapshotList.as_view(), name="snapshot-list"),
    path("new/", prepare.SnapshotCreate.as_view(), name="snapshot-create"),
    path("sample.csv", rows.sample, name="snapshot-sample"),
    path("<uuid:pk>/", snapshot.SnapshotDetail.as_view(), name="snapshot-detail"),
    path("<uuid:pk>/progress/", snapshot.progress, name="snapshot-progress"),
    path("<uuid:pk>/edit/", prepare.SnapshotEdit.as_view(), name="snapshot-edit"),
    path("<uuid:pk>/columns/", prepare.SnapshotMapping.as_view(), name="snapshot-mapping"),
    path("<uuid:pk>/read/", snapshot.read, name="snapshot-read"),
    path("<uuid:pk>/import/", snapshot.start, name="snapshot-import"),
    path("<uuid:pk>/stop/", snapshot.stop, name="snapshot-stop"),
    path("<uuid:pk>/accept/", prepare.SnapshotConfirm.as_view(), name="snapshot-confirm"),
    path("<uuid:pk>/same/", prepare.SnapshotConfirmRepeat.as_view(), name="snapshot-confirm-repeat"),
    path("<uuid:pk>/discard/", prepare.SnapshotDiscard.as_view(), name="snapshot-discard"),
    path("<uuid:pk>/entitlements/", rows.SnapshotEntitlements.as_view(), name="snapshot-entitlements"),
    path("<uuid:pk>/rejected/", rows.SnapshotRejected.as_view(), name="snapshot-rejected"),
    path("<uuid:pk>/rejected.csv", rows.rejected_csv, name="snapshot-rejected-csv"),
    path("<uuid:pk>/files/<uuid:file_id>/", rows.file, name="snapshot-file"),
]
