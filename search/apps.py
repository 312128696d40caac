"""Search."""

from django.apps import AppConfig

from ui.navigation import register_place, registry


class SearchConfig(AppConfig):
    """Search."""

    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        """A place in the rail, and the field in the header."""
        register_place("home", "Search", "search:everything", "home.read", order=5)
        registry.header.search_url = "search:everything"
