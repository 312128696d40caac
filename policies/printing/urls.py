"""Addresses of what is printed."""

from django.urls import path

from policies.printing import views

urlpatterns = [
    path("versions/<uuid:pk>/print/", views.make_pdf, name="version-pdf-make"),
    path("versions/<uuid:pk>/policy.pdf", views.pdf, name="version-pdf"),
]
