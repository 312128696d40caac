"""Addresses of what is reported, and of the lists."""

from django.urls import path

from incidents.reporting import incident_listing, listing, settings_views, views

urlpatterns = [
    path("", incident_listing.IncidentList.as_view(), name="list"),
    path("new/", views.IncidentCreate.as_view(), name="create"),
    path("report/", views.Report.as_view(), name="report"),
    path("settings/", settings_views.SettingsScreen.as_view(), name="settings"),
    path("events/", listing.EventList.as_view(), name="event-list"),
    path("events/<uuid:pk>/", views.EventDetail.as_view(), name="event-detail"),
    path("events/<uuid:pk>/rule-out/", views.EventRuleOut.as_view(), name="event-rule-out"),
    path("events/<uuid:pk>/join/", views.EventJoin.as_view(), name="event-join"),
    path("events/<uuid:pk>/open/", views.EventOpen.as_view(), name="event-open"),
    path("events/<uuid:pk>/again/", views.EventAgain.as_view(), name="event-again"),
]
