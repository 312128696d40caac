"""Addresses of occurrences."""

from django.urls import path

from controls.occurrences import heatmap, listing, several, views

urlpatterns = [
    path("", listing.OccurrenceList.as_view(), name="occurrence-list"),
    path("months/", heatmap.HeatMap.as_view(), name="heatmap"),
    path("of/<uuid:pk>/change/", views.ConfigurationChange.as_view(), name="configuration-change"),
    path("of/<uuid:pk>/several/", several.OccurrenceSeveral.as_view(), name="occurrence-several"),
    path("<uuid:pk>/", views.OccurrencePage.as_view(), name="occurrence-detail"),
    path("<uuid:pk>/evidence/", views.OccurrenceSupply.as_view(), name="occurrence-supply"),
    path("<uuid:pk>/nothing/", views.OccurrenceNothing.as_view(), name="occurrence-nothing"),
    path("<uuid:pk>/not-applicable/", views.OccurrenceExcuse.as_view(), name="occurrence-excuse"),
    path("<uuid:pk>/reopen/", views.OccurrenceReopen.as_view(), name="occurrence-reopen"),
    path("<uuid:pk>/files/<uuid:evidence>/", views.file, name="occurrence-file"),
]
