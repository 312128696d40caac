"""Contacts of vendors who asked to be erased."""

import re
from collections.abc import Iterator

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from vendors.models import Vendor
from workflow.personal import Subject, as_a_whole


def erase_contacts(subject: Subject, _pseudonym: str, actor: Actor) -> Iterator[str]:
    """Take every line out that has one of their addresses. The lines are sealed, so each vendor's are looked at."""
    pattern, count = re.compile("|".join(as_a_whole(email) for email in sorted(subject.emails)) or "$^"), 0
    for vendor in Vendor.objects.select_for_update(of=("self",)).exclude(contacts="").order_by("pk"):
        left = [line for line in vendor.contacts if not pattern.search(line)]
        if left != vendor.contacts:
            _keep(vendor, left, actor)
            count += 1
    if count:
        yield "They are no contact of a vendor any more." if count == 1 else f"They are no contact of {count:,} vendors any more."


@action
def _keep(vendor: Vendor, contacts: list[str], actor: Actor) -> None:
    vendor.contacts = contacts
    vendor.save(update_fields=["contacts"])
    record("vendor.forget_contact", vendor, actor=actor)
