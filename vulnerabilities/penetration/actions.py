"""Writing penetration tests and what they found."""

import datetime as dt
import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from inventory.models import Person
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.handling.mail import tell_owner
from vulnerabilities.models import PENDING, PenetrationTest, Vulnerability
from vulnerabilities.outputs.feeding import feed_test
from vulnerabilities.rights import WRITE
from vulnerabilities.scanning.alerting import tell_critical
from vulnerabilities.scopes.actions import said
from vulnerabilities.settings import settings_of_vulnerabilities
from workflow.changes import change, differing, shown
from workflow.references import next_reference

TAG = "penetration test"
FIELDS = ("title", "firm", "scope", "system", "owner", "starts_on", "ends_on", "every_days")


@action
def plan_test(*, actor: Actor, title: str, firm: str, starts_on: dt.date, ends_on: dt.date, **facts: Any) -> PenetrationTest:
    """Plan one. Raises ActionRefused."""
    _authorise(actor)
    _check_days(starts_on, ends_on)
    test = PenetrationTest(
        reference=next_reference("PT", f"{starts_on:%Y}"),
        title=title.strip(),
        firm=firm.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=actor if isinstance(actor, Member) else None,
        made_at=now(),
        **facts,
    )
    test.save(force_insert=True)
    record("penetration_test.plan", test, actor=actor, after={name: shown(getattr(test, name)) for name in FIELDS})
    return test


def edit_test(test: PenetrationTest, *, actor: Actor, **facts: Any) -> PenetrationTest:
    """Change what is written about one that is not over. Raises ActionRefused."""
    _authorise(actor)
    _check_days(facts.get("starts_on", test.starts_on), facts.get("ends_on", test.ends_on))
    current = PenetrationTest.objects.select_related("owner", "system").get(pk=test.pk)
    return _edit(current, actor, facts) if differing(current, facts) else current


@action
def _edit(test: PenetrationTest, actor: Actor, facts: dict[str, Any]) -> PenetrationTest:
    locked = _locked(test)
    _refuse_over(locked)
    return change(locked, "penetration_test.edit", actor=actor, fields=facts)


@action
def report_test(
    test: PenetrationTest, *, actor: Actor, file: "UploadedFile[Any]", reported_on: dt.date, summary: str = ""
) -> PenetrationTest:
    """Keep the firm's report as evidence. Raises ActionRefused."""
    PenetrationTest.REPORT.authorise(actor)
    locked = _locked(test)
    PenetrationTest.REPORT.check(locked)
    if reported_on > current_organization().today():
        raise ActionRefused("Not after today.", field="reported_on")
    if reported_on < locked.starts_on:
        raise ActionRefused("The test began after that day.", field="reported_on")
    evidence = add_evidence(
        title=f"{locked.reference} {locked.title}"[:190],
        category=Evidence.Category.RISK,
        file=store(file, file.name or "report.pdf"),
        source=locked.firm,
        collector=actor.name,
        subject=locked,
        actor=actor,
        method=Evidence.Method.MANUAL,
        period_from=locked.starts_on,
        period_to=locked.ends_on,
        tags=[TAG],
    )
    reported = PenetrationTest.REPORT.apply(
        locked, actor=actor, report=evidence, reported_on=reported_on, summary=summary.strip()
    )
    feed_test(reported)
    return reported


@action
def add_finding(
    test: PenetrationTest, *, actor: Actor, title: str, severity: str, owner: Person | None = None, **facts: Any
) -> Vulnerability:
    """Enter something that the report names; due by its severity, counted from the report's day. Raises ActionRefused."""
    _authorise(actor)
    locked = _locked(test)
    if locked.status != PenetrationTest.Status.REPORTED or locked.reported_on is None:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: findings are entered once its report is here.")
    organization, owner = current_organization(), owner or locked.owner
    seen_at = min(organization.end_of(locked.reported_on) - dt.timedelta(hours=12), now())
    identifier = (facts.pop("identifier", "") or "").strip() or f"{locked.reference}/{locked.vulnerabilities.count() + 1}"
    one = Vulnerability(
        reference=next_reference("VUL", f"{now():%Y}"),
        engagement=locked,
        fingerprint=hashlib.sha256(f"{locked.pk}\n{identifier}\n{title.strip()}".encode()).hexdigest(),
        identifier=identifier[:200],
        names=[identifier[:200]],
        title=title.strip(),
        severity=severity,
        severity_told="as the firm's report says",
        owner=None if owner is not None and owner.has_left(organization.today()) else owner,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
        due_on=locked.reported_on + dt.timedelta(days=settings_of_vulnerabilities().days_for(severity)),
        **facts,
    )
    one.save(force_insert=True)
    after = {"title": one.title, "severity": severity, "due_on": one.due_on, "owner": one.owner.name if one.owner else None}
    record("vulnerability.find", one, actor=actor, after=after, metadata={"test": locked.reference})
    tell_owner(one, key=str(one.pk))
    tell_critical([one], locked, locked.title)
    return one


@action
def close_test(test: PenetrationTest, *, actor: Actor) -> PenetrationTest:
    """Close it once nothing that it found is open: fixed and retested, or accepted by name. Raises ActionRefused."""
    PenetrationTest.CLOSE.authorise(actor)
    locked = _locked(test)
    PenetrationTest.CLOSE.check(locked)
    left = list(locked.vulnerabilities.filter(status__in=PENDING).values_list("reference", flat=True)[:5])
    if left:
        raise ActionRefused(f"What it found is still open: {', '.join(left)}. Each is retested as fixed, or accepted by name.")
    return PenetrationTest.CLOSE.apply(locked, actor=actor, closed_at=now())


@action
def reopen_test(test: PenetrationTest, *, actor: Actor, reason: str) -> PenetrationTest:
    """Open it again, such as for a finding that was forgotten."""
    return PenetrationTest.REOPEN.apply(_locked(test), actor=actor, note=said(reason), closed_at=None)


@action
def cancel_test(test: PenetrationTest, *, actor: Actor, reason: str) -> PenetrationTest:
    """It does not take place."""
    return PenetrationTest.CANCEL.apply(_locked(test), actor=actor, note=said(reason))


def _authorise(actor: Actor) -> None:
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")


def _check_days(starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on < starts_on:
        raise ActionRefused("It ends before it begins.", field="ends_on")


def _refuse_over(test: PenetrationTest) -> None:
    if test.status in (PenetrationTest.Status.CLOSED, PenetrationTest.Status.CANCELLED):
        raise ActionRefused(f"{test} is {test.get_status_display().lower()}.")


def _locked(test: PenetrationTest) -> PenetrationTest:
    rows = PenetrationTest.objects.select_for_update(of=("self",)).select_related("owner__member__user", "system", "report")
    return rows.get(pk=test.pk)
