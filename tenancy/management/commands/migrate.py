"""Django's migrate, as the owner of the tables, followed by the grants of the application's role."""

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connection

from tenancy.owner import as_owner, grant_application_role
from tenancy.rendering import rendering_little


class Command(DjangoMigrate):
    """Migrate with DATABASE_OWNER_URL."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Run the migrations, then grant."""
        if settings.DATABASE_OWNER is None:
            return super().handle(*args, **options)
        role = connection.settings_dict["USER"]
        with as_owner(), rendering_little():
            result = super().handle(*args, **options)
            grant_application_role(role)
        return result
