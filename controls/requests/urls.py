"""Addresses of the auditor's request list."""

from django.urls import path

from controls.requests import answering, judging, listing, transfer, views

urlpatterns = [
    path("", listing.RequestList.as_view(), name="request-list"),
    path("new/", views.RequestCreate.as_view(), name="request-create"),
    path("import/", transfer.RequestImport.as_view(), name="request-import"),
    path("import/sample/", transfer.sample, name="request-sample"),
    path("import/<uuid:pk>/", transfer.RequestPreview.as_view(), name="request-preview"),
    path("export/<str:kind>/", transfer.export, name="request-export"),
    path("<uuid:pk>/", views.RequestDetail.as_view(), name="request-detail"),
    path("<uuid:pk>/edit/", views.RequestEdit.as_view(), name="request-edit"),
    path("<uuid:pk>/assign/", views.RequestAssign.as_view(), name="request-assign"),
    path("<uuid:pk>/start/", answering.start, name="request-start"),
    path("<uuid:pk>/give/", answering.RequestSupply.as_view(), name="request-supply"),
    path("<uuid:pk>/submit/", answering.RequestSubmit.as_view(), name="request-submit"),
    path("<uuid:pk>/take-back/", answering.RequestTakeBack.as_view(), name="request-take-back"),
    path("<uuid:pk>/accept/", judging.RequestAccept.as_view(), name="request-accept"),
    path("<uuid:pk>/return/", judging.RequestReturn.as_view(), name="request-return"),
    path("<uuid:pk>/withdraw/", judging.RequestWithdraw.as_view(), name="request-withdraw"),
    path("<uuid:pk>/restore/", judging.RequestRestore.as_view(), name="request-restore"),
    path("<uuid:pk>/comment/", views.RequestComment.as_view(), name="request-comment"),
    path("<uuid:pk>/given/<uuid:proof>/", answering.file, name="request-file"),
    path("<uuid:pk>/given/<uuid:proof>/remove/", answering.RequestUnlink.as_view(), name="request-unlink"),
]
