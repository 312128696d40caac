"""Destroy the keys of an organization for one purpose: what they sealed cannot be read any more, by anybody."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from keys.models import Purpose
from keys.store import ITSELF
from proof.keys.actions import destroy_keys
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.refusals import ActionRefused


class Command(BaseCommand):
    """`destroy_keys SLUG PURPOSE --reason WHY --confirm SLUG`: nobody can take it back."""

    help = "Destroy an organization's data keys for one purpose, for good. Its trail stays, and still verifies."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, for what, why, and that it is meant."""
        parser.add_argument("organization", help="its short name")
        parser.add_argument("purpose", choices=Purpose.values)
        parser.add_argument("--reason", required=True, help="why; it stands in the trail")
        parser.add_argument("--confirm", default="", help="the short name once more")

    def handle(self, *args: Any, **options: Any) -> None:
        """Destroy them."""
        slug = options["organization"]
        found = Organization.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no organization {slug}.")
        if options["confirm"] != slug:
            raise CommandError(f"Nobody can take this back. If it is meant, add --confirm {slug}.")
        try:
            with tenant(found):
                count = destroy_keys(Purpose(options["purpose"]), actor=ITSELF, reason=options["reason"])
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{slug}: {count} keys were destroyed. Destroy the backups that hold them too.")
