"""Addresses of sources of changes."""

from django.urls import path

from changes.sources import asking, listing, transfer, views

urlpatterns = [
    path("", listing.SourceList.as_view(), name="source-list"),
    path("new/", views.SourceCreate.as_view(), name="source-create"),
    path("<uuid:pk>/", views.SourceDetail.as_view(), name="source-detail"),
    path("<uuid:pk>/edit/", views.SourceEdit.as_view(), name="source-edit"),
    path("<uuid:pk>/secret/", views.SourceSecret.as_view(), name="source-secret"),
    path("<uuid:pk>/retire/", views.SourceRetire.as_view(), name="source-retire"),
    path("<uuid:pk>/restore/", views.restore, name="source-restore"),
    path("<uuid:pk>/deliveries/", listing.DeliveryList.as_view(), name="source-deliveries"),
    path("<uuid:pk>/import/", transfer.SourceImport.as_view(), name="source-import"),
    path("asked-for/<uuid:pk>/", asking.ChangeAsker.as_view(), name="asker"),
    path("import/<uuid:pk>/", transfer.SourcePreview.as_view(), name="source-preview"),
]
