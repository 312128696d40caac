"""A violation is reported, once while it is open; put right, dismissed by somebody else, or opened again."""

import datetime as dt
import hashlib
import json
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.findings.actions import due_by_severity
from controls.models.control import Priority
from inventory.models import Person
from policies.models import Policy, Violation
from policies.violations.mail import tell_owner
from policies.violations.rights import VIOLATIONS, is_about, may_remedy
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing, shown
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken

Detected, Status = Violation.Detected, Violation.Status
EDITED = ("policy", "severity", "owner", "due_on")


def fingerprint_of(*parts: object) -> str:
    """By what two reports are of the same: SHA-256 over these, as 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps([str(part) for part in parts], ensure_ascii=False).encode("utf-8", "replace")).hexdigest()


@action
def report_violation(
    *,
    actor: Member,
    title: str,
    resource: str,
    policy: Policy | None = None,
    severity: str = Priority.MEDIUM,
    description: str = "",
    person: Person | None = None,
    owner: Person | None = None,
    reported_as: str = "",
    rule: str = "",
    detected_at: dt.datetime | None = None,
) -> Violation:
    """Keep a violation. What the same rule of the same system finds at the same place is counted while it is open.

    It is with whom is named, else with whose it is, else with the owner of the policy. Raises ActionRefused.
    """
    if not actor.can(VIOLATIONS):
        raise ActionRefused("Your role does not allow this.")
    moment = now()
    if detected_at is not None and detected_at > moment:
        raise ActionRefused("Not in the future.", field="detected_at")
    where, system, by = stated(resource, "Say where.", field="resource"), reported_as.strip(), rule.strip()
    if by and not system:
        raise ActionRefused("Say which system has this rule.", field="reported_as")
    same = fingerprint_of("rule", system, by, where, person.pk if person else "") if by else ""
    if same and (known := _counted(same, actor, moment)):
        return known
    return keep(
        Violation(
            title=stated(title, "Say what is wrong.", field="title"),
            resource=where,
            policy=policy,
            severity=severity,
            description=description.strip(),
            person=person,
            owner=owner or person or (policy.owner if policy else None),
            detected=Detected.RULE if system else Detected.PERSON,
            reported_as=system,
            rule=by,
            fingerprint=same,
            reported_by=actor,
            detected_at=detected_at or moment,
        ),
        actor,
    )


def _counted(same: str, actor: Actor, moment: dt.datetime) -> Violation | None:
    """The open one that is the same, seen once more. Where two are the first at once, the database refuses the second."""
    known = Violation.objects.select_for_update(of=("self",)).filter(fingerprint=same, status=Status.OPEN).first()
    if known is None:
        return None
    Violation.objects.filter(pk=known.pk).update(times_seen=known.times_seen + 1, last_seen_at=moment)
    record("violation.see_again", known, actor=actor, after={"times_seen": known.times_seen + 1})
    return known


def keep(violation: Violation, actor: Actor) -> Violation:
    """Number a new one, keep it and tell whoever it is with. Part of a caller's action. Raises ActionRefused."""
    today = current_organization().today()
    if violation.owner is not None and violation.owner.has_left(today):
        violation.owner = None
    violation.due_on = due_by_severity(violation.severity, today)
    violation.last_seen_at = violation.detected_at
    violation.reference = next_reference("VIO", str(today.year))
    with refusing_taken(Violation):
        violation.save(force_insert=True)
    names = ("title", "resource", "policy", "severity", "person", "owner", "due_on", "reported_as", "rule", "detected_at")
    after = {name: shown(getattr(violation, name)) for name in names if getattr(violation, name)}
    record("violation.report", violation, actor=actor, after=after)
    tell_owner(violation, actor)
    return violation


def edit_violation(violation: Violation, *, actor: Actor, **fields: Any) -> Violation:
    """Change what policy it is of, how grave it is, with whom, and by when; while it is open. Raises ActionRefused."""
    if not actor.can(VIOLATIONS):
        raise ActionRefused("Your role does not allow this.")
    current = Violation.objects.get(pk=violation.pk)
    return _edit(current, actor, fields) if differing(current, fields) else current


@action
def _edit(violation: Violation, actor: Actor, fields: dict[str, Any]) -> Violation:
    locked = _locked(violation)
    refuse_over(locked)
    if not differing(locked, fields):
        raise ActionRefused("Somebody has made the same change.")
    before = locked.owner_id
    owner = fields.get("owner")
    if owner is not None and owner.has_left(current_organization().today()):
        raise ActionRefused(f"{owner.name} has left.", field="owner")
    changed = change(locked, "violation.edit", actor=actor, fields=fields)
    if changed.owner_id != before:
        tell_owner(changed, actor)
    return changed


@action
def remedy_violation(violation: Violation, *, actor: Member, outcome: str) -> Violation:
    """Say that it is put right, and how. Raises ActionRefused."""
    locked = _locked(violation)
    if locked.detected == Detected.SYSTEM:
        raise ActionRefused("Plumbline found it, and ends it by itself once it is put right.")
    if not may_remedy(actor, locked):
        raise ActionRefused("This is for whoever it is with, and for those who report violations.")
    said = stated(outcome, "Say what was done.", field="outcome")
    transition = Violation.REMEDY if actor.can(VIOLATIONS) else Violation.REMEDY_OWN
    return transition.apply(violation, actor=actor, ended_by=actor, ended_at=now(), outcome=said)


@action
def dismiss_violation(violation: Violation, *, actor: Member, reason: str) -> Violation:
    """Say that it is none, and why; somebody whose own it is not. Raises ActionRefused."""
    Violation.DISMISS.authorise(actor)
    locked = _locked(violation)
    Violation.DISMISS.check(locked)
    if is_about(actor, locked):
        raise ActionRefused("It is yours: somebody else has to.")
    return Violation.DISMISS.apply(violation, actor=actor, ended_by=actor, ended_at=now(), outcome=stated(reason))


@action
def reopen_violation(violation: Violation, *, actor: Actor, reason: str) -> Violation:
    """It was not put right, or is one after all: due anew by its severity. Raises ActionRefused."""
    Violation.REOPEN.authorise(actor)
    locked = _locked(violation)
    Violation.REOPEN.check(locked)
    same = Violation.objects.filter(fingerprint=locked.fingerprint, status=Status.OPEN)
    if locked.fingerprint and (other := same.first()) is not None:
        raise ActionRefused(f"It came back as {other} meanwhile.")
    fields: dict[str, Any] = {"ended_by": None, "ended_at": None, "outcome": ""}
    due = due_by_severity(locked.severity, current_organization().today())
    why = stated(reason)
    with refusing_taken(Violation):
        Violation.REOPEN.apply(violation, actor=actor, note=why, due_on=due, **fields)
    tell_owner(_locked(violation), actor, again=True)
    return violation


def refuse_over(violation: Violation) -> None:
    """Raise ActionRefused unless somebody still has to put it right."""
    if violation.status != Status.OPEN:
        raise ActionRefused(f"{violation} is {violation.get_status_display().lower()}: nobody has to work on it now.")


def _locked(violation: Violation) -> Violation:
    rows = Violation.objects.select_for_update(of=("self",))
    return rows.select_related("owner__member__user", "person", "policy").get(pk=violation.pk)
