"""Addresses of the populations for testing."""

from django.urls import path

from evidence.populations import views
from evidence.sampling import views as sampling

urlpatterns = [
    path("", views.PopulationList.as_view(), name="population-list"),
    path("freeze/", views.PopulationFreeze.as_view(), name="population-freeze"),
    path("<uuid:pk>/", views.PopulationDetail.as_view(), name="population-detail"),
    path("<uuid:pk>/file/", views.file, name="population-file"),
    path("<uuid:pk>/draw/", sampling.SampleDraw.as_view(), name="population-draw"),
    path("<uuid:pk>/choose/", sampling.SampleChoose.as_view(), name="population-choose"),
    path("samples/<uuid:pk>/", sampling.SampleDetail.as_view(), name="sample-detail"),
]
