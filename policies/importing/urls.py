"""The address of bringing in."""

from django.urls import path

from policies.importing import views

urlpatterns = [path("import/", views.Import.as_view(), name="import")]
