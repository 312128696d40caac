"""Replace data keys, or wrap them by the present master key: for every organization and for the installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from keys.store import ITSELF
from proof.keys.actions import resume_rotation, start_rotation
from proof.keys.places import EARLY, counts
from proof.keys.tasks import go_on
from proof.models import KeyRotation
from tenancy.models import Organization
from tenancy.scope import tenant
from ui.refusals import ActionRefused


class Command(BaseCommand):
    """`rotate_keys [--master] [SLUG]`: goes on with what was begun, so it can be given again after it was ended."""

    help = "Replace data keys and seal every value anew; with --master, wrap the data keys by the present master key instead."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and on which level."""
        parser.add_argument("organization", nargs="?", help="its short name, or installation; all of them, if left out")
        parser.add_argument("--master", action="store_true", help="wrap the data keys by the present master key")

    def handle(self, *args: Any, **options: Any) -> None:
        """One after the other."""
        found = Organization.objects.order_by("slug")
        if slug := options["organization"]:
            found = found.filter(slug=slug)
            if not found:
                raise CommandError(f"There is no organization {slug}.")
        for organization in found:
            self.stdout.write(f"{organization.slug}: {self._rotate(organization, master=options['master'])}")

    def _rotate(self, organization: Organization, *, master: bool) -> str:
        try:
            with tenant(organization):
                rotation = _begun() or start_rotation(actor=ITSELF, level="master" if master else "data")
        except ActionRefused as refusal:
            return refusal.sentence
        go_on(organization, str(rotation.pk))
        with tenant(organization):
            rotation, early = rotation.refreshed(), counts().get(EARLY, 0)
        waits = (
            f"; {early} of earlier versions still need the former master key: rotate the data keys too"
            if early and master
            else ""
        )
        unopened = f"; {rotation.unreadable} did not open and were left" if rotation.unreadable else ""
        return f"{rotation.get_status_display().lower()}, {rotation.done} of {rotation.total} done{unopened}{waits}."


def _begun() -> KeyRotation | None:
    rotation = KeyRotation.objects.exclude(status=KeyRotation.Status.FINISHED).first()
    if rotation is not None and rotation.status == KeyRotation.Status.STOPPED:
        resume_rotation(rotation, actor=ITSELF)
    return rotation
