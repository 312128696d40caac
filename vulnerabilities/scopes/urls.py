"""Addresses of scopes."""

from django.urls import path

from vulnerabilities.endpoints import views as endpoints
from vulnerabilities.scanning import transfer
from vulnerabilities.scopes import endpoints_list, listing, views

urlpatterns = [
    path("", listing.ScopeList.as_view(), name="scope-list"),
    path("new/", views.ScopeCreate.as_view(), name="scope-create"),
    path("endpoints/", endpoints_list.EndpointList.as_view(), name="endpoint-list"),
    path("endpoints/new/", views.EndpointCreate.as_view(), name="endpoint-create"),
    path("<uuid:pk>/", views.ScopeDetail.as_view(), name="scope-detail"),
    path("<uuid:pk>/edit/", views.ScopeEdit.as_view(), name="scope-edit"),
    path("<uuid:pk>/retire/", views.ScopeRetire.as_view(), name="scope-retire"),
    path("<uuid:pk>/restore/", views.restore, name="scope-restore"),
    path("<uuid:pk>/check/", endpoints.check, name="endpoint-check"),
    path("<uuid:pk>/import/", transfer.ScanImport.as_view(), name="scope-import"),
]
