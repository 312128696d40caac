"""Addresses of populations, below access/snapshots/."""

from django.urls import path

from inventory.views import snapshot_rows, snapshots

urlpatterns = [
    path("", snapshots.SnapshotList.as_view(), name="snapshot-list"),
    path("new/", snapshots.SnapshotCreate.as_view(), name="snapshot-create"),
    path("sample.csv", snapshot_rows.sample, name="snapshot-sample"),
    path("<uuid:pk>/", snapshots.SnapshotDetail.as_view(), name="snapshot-detail"),
    path("<uuid:pk>/progress/", snapshots.progress, name="snapshot-progress"),
    path("<uuid:pk>/edit/", snapshots.SnapshotEdit.as_view(), name="snapshot-edit"),
    path("<uuid:pk>/columns/", snapshots.SnapshotMapping.as_view(), name="snapshot-mapping"),
    path("<uuid:pk>/read/", snapshots.read, name="snapshot-read"),
    path("<uuid:pk>/import/", snapshots.start, name="snapshot-import"),
    path("<uuid:pk>/stop/", snapshots.stop, name="snapshot-stop"),
    path("<uuid:pk>/accept/", snapshots.SnapshotConfirm.as_view(), name="snapshot-confirm"),
    path("<uuid:pk>/discard/", snapshots.SnapshotDiscard.as_view(), name="snapshot-discard"),
    path("<uuid:pk>/entitlements/", snapshot_rows.SnapshotEntitlements.as_view(), name="snapshot-entitlements"),
    path("<uuid:pk>/rejected/", snapshot_rows.SnapshotRejected.as_view(), name="snapshot-rejected"),
    path("<uuid:pk>/rejected.csv", snapshot_rows.rejected_csv, name="snapshot-rejected-csv"),
    path("<uuid:pk>/files/<uuid:file_id>/", snapshot_rows.file, name="snapshot-file"),
]
