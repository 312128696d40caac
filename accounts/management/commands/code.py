"""The current code of somebody in the example. Real people have their own authenticator."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Member, TotpDevice
from accounts.models.factor import STEP_SECONDS


class Command(BaseCommand):
    """`code EMAIL`."""

    help = "Print the current authenticator code of a user of the example organizations."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose code."""
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the code that works next; the one just used does not work twice."""
        memberships = Member.objects.filter(user__email__iexact=options["email"])
        outside = memberships.filter(organization__is_example=False)
        if not settings.PLUMBLINE_EXAMPLE or not memberships.exists() or outside.exists():
            raise CommandError("Codes are printed for people of the example only.")
        device = TotpDevice.objects.filter(user__email__iexact=options["email"], confirmed=True).first()
        if device is None:
            raise CommandError("This person has no authenticator yet: sign in to set one up.")
        step = max(int(time.time()) // STEP_SECONDS, device.last_t + 1)
        self.stdout.write(device.code_at(step * STEP_SECONDS))
