"""Addresses of the timeline, below those of incidents."""

from django.urls import path

from incidents.timeline import views

urlpatterns = [
    path("<uuid:pk>/timeline/", views.timeline, name="timeline"),
    path("<uuid:pk>/timeline/write/", views.EntryAdd.as_view(), name="entry-add"),
    path("<uuid:pk>/timeline/<uuid:entry>/correct/", views.EntryCorrect.as_view(), name="entry-correct"),
    path("<uuid:pk>/timeline/<uuid:entry>/file/", views.file, name="entry-file"),
    path("<uuid:pk>/timeline/<uuid:entry>/picture/", views.picture, name="entry-picture"),
]
