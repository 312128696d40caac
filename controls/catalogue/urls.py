"""Addresses of the controls themselves."""

from django.urls import path

from controls.catalogue import criteria, detail, library, listing, proofs, transfer, writing

urlpatterns = [
    path("", listing.ControlList.as_view(), name="list"),
    path("criteria/", criteria.CriteriaPage.as_view(), name="criterion-list"),
    path("library/", library.Library.as_view(), name="library"),
    path("import/", transfer.ImportUpload.as_view(), name="import"),
    path("import/sample.csv", transfer.sample, name="import-sample"),
    path("import/<uuid:pk>/", transfer.ImportPreview.as_view(), name="import-preview"),
    path("export/<slug:kind>/", transfer.export, name="export"),
    path("proofs/<uuid:pk>/remove/", proofs.UnlinkEvidence.as_view(), name="proof-remove"),
    path("new/", writing.ControlCreate.as_view(), name="create"),
    path("<uuid:pk>/", detail.ControlDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", writing.ControlEdit.as_view(), name="edit"),
    path("<uuid:pk>/owner/", writing.OwnerEdit.as_view(), name="owner"),
    path("<uuid:pk>/frequency/", writing.CadenceEdit.as_view(), name="frequency"),
    path("<uuid:pk>/evidence/", proofs.LinkEvidence.as_view(), name="link"),
    path("<uuid:pk>/legs/", writing.LegsEdit.as_view(), name="legs"),
    path("<uuid:pk>/systems/", writing.SystemsEdit.as_view(), name="systems"),
    path("<uuid:pk>/criteria/", writing.CriteriaEdit.as_view(), name="criteria"),
    path("<uuid:pk>/retire/", writing.ControlRetire.as_view(), name="retire"),
    path("<uuid:pk>/restore/", writing.ControlRestore.as_view(), name="restore"),
]
