"""Addresses of vendors, below /o/<slug>/vendors/."""

from django.urls import URLPattern, URLResolver, path

from vendors.documents import views as documents
from vendors.importing import views as files
from vendors.keys import files as key_files
from vendors.keys import views as keys
from vendors.lifecycle import views as life
from vendors.questionnaires import views as questionnaires
from vendors.register import kept_views, listing, views
from vendors.reviewing import views as reviewing

app_name = "vendors"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.VendorList.as_view(), name="list"),
    path("new/", views.VendorCreate.as_view(), name="create"),
    path("views/keep/", kept_views.ViewKeep.as_view(), name="view-keep"),
    path("views/<uuid:pk>/forget/", kept_views.forget, name="view-forget"),
    path("import/", files.VendorImport.as_view(), name="import"),
    path("import/sample/", files.sample, name="sample"),
    path("import/<uuid:pk>/", files.ImportPreview.as_view(), name="import-preview"),
    path("export/<str:kind>/", files.export, name="export"),
    path("keys/", keys.KeyList.as_view(), name="key-list"),
    path("keys/import/", key_files.KeyImport.as_view(), name="key-import"),
    path("keys/import/sample/", key_files.sample, name="key-sample"),
    path("keys/import/<uuid:pk>/", key_files.KeyPreview.as_view(), name="key-preview"),
    path("keys/export/<str:kind>/", key_files.export, name="key-export"),
    path("keys/<uuid:pk>/", keys.KeyDetail.as_view(), name="key-detail"),
    path("keys/<uuid:pk>/edit/", keys.KeyEdit.as_view(), name="key-edit"),
    path("keys/<uuid:pk>/rotate/", keys.KeyRotate.as_view(), name="key-rotate"),
    path("keys/<uuid:pk>/revoke/", keys.KeyRetire.as_view(), name="key-retire"),
    path("documents/", documents.DocumentList.as_view(), name="document-list"),
    path("documents/<uuid:pk>/", documents.DocumentDetail.as_view(), name="document-detail"),
    path("documents/<uuid:pk>/edit/", documents.DocumentEdit.as_view(), name="document-edit"),
    path("documents/<uuid:pk>/withdraw/", documents.DocumentWithdraw.as_view(), name="document-withdraw"),
    path("documents/<uuid:pk>/expected/", documents.DutiesAdd.as_view(), name="duties-add"),
    path("documents/<uuid:pk>/subservice/", documents.SubserviceAdd.as_view(), name="subservice-add"),
    path("duties/<uuid:pk>/map/", documents.DutyMap.as_view(), name="duty-map"),
    path("duties/<uuid:pk>/not-needed/", documents.DutySpare.as_view(), name="duty-spare"),
    path("questionnaires/<uuid:pk>/", questionnaires.QuestionnaireDetail.as_view(), name="questionnaire-detail"),
    path("answers/<uuid:pk>/finding/", questionnaires.follow, name="answer-follow"),
    path("<uuid:pk>/", views.VendorDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", views.VendorEdit.as_view(), name="edit"),
    path("<uuid:pk>/hand-over/", views.VendorHandOver.as_view(), name="hand-over"),
    path("<uuid:pk>/begin/", life.begin, name="begin"),
    path("<uuid:pk>/review/", reviewing.VendorReviewed.as_view(), name="review"),
    path("<uuid:pk>/approve/", life.VendorApprove.as_view(), name="approve"),
    path("<uuid:pk>/confirm/", life.VendorConfirm.as_view(), name="confirm"),
    path("<uuid:pk>/reject/", life.VendorReject.as_view(), name="reject"),
    path("<uuid:pk>/use/", life.VendorUse.as_view(), name="use"),
    path("<uuid:pk>/offboard/", life.VendorOffboard.as_view(), name="offboard"),
    path("<uuid:pk>/keep/", life.VendorKeep.as_view(), name="keep"),
    path("<uuid:pk>/access-removed/", life.VendorAccessEnd.as_view(), name="access-end"),
    path("<uuid:pk>/data/", life.VendorDataEnd.as_view(), name="data-end"),
    path("<uuid:pk>/leave/", life.leave, name="leave"),
    path("<uuid:pk>/reopen/", life.VendorReopen.as_view(), name="reopen"),
    path("<uuid:pk>/documents/new/", documents.DocumentCreate.as_view(), name="document-create"),
    path("<uuid:pk>/describe/", documents.VendorDescribe.as_view(), name="describe"),
    path("<uuid:pk>/questionnaires/new/", questionnaires.QuestionnaireCreate.as_view(), name="questionnaire-create"),
    path("<uuid:pk>/keys/new/", keys.KeyCreate.as_view(), name="key-create"),
]
