"""Working on vulnerabilities. What a scan found is closed by a scan alone: nobody says here that it is fixed."""

import datetime as dt
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Finding
from inventory.models import Person
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.handling.mail import tell_owner
from vulnerabilities.models import Vulnerability
from vulnerabilities.reading.report import grave
from vulnerabilities.rights import ACCEPT, HAD, HAND_ON, WRITE, authorise, judge
from vulnerabilities.scanning.alerting import tell_critical
from vulnerabilities.scopes.actions import said
from vulnerabilities.settings import settings_of_vulnerabilities


@action
def hand_on(one: Vulnerability, *, actor: Actor, owner: Person, reason: str) -> None:
    """Give it to somebody else, with a reason, and tell them. Raises ActionRefused."""
    locked = locked_one(one)
    authorise(actor, locked)
    refuse_over(locked)
    if locked.status == Vulnerability.Status.READY_FOR_RETEST:
        raise ActionRefused("It waits for its retest: nobody has to work on it now.")
    if owner.has_left(today()):
        raise ActionRefused(f"{owner.name} has left.", field="owner")
    if locked.owner_id == owner.pk:
        raise ActionRefused(f"It is with {owner.name} already.", field="owner")
    had, before = locked.owner, locked.owner.name if locked.owner else None
    locked.owner = one.owner = owner
    locked.save(update_fields=["owner"])
    event = record(
        HAND_ON,
        locked,
        actor=actor,
        before={"owner": before},
        after={"owner": owner.name},
        note=said(reason),
        metadata={HAD: str(had.member_id) if had and had.member_id else ""},
    )
    tell_owner(locked, key=str(event.pk))


@action
def rate(one: Vulnerability, *, actor: Actor, severity: str, reason: str) -> None:
    """Say how grave it is here, with a reason: scans change it no more. A lighter one by nobody it is with.

    A graver one is due sooner, counted from today; a lighter one later, counted from the day it was first seen.
    """
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    locked = locked_one(one)
    refuse_over(locked)
    if locked.severity == severity:
        raise ActionRefused("That is its severity already.", field="severity")
    lighter = grave(severity) > grave(locked.severity)
    if lighter:
        judge(actor, locked, retests=False)
    before = {"severity": locked.severity, "due_on": locked.due_on}
    days = dt.timedelta(days=settings_of_vulnerabilities().days_for(severity))
    first = current_organization().day_of(locked.first_seen_at)
    locked.due_on = max(locked.due_on, first + days) if lighter else min(locked.due_on, today() + days)
    locked.severity, locked.severity_reason = severity, said(reason)
    locked.save(update_fields=["severity", "severity_reason", "due_on"])
    after = {"severity": severity, "due_on": locked.due_on}
    record("vulnerability.rate", locked, actor=actor, before=before, after=after, note=reason.strip())
    if not lighter and locked.source is not None:
        tell_critical([locked], locked.source, locked.engagement.title if locked.engagement else str(locked.scope))


@action
def accept(one: Vulnerability, *, actor: Actor, reason: str, until: dt.date) -> None:
    """Accept by name that it stays, for a reason and until a day; it opens again after it. Not by whom it is with."""
    Vulnerability.ACCEPT.authorise(actor)
    locked = locked_one(one)
    Vulnerability.ACCEPT.check(locked)
    person = judge(actor, locked, retests=False)
    most = settings_of_vulnerabilities().acceptance_days
    if until <= today():
        raise ActionRefused("Choose a day in the future: an acceptance ends.", field="until")
    if until > today() + dt.timedelta(days=most):
        raise ActionRefused(f"At most {most} days from today: then somebody looks at it again.", field="until")
    Vulnerability.ACCEPT.apply(
        locked,
        actor=actor,
        accepted_by=member_of(actor),
        accepter_person=person,
        accepted_at=now(),
        accepted_reason=said(reason),
        accepted_until=until,
    )


@action
def lapse(one: Vulnerability, *, actor: Actor, reason: str) -> None:
    """An acceptance ended, or is taken back. Its due day, where it has passed, is now."""
    locked = locked_one(one)
    if not actor.can(ACCEPT):
        raise ActionRefused("Your role does not allow this.")
    due_on, times = max(locked.due_on, today()), locked.times_reopened + 1
    Vulnerability.LAPSE.apply(locked, actor=actor, note=said(reason), due_on=due_on, times_reopened=times)
    tell_owner(locked, key=f"{locked.pk}:lapsed:{locked.times_reopened}")


@action
def raise_finding_of(one: Vulnerability, *, actor: Actor, **facts: Any) -> Finding:
    """Follow it as a finding too, such as where a control has failed. Raises ActionRefused."""
    if not actor.can("findings.write"):
        raise ActionRefused("Your role does not allow this.")
    locked = locked_one(one)
    if locked.finding_id:
        raise ActionRefused(f"{locked.finding} was raised of it already.")
    finding = raise_finding(
        actor=actor,
        title=f"{locked.identifier}: {locked.title}"[:200],
        source=Finding.Source.OTHER,
        severity=locked.severity,
        due_on=max(locked.due_on, today()),
        owner=locked.owner,
        link=locked.get_absolute_url(),
        **facts,
    )
    locked.finding = one.finding = finding
    locked.save(update_fields=["finding"])
    record("vulnerability.raise_finding", locked, actor=actor, after={"finding": str(finding)})
    return finding


def refuse_over(one: Vulnerability) -> None:
    """Raise ActionRefused unless somebody still has to work on it."""
    if not one.is_pending:
        raise ActionRefused(f"{one} is {one.get_status_display().lower()}: nobody has to work on it now.")


def locked_one(one: Vulnerability) -> Vulnerability:
    """The row, locked, with whom it is with and where it was found."""
    rows = Vulnerability.objects.select_for_update(of=("self",))
    return rows.select_related("owner__member__user", "scope", "engagement", "finding").get(pk=one.pk)


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None


def today() -> dt.date:
    """The organization's day."""
    return current_organization().today()
