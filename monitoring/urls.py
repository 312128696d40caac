"""Addresses of monitoring, below /o/<slug>/monitoring/."""

from django.urls import URLPattern, URLResolver, path

from monitoring.defining import listing, views
from monitoring.planning import views as planning

app_name = "monitoring"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.CheckList.as_view(), name="list"),
    path("new/", views.CheckKinds.as_view(), name="kinds"),
    path("new/check/", views.CheckCreate.as_view(), name="create"),
    path("maintenance/", planning.MaintenanceList.as_view(), name="maintenance-list"),
    path("maintenance/new/", planning.MaintenanceCreate.as_view(), name="maintenance-create"),
    path("maintenance/<uuid:pk>/", planning.MaintenanceDetail.as_view(), name="maintenance-detail"),
    path("maintenance/<uuid:pk>/edit/", planning.MaintenanceEdit.as_view(), name="maintenance-edit"),
    path("maintenance/<uuid:pk>/cancel/", planning.MaintenanceCancel.as_view(), name="maintenance-cancel"),
    path("<uuid:pk>/", views.CheckDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", views.CheckEdit.as_view(), name="edit"),
    path("<uuid:pk>/pause/", views.CheckPause.as_view(), name="pause"),
    path("<uuid:pk>/resume/", views.resume, name="resume"),
    path("<uuid:pk>/retire/", views.CheckRetire.as_view(), name="retire"),
    path("<uuid:pk>/restore/", views.restore, name="restore"),
    path("<uuid:pk>/try/", views.try_now, name="try"),
    path("<uuid:pk>/address/", views.new_address, name="address"),
]
