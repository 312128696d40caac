"""Addresses of tasks, below those of incidents."""

from django.urls import path

from incidents.todo import views

urlpatterns = [
    path("<uuid:pk>/tasks/add/", views.TaskAdd.as_view(), name="task-add"),
    path("<uuid:pk>/tasks/<uuid:task>/edit/", views.TaskEdit.as_view(), name="task-edit"),
    path("<uuid:pk>/tasks/<uuid:task>/finish/", views.TaskFinish.as_view(), name="task-finish"),
    path("<uuid:pk>/tasks/<uuid:task>/cancel/", views.TaskCancel.as_view(), name="task-cancel"),
    path("<uuid:pk>/tasks/<uuid:task>/reopen/", views.TaskReopen.as_view(), name="task-reopen"),
]
