"""Addresses of versions."""

from django.urls import path

from policies.writing import comparing, files, views

urlpatterns = [
    path("preview/", files.preview, name="preview"),
    path("<uuid:pk>/begin/", views.VersionBegin.as_view(), name="begin"),
    path("<uuid:pk>/difference/", comparing.Difference.as_view(), name="difference"),
    path("versions/<uuid:pk>/", views.VersionDetail.as_view(), name="version"),
    path("versions/<uuid:pk>/write/", views.VersionWrite.as_view(), name="version-write"),
    path("versions/<uuid:pk>/upload/", views.VersionUpload.as_view(), name="version-upload"),
    path("versions/<uuid:pk>/submit/", views.VersionSubmit.as_view(), name="version-submit"),
    path("versions/<uuid:pk>/withdraw/", views.VersionWithdraw.as_view(), name="version-withdraw"),
    path("versions/<uuid:pk>/discard/", views.VersionDiscard.as_view(), name="version-discard"),
    path("versions/<uuid:pk>/approve/", views.VersionApprove.as_view(), name="version-approve"),
    path("versions/<uuid:pk>/return/", views.VersionReturn.as_view(), name="version-return"),
    path("versions/<uuid:pk>/publish/", views.VersionPublish.as_view(), name="version-publish"),
    path("versions/<uuid:pk>/file/", files.file, name="version-file"),
    path("versions/<uuid:pk>/minutes/<uuid:approval>/", files.minutes, name="version-minutes"),
]
