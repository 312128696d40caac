"""Addresses of one incident."""

from django.urls import path

from incidents.lifecycle import acts, views

urlpatterns = [
    path("<uuid:pk>/", views.IncidentDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", acts.IncidentEdit.as_view(), name="edit"),
    path("<uuid:pk>/acknowledge/", acts.acknowledge, name="acknowledge"),
    path("<uuid:pk>/investigate/", acts.investigate, name="investigate"),
    path("<uuid:pk>/contain/", acts.IncidentContain.as_view(), name="contain"),
    path("<uuid:pk>/resolve/", acts.IncidentResolve.as_view(), name="resolve"),
    path("<uuid:pk>/close/", acts.IncidentClose.as_view(), name="close"),
    path("<uuid:pk>/dismiss/", acts.IncidentDismiss.as_view(), name="dismiss"),
    path("<uuid:pk>/reopen/", acts.IncidentReopen.as_view(), name="reopen"),
    path("<uuid:pk>/severity/", acts.IncidentSeverity.as_view(), name="severity"),
    path("<uuid:pk>/people/", acts.IncidentPeople.as_view(), name="people"),
    path("<uuid:pk>/times/", acts.IncidentTimes.as_view(), name="times"),
    path("<uuid:pk>/confide/", acts.IncidentConfide.as_view(), name="confide"),
    path("<uuid:pk>/disclose/", acts.IncidentDisclose.as_view(), name="disclose"),
]
