"""Addresses of evidence."""

from django.urls import path

from evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.EvidenceList.as_view(), name="list"),
    path("<uuid:pk>/", views.EvidenceDetail.as_view(), name="detail"),
    path("files/<uuid:pk>/", views.file, name="file"),
]
