"""The trail's addresses, below audit/."""

from django.urls import path

from audit.access import AccessLog
from audit.views import EventDetail, EventList

app_name = "audit"
urlpatterns = [
    path("", EventList.as_view(), name="list"),
    path("access/", AccessLog.as_view(), name="access"),
    path("<uuid:pk>/", EventDetail.as_view(), name="detail"),
]
