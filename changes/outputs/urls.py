"""Addresses of a change on paper, below /o/<slug>/changes/."""

from django.urls import path

from changes.outputs import views

urlpatterns = [
    path("<uuid:pk>/pdf/", views.make_pdf, name="pdf-make"),
    path("<uuid:pk>/change.pdf", views.pdf, name="pdf"),
]
