"""The address of measures, below those of incidents."""

from django.urls import path

from incidents.measures import views

urlpatterns = [path("measures/", views.MeasuresPage.as_view(), name="measures")]
