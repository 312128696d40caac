"""Addresses of vulnerabilities."""

from django.urls import path

from vulnerabilities.handling import kept_views, listing, settings_screen, views

urlpatterns = [
    path("", listing.VulnerabilityList.as_view(), name="list"),
    path("settings/", settings_screen.SettingsEdit.as_view(), name="settings"),
    path("views/keep/", kept_views.ViewKeep.as_view(), name="view-keep"),
    path("views/<uuid:pk>/forget/", kept_views.forget, name="view-forget"),
    path("<uuid:pk>/", views.VulnerabilityDetail.as_view(), name="detail"),
    path("<uuid:pk>/hand-on/", views.VulnerabilityHandOn.as_view(), name="hand-on"),
    path("<uuid:pk>/severity/", views.VulnerabilityRate.as_view(), name="rate"),
    path("<uuid:pk>/accept/", views.VulnerabilityAccept.as_view(), name="accept"),
    path("<uuid:pk>/end-acceptance/", views.VulnerabilityLapse.as_view(), name="lapse"),
    path("<uuid:pk>/hand-in/", views.VulnerabilityHandIn.as_view(), name="hand-in"),
    path("<uuid:pk>/retest/", views.VulnerabilityRetest.as_view(), name="retest"),
    path("<uuid:pk>/reopen/", views.VulnerabilityReopen.as_view(), name="reopen"),
    path("<uuid:pk>/finding/", views.VulnerabilityFinding.as_view(), name="finding"),
]
