"""Addresses of the timeline, below those of incidents."""

from django.urls import path

from incidents.timeline import views

urlpatterns = [
    path("<uuid:pk>/timeline/", views.timeline, name="timeline"),
    path("<uuid:pk>/timeline/write/", views.EntryAdd.as_view(), name="entry-add"),
    path("lines/<uuid:pk>/correct/", views.EntryCorrect.as_view(), name="entry-correct"),
    path("lines/<uuid:pk>/file/", views.file, name="entry-file"),
    path("lines/<uuid:pk>/picture/", views.picture, name="entry-picture"),
]
