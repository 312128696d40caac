"""The address of the starters."""

from django.urls import path

from policies.library import views

urlpatterns = [path("starters/", views.Starters.as_view(), name="starters")]
