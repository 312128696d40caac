"""Addresses of gap analyses."""

from django.urls import path

from controls.gaps import listing, views

urlpatterns = [
    path("", listing.GapList.as_view(), name="gap-list"),
    path("new/", views.GapCreate.as_view(), name="gap-create"),
    path("<uuid:pk>/", views.GapDetail.as_view(), name="gap-detail"),
    path("<uuid:pk>/analysis.json", views.data, name="gap-json"),
    path("<uuid:pk>/analysis.pdf", views.pdf, name="gap-pdf"),
]
