"""Addresses of processing, below /o/<slug>/processing/."""

from django.urls import URLPattern, URLResolver, path

from processing.records import listing as records
from processing.records import views as record_views
from processing.schemas import listing, views

app_name = "processing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", record_views.FiguresPage.as_view(), name="figures"),
    path("records/", records.RecordList.as_view(), name="record-list"),
    path("records/<uuid:pk>/", record_views.RecordDetail.as_view(), name="record-detail"),
    path("schemas/", listing.SchemaList.as_view(), name="schema-list"),
    path("schemas/new/", views.SchemaCreate.as_view(), name="schema-create"),
    path("schemas/starters/", views.add_starters, name="schema-starters"),
    path("schemas/<uuid:pk>/", views.SchemaDetail.as_view(), name="schema-detail"),
    path("schemas/<uuid:pk>/edit/", views.SchemaEdit.as_view(), name="schema-edit"),
    path("schemas/<uuid:pk>/write/", views.VersionWrite.as_view(), name="schema-write"),
    path("schemas/<uuid:pk>/retire/", views.SchemaRetire.as_view(), name="schema-retire"),
    path("schemas/<uuid:pk>/restore/", views.SchemaRestore.as_view(), name="schema-restore"),
    path("versions/<uuid:pk>/", views.VersionDetail.as_view(), name="version-detail"),
    path("versions/<uuid:pk>/activate/", views.activate, name="version-activate"),
    path("versions/<uuid:pk>/try/", views.VersionTry.as_view(), name="version-try"),
]
