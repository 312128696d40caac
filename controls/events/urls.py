"""Addresses of control events and alerts."""

from django.urls import path

from controls.events import listing, views

urlpatterns = [
    path("", listing.EventList.as_view(), name="event-list"),
    path("totals/", views.EventTotals.as_view(), name="event-totals"),
    path("archive/", views.EventArchive.as_view(), name="event-archive"),
    path("schemas/", views.EventSchemas.as_view(), name="event-schemas"),
    path("<uuid:pk>/", views.EventDetail.as_view(), name="event-detail"),
    path("alerts/", listing.AlertList.as_view(), name="alert-list"),
    path("alerts/<uuid:pk>/", views.AlertDetail.as_view(), name="alert-detail"),
    path("alerts/<uuid:pk>/look/", views.AlertLook.as_view(), name="alert-look"),
    path("rules/", listing.RuleList.as_view(), name="rule-list"),
    path("rules/new/", views.RuleCreate.as_view(), name="rule-create"),
    path("rules/<uuid:pk>/", views.RuleDetail.as_view(), name="rule-detail"),
    path("rules/<uuid:pk>/edit/", views.RuleEdit.as_view(), name="rule-edit"),
    path("rules/<uuid:pk>/off/", views.RuleTurnOff.as_view(), name="rule-off"),
    path("rules/<uuid:pk>/on/", views.RuleTurnOn.as_view(), name="rule-on"),
]
