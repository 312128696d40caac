"""Addresses of evidence."""

from django.urls import include, path

from evidence.views import adding, changing, checks, files, imports, item, lists

app_name = "evidence"
urlpatterns = [
    path("", lists.EvidenceList.as_view(), name="list"),
    path("add/", adding.EvidenceAdd.as_view(), name="add"),
    path("checks/", checks.FileChecks.as_view(), name="checks"),
    path("files/<uuid:pk>/", files.file, name="file"),
    path("files/<uuid:pk>/preview/", files.Preview.as_view(), name="preview"),
    path("files/<uuid:pk>/pictures/<int:page>/", files.picture, name="picture"),
    path("imports/", imports.ImportList.as_view(), name="import-list"),
    path("imports/new/", imports.ImportCreate.as_view(), name="import-create"),
    path("imports/sample/", imports.sample, name="import-sample"),
    path("imports/<uuid:pk>/", imports.ImportDetail.as_view(), name="import-detail"),
    path("imports/<uuid:pk>/start/", imports.start, name="import-start"),
    path("imports/<uuid:pk>/discard/", imports.discard, name="import-discard"),
    path("imports/<uuid:pk>/wrong/", imports.wrong, name="import-wrong"),
    path("links/<uuid:pk>/remove/", changing.unlink, name="link-remove"),
    path("populations/", include("evidence.populations.urls")),
    path("<uuid:pk>/", item.EvidenceDetail.as_view(), name="detail"),
    path("<uuid:pk>/change/", changing.EvidenceChange.as_view(), name="change"),
    path("<uuid:pk>/revise/", changing.EvidenceRevise.as_view(), name="revise"),
    path("<uuid:pk>/validate/", changing.EvidenceValidate.as_view(), name="validate"),
    path("<uuid:pk>/withdraw/", changing.EvidenceWithdraw.as_view(), name="withdraw"),
    path("<uuid:pk>/restore/", changing.EvidenceRestore.as_view(), name="restore"),
    path("<uuid:pk>/supersede/", changing.EvidenceSupersede.as_view(), name="supersede"),
    path("<uuid:pk>/reinstate/", changing.EvidenceReinstate.as_view(), name="reinstate"),
    path("<uuid:pk>/link/", changing.EvidenceLinkAdd.as_view(), name="link"),
]
