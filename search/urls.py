"""Addresses of search, at /o/<slug>/search/."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [path("", views.Everything.as_view(), name="everything")]
