"""Reset somebody's second factor where two administrators cannot."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import reset_factor_as_operator
from accounts.models import User
from ui.refusals import ActionRefused


class Command(BaseCommand):
    """`reset_factor EMAIL --reason "..."`."""

    help = (
        "Forget somebody's second factors, so that they set up a new authenticator at their next sign-in. For an organization"
        " with fewer than two administrators to ask and confirm it, and for people who belong to several organizations."
        " Make sure who asks: it is recorded, and they and all administrators are told by mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and why."""
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="why, and how you made sure who asks")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset it."""
        user = User.objects.with_email(options["email"])
        if user is None:
            raise CommandError("Nobody who signs in to an organization has this e-mail.")
        try:
            reset_factor_as_operator(user, reason=options["reason"])
        except ActionRefused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"The second factor of {user.email} was reset. They and all administrators are told by mail.")
