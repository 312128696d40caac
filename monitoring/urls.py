"""Addresses of monitoring, below /o/<slug>/monitoring/."""

from django.urls import URLPattern, URLResolver, path

from monitoring.defining import listing, views
from monitoring.load import views as load
from monitoring.planning import views as planning
from monitoring.recovery import views as recovery
from monitoring.uptime import pages

app_name = "monitoring"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", listing.CheckList.as_view(), name="list"),
    path("new/", views.CheckKinds.as_view(), name="kinds"),
    path("new/check/", views.CheckCreate.as_view(), name="create"),
    path("new/try/", views.try_new, name="try-new"),
    path("maintenance/", planning.MaintenanceList.as_view(), name="maintenance-list"),
    path("maintenance/new/", planning.MaintenanceCreate.as_view(), name="maintenance-create"),
    path("maintenance/<uuid:pk>/", planning.MaintenanceDetail.as_view(), name="maintenance-detail"),
    path("maintenance/<uuid:pk>/edit/", planning.MaintenanceEdit.as_view(), name="maintenance-edit"),
    path("maintenance/<uuid:pk>/cancel/", planning.MaintenanceCancel.as_view(), name="maintenance-cancel"),
    path("uptime/", pages.Uptime.as_view(), name="uptime"),
    path("recovery/", recovery.RecoveryList.as_view(), name="recovery-list"),
    path("recovery/new/", recovery.RecoveryCreate.as_view(), name="recovery-create"),
    path("recovery/<uuid:pk>/", recovery.RecoveryDetail.as_view(), name="recovery-detail"),
    path("capacity/", recovery.CapacityList.as_view(), name="capacity-list"),
    path("capacity/new/", recovery.CapacityCreate.as_view(), name="capacity-create"),
    path("capacity/<uuid:pk>/", recovery.CapacityDetail.as_view(), name="capacity-detail"),
    path("load/", load.LoadList.as_view(), name="load-list"),
    path("load/new/", load.LoadCreate.as_view(), name="load-create"),
    path("load/<uuid:pk>/", load.LoadDetail.as_view(), name="load-detail"),
    path("<uuid:pk>/", views.CheckDetail.as_view(), name="detail"),
    path("<uuid:pk>/edit/", views.CheckEdit.as_view(), name="edit"),
    path("<uuid:pk>/pause/", views.CheckPause.as_view(), name="pause"),
    path("<uuid:pk>/resume/", views.resume, name="resume"),
    path("<uuid:pk>/retire/", views.CheckRetire.as_view(), name="retire"),
    path("<uuid:pk>/restore/", views.restore, name="restore"),
    path("<uuid:pk>/try/", views.try_now, name="try"),
    path("<uuid:pk>/address/", views.new_address, name="address"),
]
