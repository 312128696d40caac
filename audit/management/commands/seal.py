"""Seal every trail now, as before a dump: transaction ids do not outlive a restore."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from audit.seal.keys import NoSealKey
from audit.seal.rounds import seal_and_tell
from tenancy.models import Organization


class Command(BaseCommand):
    """`seal`: status 1 when a trail could not be sealed or a witness not be told."""

    help = "Seal the audit trail of every organization, and tell its witnesses."

    def handle(self, *args: Any, **options: Any) -> None:
        """One after the other."""
        troubles = [trouble for organization in Organization.objects.order_by("slug") for trouble in self._seal(organization)]
        for trouble in troubles:
            self.stderr.write(trouble)
        if troubles:
            sys.exit(1)

    def _seal(self, organization: Organization) -> list[str]:
        try:
            sealed, troubles = seal_and_tell(organization, sweep=True)
        except NoSealKey as error:
            return [f"{organization.slug}: {error}"]
        size = sealed.head.size if sealed.head else 0
        self.stdout.write(f"{organization.slug}: {sealed.events:,} events sealed, {size:,} in all")
        return [f"{organization.slug}: {trouble}" for trouble in troubles]
