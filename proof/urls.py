"""Addresses of proof, at /o/<slug>/proof/."""

from django.urls import path

from proof.trail import views

app_name = "proof"
urlpatterns = [
    path("", views.Seal.as_view(), name="seal"),
    path("check/", views.check, name="check-now"),
    path("<uuid:pk>/", views.CheckDetail.as_view(), name="check"),
]
