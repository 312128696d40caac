"""Organizations, and the wall between them."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Tenancy: scope, models' base, row-level security."""

    name = "tenancy"
    verbose_name = "Organizations"

    def ready(self) -> None:
        """Refuse to start on a database role that could look past row-level security."""
        from tenancy import checks  # noqa: F401, PLC0415 - registers the checks
