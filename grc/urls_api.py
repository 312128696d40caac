"""The API's addresses, below /api/. Which organization is meant is said by the token."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from api import views
from inventory.api import PersonApi, SystemApi

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("systems", SystemApi, "systems")
router.register("people", PersonApi, "people")

urlpatterns = [
    path("reference", views.reference, name="api_reference"),
    path("openapi.yaml", views.schema_file, name="api_schema"),
    *router.urls,
]
