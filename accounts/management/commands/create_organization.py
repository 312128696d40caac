"""Found an organization and invite who begins it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from accounts.actions import create_organization, invite_member
from audit.actors import System
from tenancy.scope import tenant


class Command(BaseCommand):
    """`create_organization "Acme" --slug acme --zone Europe/Berlin --admin-email jo@acme.example`."""

    help = "Found an organization and print the invitation of who begins it, as administrator and compliance manager."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, short name, zone, administrator."""
        parser.add_argument("name")
        parser.add_argument("--slug", default="", help="short name in addresses; made from the name if left out")
        parser.add_argument("--zone", default="UTC", help="IANA time zone, such as Europe/Berlin")
        parser.add_argument("--admin-email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Found, invite, print."""
        actor = System("set-up")
        slug = options["slug"] or slugify(options["name"])
        try:
            with transaction.atomic():
                organization = create_organization(name=options["name"], slug=slug, zone=options["zone"], actor=actor)
                with tenant(organization):
                    _, link = invite_member(
                        email=options["admin_email"], roles=["administrator", "compliance_manager"], actor=actor
                    )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{organization.name} was founded. Its administrator and compliance manager joins within 7 days at\n{link}"
        )
