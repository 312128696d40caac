"""The part of everything that privacy holds: data and its retention, a deletion, a customer who left, notices, requests."""

from accounts.models import Member
from audit.actors import System as Product
from audit.masking import mask_people
from inventory.models import Person
from privacy.retention.deleting import delete_due
from privacy.retention.holding import place_hold
from tests.privacy.making import a_case, a_class, a_consent, a_dataset, a_request, a_schedule, a_version, old_mail


def make_privacy(manager: Member, word: str) -> None:
    """Fill privacy; call within the organization's scope."""
    address = f"{word}@{manager.organization.slug}.example".lower()
    schedule = a_schedule(manager, name=word)
    a_dataset(manager, a_class(manager, word), word, schedule=schedule)
    old_mail(to=address)
    delete_due(schedule, actor=Product("test"))
    place_hold(actor=manager, matter=word, reason=word, kinds=["jobs"], about=address)
    a_case(manager, word)
    a_consent(manager, a_version(manager, word), address, name=word)
    a_request(manager, email=address, name=word, owner=Person.objects.get(member=manager))
    mask_people([manager.organization.pk], word)
