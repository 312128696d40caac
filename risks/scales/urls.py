"""Addresses of the scale, below risks/scale/."""

from django.urls import path

from risks.scales import views

urlpatterns = [
    path("", views.ScalePage.as_view(), name="scale"),
    path("edit/", views.ScaleEdit.as_view(), name="scale-edit"),
]
