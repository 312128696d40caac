"""Addresses of the roadmap."""

from django.urls import path

from controls.roadmap import listing, views

urlpatterns = [
    path("", listing.RoadmapPage.as_view(), name="roadmap"),
    path("from/<uuid:pk>/", views.make, name="roadmap-make"),
    path("<uuid:pk>/add/", views.TaskCreate.as_view(), name="roadmap-add"),
    path("tasks/<uuid:pk>/", views.TaskDetail.as_view(), name="roadmap-task"),
    path("tasks/<uuid:pk>/edit/", views.TaskEdit.as_view(), name="roadmap-task-edit"),
    path("tasks/<uuid:pk>/drop/", views.TaskDrop.as_view(), name="roadmap-task-drop"),
    path("tasks/<uuid:pk>/done/", views.done, name="roadmap-task-done"),
    path("tasks/<uuid:pk>/reopen/", views.reopen, name="roadmap-task-reopen"),
]
