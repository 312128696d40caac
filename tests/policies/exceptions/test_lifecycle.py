"""An exception is asked for with an end, decided on by somebody else, and becomes a finding when it expires."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from controls.models import Finding
from policies.exceptions.actions import (
    approve_exception,
    end_exception,
    refuse_exception,
    withdraw_exception,
)
from policies.exceptions.periodic import end_exceptions, remind
from policies.exceptions.rights import deciders, to_decide
from policies.models import Policy, PolicyException
from policies.publishing.actions import retire_policy
from tenancy.scope import now
from tests.policies.making import asked, draft, in_force
from tests.reviews.world import changed, person, person_of
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
DAY = dt.timedelta(days=1)


@pytest.fixture
def policy(manager, approver) -> Policy:
    """One in force."""
    return in_force(manager, approver)


def test_an_employee_asks_and_an_approver_approves(policy, employee, approver):
    one = asked(policy, employee)
    assert (one.status, one.version.number, one.reference[:4]) == ("requested", 1, "EXC-")
    assert f"{one}: {employee.name} asks for an exception from Access control" in [entry.title for entry in inbox_of(approver)]
    assert OutboxMessage.objects.filter(to=approver.email, subject__contains="waits for a decision").count() == 1
    approve_exception(one, actor=approver, note="Until the new laptops are here.")
    kept = one.refreshed()
    assert (kept.status, kept.decided_by_id, kept.decider_person) == ("approved", approver.pk, person_of(approver))
    assert kept.holds_on(kept.ends_on)
    assert not kept.holds_on(kept.ends_on + DAY)
    assert not to_decide(approver).exists()
    told = OutboxMessage.objects.get(to=employee.email, subject__contains="is approved")
    assert "Until the new laptops are here." in told.text
    verbs = set(AuditEvent.objects.filter(object_id=one.pk).values_list("verb", flat=True))
    assert verbs == {"policy_exception.ask", "policy_exception.approve"}


def test_nobody_decides_on_their_own(policy, manager, approver, executive):
    by_approver = asked(policy, approver)
    for_approver = asked(policy, manager, person=person_of(approver))
    with pytest.raises(ActionRefused, match="You asked for it"):
        approve_exception(by_approver, actor=approver)
    with pytest.raises(ActionRefused, match="It is for you"):
        refuse_exception(for_approver, actor=approver, reason="No.")
    assert not to_decide(approver).exists()
    assert approver not in list(deciders(for_approver))
    assert executive in list(deciders(for_approver))
    mine = asked(policy, manager)
    for fields in (
        {"decided_by": manager, "decider_person": None},
        {"decided_by": approver, "decider_person": person_of(manager)},
    ):
        with pytest.raises(IntegrityError, match=r"policy_exception_(by|for)_another"), transaction.atomic():
            PolicyException.objects.filter(pk=mine.pk).update(status="approved", decided_at=now(), **fields)


def test_what_was_asked_for_is_never_changed(policy, employee, approver):
    one = asked(policy, employee)
    later = one.ends_on + 300 * DAY
    for change in ({"what": "All of it."}, {"ends_on": later}, {"severity": "low"}, {"person": person_of(approver)}):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
            PolicyException.objects.filter(pk=one.pk).update(**change)
    refuse_exception(one, actor=approver, reason="There is another way.")
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        PolicyException.objects.filter(pk=one.pk).update(status="approved")


def test_who_may_ask_for_whom_and_until_when(policy, employee, reviewer, viewer, manager):
    with pytest.raises(ActionRefused, match="whom you manage"):
        asked(policy, employee, person=person_of(reviewer))
    changed(person_of(reviewer), manager=person_of(employee))
    assert asked(policy, employee, person=person_of(reviewer)).person == person_of(reviewer)
    assert asked(policy, manager, person=person_of(employee)).asked_by == manager
    today = manager.organization.today()
    with pytest.raises(ActionRefused, match="role"):
        asked(policy, viewer)
    with pytest.raises(ActionRefused, match="in the future"):
        asked(policy, employee, ends_on=today)
    with pytest.raises(ActionRefused, match="Within a year"):
        asked(policy, employee, ends_on=today + 367 * DAY)
    with pytest.raises(ActionRefused, match="what makes up for it"):
        asked(policy, employee, compensating=" ")
    gone = person("Gone", contract_ends_on=today - DAY)
    with pytest.raises(ActionRefused, match="has left"):
        asked(policy, manager, person=gone)


def test_only_from_what_is_in_force(manager, employee):
    hidden = draft(manager, "Hidden").policy
    with pytest.raises(ActionRefused, match="no such policy"):
        asked(hidden, employee)
    with pytest.raises(ActionRefused, match="Nothing of it is in force"):
        asked(hidden, manager)


def test_it_is_withdrawn_or_ended_by_its_parties(policy, employee, reviewer, approver, manager):
    one = asked(policy, employee)
    with pytest.raises(ActionRefused, match="whoever asked"):
        withdraw_exception(one, actor=reviewer, reason="No.")
    with pytest.raises(ActionRefused, match="cannot be ended now"):
        end_exception(one, actor=employee, reason="Done.")
    assert withdraw_exception(one, actor=employee, reason="Not needed.").status == "withdrawn"
    with pytest.raises(ActionRefused, match="cannot be approved now"):
        approve_exception(one, actor=approver)
    other = approve_exception(asked(policy, employee), actor=approver)
    assert end_exception(other, actor=manager, reason="The laptops are here.").ended_on == manager.organization.today()
    end_exceptions(manager.organization, now() + 60 * DAY)
    assert not Finding.objects.exists()


def test_the_day_after_its_last_one_it_is_a_finding_once(policy, employee, approver, acme):
    one = approve_exception(asked(policy, employee, severity="high"), actor=approver)
    waiting = asked(policy, employee)
    end_exceptions(acme, now() + 30 * DAY)
    assert one.refreshed().status == "approved"
    for _ in range(2):
        end_exceptions(acme, now() + 31 * DAY)
    kept = one.refreshed()
    finding = Finding.objects.get()
    assert (kept.status, kept.ended_on, kept.finding) == ("expired", kept.ends_on + DAY, finding)
    assert (finding.severity, finding.owner, finding.link) == ("high", person_of(employee), one.get_absolute_url())
    assert waiting.refreshed().status == "requested"
    event = AuditEvent.objects.get(verb="policy_exception.expire")
    assert event.data["actor"]["name"] == "Plumbline (schedule)"


def test_whoever_it_is_for_is_reminded_before(policy, employee, approver, acme):
    approve_exception(asked(policy, employee, ends_on=acme.today() + 90 * DAY), actor=approver)
    subject = "Exceptions from policies: 1 is due soon"
    morning = now().replace(hour=17)
    remind(acme, morning)
    assert not OutboxMessage.objects.filter(to=employee.email, subject=subject).exists()
    remind(acme, morning + 84 * DAY)
    assert OutboxMessage.objects.filter(to=employee.email, subject=subject).exists()


def test_when_the_policy_is_retired_its_exceptions_end(policy, employee, approver, manager):
    held, waiting = approve_exception(asked(policy, employee), actor=approver), asked(policy, employee)
    retire_policy(policy, actor=manager, reason="Not needed.")
    assert (held.refreshed().status, waiting.refreshed().status) == ("ended", "withdrawn")
    assert held.refreshed().ended_reason == "The policy is retired."
