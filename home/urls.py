"""Addresses of home, at /o/<slug>/."""

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [
    path("", views.Work.as_view(), name="work"),
    path("count/", views.count, name="count"),
    path("organization/", views.OrganizationEdit.as_view(), name="organization"),
]
