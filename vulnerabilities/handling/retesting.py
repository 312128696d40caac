"""What a penetration test found: handed in as fixed, and retested by somebody else."""

import datetime as dt

from audit.actions import action
from audit.actors import Actor
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from vulnerabilities.handling.actions import locked_one, member_of, today
from vulnerabilities.handling.mail import tell_owner
from vulnerabilities.models import Vulnerability
from vulnerabilities.rights import authorise, judge
from vulnerabilities.scanning.alerting import tell_critical
from vulnerabilities.scopes.actions import said
from vulnerabilities.settings import settings_of_vulnerabilities


@action
def hand_in(one: Vulnerability, *, actor: Actor, done: str) -> None:
    """Say that it is fixed: now somebody else retests. What a scan found is closed by a scan. Raises ActionRefused."""
    locked = locked_one(one)
    authorise(actor, locked)
    _refuse_scans(locked)
    Vulnerability.HAND_IN.check(locked)
    if not done.strip():
        raise ActionRefused("Say what was done.", field="done")
    Vulnerability.HAND_IN.apply(locked, actor=actor, done=done.strip(), handed_in_by=member_of(actor), handed_in_at=now())


@action
def retest(one: Vulnerability, *, actor: Actor, result: str, note: str, retested_on: dt.date | None = None) -> None:
    """Say what the retest found: "pass" or "fail". By somebody it is not with, who did not hand it in. Raises ActionRefused."""
    passed = result == "pass"
    transition = Vulnerability.PASS if passed else Vulnerability.FAIL
    transition.authorise(actor)
    locked = locked_one(one)
    transition.check(locked)
    person = judge(actor, locked, retests=True)
    day = retested_on or today()
    if day > today():
        raise ActionRefused("Not after today.", field="retested_on")
    if locked.handed_in_at and day < current_organization().day_of(locked.handed_in_at):
        raise ActionRefused("It was handed in after that day.", field="retested_on")
    if not note.strip():
        raise ActionRefused("Say what was tried and what was found.", field="note")
    transition.apply(
        locked,
        actor=actor,
        retested_by=member_of(actor),
        retester_person=person,
        retested_on=day,
        retest_note=note.strip(),
        fixed_at=now() if passed else None,
    )
    if not passed:
        tell_owner(locked, key=f"{locked.pk}:returned:{now().isoformat()}")


@action
def reopen(one: Vulnerability, *, actor: Actor, reason: str) -> None:
    """It came back after it was fixed: due anew, first seen when it was first seen."""
    locked = locked_one(one)
    _refuse_scans(locked)
    due_on = today() + dt.timedelta(days=settings_of_vulnerabilities().days_for(locked.severity))
    times = locked.times_reopened + 1
    Vulnerability.REOPEN.apply(
        locked, actor=actor, note=said(reason), due_on=due_on, fixed_at=None, last_seen_at=now(), times_reopened=times
    )
    tell_owner(locked, key=f"{locked.pk}:reopened:{times}")
    if locked.engagement is not None:
        tell_critical([locked], locked.engagement, locked.engagement.title)


def _refuse_scans(one: Vulnerability) -> None:
    if one.engagement_id is None:
        raise ActionRefused("A scan found it: a later scan of the same scope closes it, and opens it again.")
