"""What erasure must not touch under a hold, and what it must not leave."""

import datetime as dt

import pytest

from accounts.actions.invitations import invite_member, revoke_invitation
from accounts.models import Invitation
from audit.masking import shown_body, with_masks
from audit.models import AuditEvent
from audit.views import EventList
from inventory.people.actions import create_person, mark_left
from privacy.models import Consent, SubjectRequest
from privacy.retention.holding import place_hold
from privacy.subjects import actions
from privacy.subjects.erasing import erase
from privacy.subjects.tasks import make_missing_letters
from tenancy.scope import now
from tests.cast import Cast
from tests.privacy.making import a_consent, a_verified, a_version
from tests.reviews.world import grant, snapshot, system
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage


@pytest.mark.parametrize("facts", [{"kinds": ["consents"]}, {"kinds": ["jobs"], "about": "Ada@example.com"}])
def test_a_hold_on_what_an_erasure_touches_keeps_all_of_it(in_acme, manager, facts):
    a_consent(manager, a_version(manager))
    place_hold(actor=manager, matter="M", reason="R", **facts)
    with pytest.raises(ActionRefused, match="legal hold"):
        erase(a_verified(manager, "erasure"), actor=manager)
    assert Consent.objects.get().email == "ada@example.com"


def test_nothing_of_earlier_requests_names_who_was_erased(in_acme, acme, manager):
    earlier = a_verified(manager, name="Olga Ottoson", relation="Olga of Quillback", details="I am Olga")
    task = earlier.tasks.get()
    actions.do_task(task, actor=manager, outcome="Olga is in the CRM")
    actions.answer(earlier, actor=manager, words="Dear Olga")
    erase(a_verified(manager, "erasure"), actor=manager)
    left = [
        getattr(row, field.name)
        for row in (earlier.refreshed(), task.refreshed())
        for field in row._meta.concrete_fields
        if not field.is_relation
    ]
    assert "olga" not in str(left).lower()
    make_missing_letters(acme, now())
    assert SubjectRequest.objects.get(pk=earlier.pk).letter_id is None


def someone_who_left(manager):
    """Ada, with an account of a system, and invitations: one stands, one was deleted long ago."""
    ada = create_person(actor=manager, name="Ada Adams", email="ada@example.com")
    mark_left(ada, actor=manager, left_on=manager.organization.today() - dt.timedelta(days=2))
    snapshot(system(), [grant(ada)])
    administrator = Cast().administrator
    earlier, _ = invite_member(actor=administrator, email="ada@example.com", roles=["employee"])
    revoke_invitation(earlier, actor=administrator)
    Invitation.objects.filter(pk=earlier.pk).delete()
    invite_member(actor=administrator, email="ada@example.com", roles=["employee"])


def found(text):
    return list(EventList().search(with_masks(AuditEvent.objects.all()), text))


def test_nothing_of_the_trail_is_found_by_the_name_they_had(in_acme, manager):
    someone_who_left(manager)
    events = found("ada")
    assert {event.object_kind for event in events} >= {"accounts.invitation", "inventory.account", "inventory.person"}
    erase(a_verified(manager, "erasure"), actor=manager)
    assert found("ada") == []
    bodies = [shown_body(one) for one in with_masks(AuditEvent.objects.filter(pk__in=[one.pk for one in events]))]
    assert not [body for body in bodies if "ada@" in body or "Ada" in body]


def test_mail_that_waits_goes_too_and_what_stays_is_told(in_acme, manager):
    someone_who_left(manager)
    assert OutboxMessage.objects.filter(to="ada@example.com", status="queued").exists()
    done = " ".join(erase(a_verified(manager, "erasure"), actor=manager))
    assert not OutboxMessage.objects.filter(to__iexact="ada@example.com").exists()
    assert "1 account in a system stays" in done
    assert "accounts and access as systems showed them" in done
