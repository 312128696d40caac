"""Make the example organizations, once; `--describe` says how to sign in, `--follow` has them know where this one is reached."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from example import brightmoor, larkfield
from example.cast import LARKFIELD, PASSWORD, Seat
from example.importing import SetUpFailed
from example.living import follow_address
from tenancy.models import Organization
from tenancy.scope import now, tenant

Make = Callable[[Callable[[str], None]], Organization]
_EXAMPLES: Sequence[tuple[str, str, Make, tuple[Seat, ...]]] = (
    (larkfield.SLUG, larkfield.NAME, larkfield.make, LARKFIELD),
    (brightmoor.SLUG, brightmoor.NAME, brightmoor.make, brightmoor.CAST),
)


class Command(BaseCommand):
    """`example`, `example --follow`, `example --describe`.

    An organization is made in one transaction: it is there as a whole, or not at all.
    """

    help = "Make the example organizations unless they are there. With --describe, print how to sign in to them."

    def add_arguments(self, parser: CommandParser) -> None:
        """Make, or follow and describe."""
        parser.add_argument(
            "--follow", action="store_true", help="have the check of this installation look at its address of now"
        )
        parser.add_argument("--describe", action="store_true", help="print addresses, people, roles and the password")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refused where the example was not asked for: its password is public. One that is there follows all the same."""
        if options["follow"]:
            self._follow()
            if not options["describe"]:
                return
        if not settings.PLUMBLINE_EXAMPLE:
            raise CommandError("The example has a password that everybody knows. Set PLUMBLINE_EXAMPLE=1 if you want it here.")
        if options["describe"]:
            self._describe()
            return
        for slug, name, make, _ in _EXAMPLES:
            self._make(slug, name, make)

    def _make(self, slug: str, name: str, make: Make) -> None:
        if existing := Organization.objects.filter(slug__iexact=slug).first():
            if not existing.is_example:
                raise CommandError(f"An organization of your own uses the address /o/{slug}/. Start with --no-example.")
            self.stdout.write(f"{name} is there already.")
            return
        try:
            with transaction.atomic():
                make(lambda what: self.stdout.write(f"{name}: {what}"))
        except SetUpFailed as failure:
            raise CommandError(f"{name} could not be made, and nothing of it was kept. {failure}") from failure
        self.stdout.write(f"{name} is ready.")

    def _follow(self) -> None:
        for organization in Organization.objects.filter(is_example=True):
            with tenant(organization):
                follow_address(organization, now())

    def _describe(self) -> None:
        found = set(Organization.objects.filter(is_example=True).values_list("slug", flat=True))
        if not found:
            self.stdout.write("There is no example in this database.")
            return
        self.stdout.write(f"Sign in at {settings.PLUMBLINE_BASE_URL}/sign-in/ with the password  {PASSWORD}")
        self.stdout.write("and the code that  bin/run code EMAIL  prints; a code works once, the next one 30 seconds later.")
        for slug, name, _, seats in _EXAMPLES:
            if slug in found:
                self.stdout.write(f"\n{name}: {settings.PLUMBLINE_BASE_URL}/o/{slug}/")
                self.stdout.write("\n".join(_lines(seats)))


def _lines(seats: Iterable[Seat]) -> list[str]:
    width = max(len(seat.email) for seat in seats)
    return [f"  {seat.email:<{width}}  {seat.does}" for seat in seats]
