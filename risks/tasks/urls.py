"""Addresses of tasks of risks."""

from django.urls import path

from risks.tasks import views

urlpatterns = [
    path("<uuid:pk>/tasks/add/", views.TaskAdd.as_view(), name="task-add"),
    path("tasks/<uuid:pk>/edit/", views.TaskEdit.as_view(), name="task-edit"),
    path("tasks/<uuid:pk>/done/", views.TaskFinish.as_view(), name="task-finish"),
    path("tasks/<uuid:pk>/cancel/", views.TaskCancel.as_view(), name="task-cancel"),
    path("tasks/<uuid:pk>/reopen/", views.TaskReopen.as_view(), name="task-reopen"),
]
