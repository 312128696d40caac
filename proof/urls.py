"""Addresses of proof, at /o/<slug>/proof/."""

from django.urls import path

from proof.keys import views as keys
from proof.package import views as packages
from proof.trail import views

app_name = "proof"
urlpatterns = [
    path("", views.Seal.as_view(), name="seal"),
    path("check/", views.check, name="check-now"),
    path("keys/", keys.KeyList.as_view(), name="keys"),
    path("keys/replace/", keys.KeysReplace.as_view(), name="keys-replace"),
    path("keys/rotations/", keys.RotationList.as_view(), name="rotations"),
    path("keys/rotations/<uuid:pk>/stop/", keys.stop, name="rotation-stop"),
    path("keys/rotations/<uuid:pk>/resume/", keys.resume, name="rotation-resume"),
    path("packages/", packages.PackageList.as_view(), name="packages"),
    path("packages/new/", packages.PackageCreate.as_view(), name="package-create"),
    path("packages/<uuid:pk>/", packages.PackageDetail.as_view(), name="package"),
    path("packages/<uuid:pk>/retry/", packages.retry, name="package-retry"),
    path("packages/<uuid:pk>/package.zip", packages.download, name="package-download"),
    path("<uuid:pk>/", views.CheckDetail.as_view(), name="check"),
]
