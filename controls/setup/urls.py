"""Addresses of the first hour."""

from django.urls import path

from controls.setup import views

urlpatterns = [
    path("", views.Questions.as_view(), name="setup-questions"),
    path("keep/", views.keep, name="setup-keep"),
    path("audit/", views.Scope.as_view(), name="setup-scope"),
    path("controls/", views.Controls.as_view(), name="setup-controls"),
    path("done/", views.Done.as_view(), name="setup-done"),
]
