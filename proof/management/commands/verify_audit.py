"""Check the trail of every organization, or of one, from the command line."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from proof.trail.keeping import ITSELF, keep_check, sentence
from proof.trail.tasks import seal_and_check
from tenancy.models import Organization
from tenancy.scope import tenant


class Command(BaseCommand):
    """`verify_audit [SLUG]`: status 1 when a trail is broken, 3 when one could not be evaluated."""

    help = "Check the audit trail against its signed tree, its heads and its witnesses."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and whether the outcome is kept."""
        parser.add_argument("organization", nargs="?", help="its short name; all of them, if left out")
        parser.add_argument("--dry", action="store_true", help="only tell: keep no record and no evidence")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check each."""
        found = Organization.objects.order_by("slug")
        if slug := options["organization"]:
            found = found.filter(slug=slug)
            if not found:
                raise CommandError(f"There is no organization {slug}.")
        worst = max((self._check(one, keep=not options["dry"]) for one in found), default=0)
        if worst:
            sys.exit(1 if worst == 2 else 3)

    def _check(self, organization: Organization, *, keep: bool) -> int:
        verdict = seal_and_check(organization, lambda _done, _total: None)
        self.stdout.write(f"{organization.slug}: {sentence(verdict)}")
        for fault in verdict.faults:
            where = f"event {fault.event} at {fault.position}" if fault.event else f"head {fault.head}"
            self.stdout.write(f"  {fault.kind}: {where}. {fault.words}")
        for note in (*verdict.notes, *verdict.unasked):
            self.stdout.write(f"  {note}")
        if keep:
            with tenant(organization):
                keep_check(verdict, actor=ITSELF)
        return {"intact": 0, "not_evaluable": 1, "broken": 2}[verdict.state]
