"""Addresses of links, below those of incidents."""

from django.urls import path

from incidents.links import views

urlpatterns = [
    path("<uuid:pk>/links/add/", views.LinkAdd.as_view(), name="link-add"),
    path("links/<uuid:pk>/remove/", views.LinkRemove.as_view(), name="link-remove"),
    path("<uuid:pk>/finding/", views.FindingRaise.as_view(), name="finding-raise"),
]
