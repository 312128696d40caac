"""Addresses of the register."""

from django.urls import path

from risks.register import kept_views, listing, pages, views

urlpatterns = [
    path("", listing.RiskList.as_view(), name="list"),
    path("new/", views.RiskCreate.as_view(), name="create"),
    path("heat-map/", pages.HeatMap.as_view(), name="heat-map"),
    path("views/keep/", kept_views.ViewKeep.as_view(), name="view-keep"),
    path("views/<uuid:pk>/forget/", kept_views.forget, name="view-forget"),
    path("<uuid:pk>/", views.RiskDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", views.RiskEdit.as_view(), name="edit"),
    path("<uuid:pk>/rate/", views.RiskRate.as_view(), name="rate"),
    path("<uuid:pk>/treat/", views.RiskTreat.as_view(), name="treat"),
    path("<uuid:pk>/accept/", views.RiskAccept.as_view(), name="accept"),
    path("<uuid:pk>/end-acceptance/", views.RiskLapse.as_view(), name="lapse"),
    path("<uuid:pk>/close/", views.RiskClose.as_view(), name="close"),
    path("<uuid:pk>/reopen/", views.RiskReopen.as_view(), name="reopen"),
]
