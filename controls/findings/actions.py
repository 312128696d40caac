"""Writing findings: raised, changed, handed on, put right, retested, accepted, opened again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.findings.mail import tell_owner
from controls.findings.rights import HAD, HAND_ON, authorise, judge
from controls.models import Control, Finding, FindingEvidence
from controls.models.finding import DUE_DAYS
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from inventory.models import Person
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import change, differing, shown
from workflow.references import next_reference

LONGEST_ACCEPTANCE = dt.timedelta(days=365)
WRITTEN = {"title", "source", "link", "criterion", "severity", "risk", "remediation", "evidence_required", "due_on"}


def due_by_severity(severity: str, today: dt.date) -> dt.date:
    """The day a finding of this severity is due when nobody says otherwise."""
    return today + dt.timedelta(days=DUE_DAYS[severity])


@action
def raise_finding(
    *, actor: Actor, title: str, severity: str, due_on: dt.date | None = None, owner: Person | None = None, **facts: Any
) -> Finding:
    """Open a finding. It is with the control's owner unless somebody is named, and due by its severity."""
    today = _today()
    control: Control | None = facts.get("control")
    owner = owner or (control.owner if control else None)
    finding = Finding(
        title=title.strip(),
        severity=severity,
        due_on=due_on or due_by_severity(severity, today),
        owner=None if owner is not None and owner.has_left(today) else owner,
        opened_by=_member(actor),
        opened_at=now(),
        **facts,
    )
    finding.reference = next_reference("FND", str(today.year))
    finding.full_clean(exclude={field.name for field in Finding._meta.fields} - WRITTEN, validate_constraints=False)
    finding.save(force_insert=True)
    record("finding.raise", finding, actor=actor, after=_facts(finding))
    tell_owner(finding, key=str(finding.pk))
    return finding


def edit_finding(finding: Finding, *, actor: Actor, **fields: Any) -> Finding:
    """Change what is written about a finding that is not over."""
    current = Finding.objects.get(pk=finding.pk)
    return _edit(current, actor, fields) if differing(current, fields) else current


@action
def _edit(finding: Finding, actor: Actor, fields: dict[str, Any]) -> Finding:
    locked = _locked(finding)
    refuse_over(locked)
    if not differing(locked, fields):
        raise ActionRefused("Somebody has made the same change.")
    return change(locked, "finding.edit", actor=actor, fields=fields)


@action
def hand_on(finding: Finding, *, actor: Actor, owner: Person, reason: str) -> None:
    """Give a finding to somebody else, with a reason, and tell them. Raises ActionRefused.

    Not while it waits for its retest: who put it right must not become somebody else who may close it.
    """
    locked = _locked(finding)
    authorise(actor, locked)
    refuse_over(locked)
    if locked.status == Finding.Status.READY_FOR_RETEST:
        raise ActionRefused("It waits for its retest: nobody has to work on it now.")
    if owner.has_left(_today()):
        raise ActionRefused(f"{owner.name} has left.", field="owner")
    if locked.owner_id == owner.pk:
        raise ActionRefused(f"It is with {owner.name} already.", field="owner")
    before, had = {"owner": locked.owner.name if locked.owner else None}, _member_id(locked.owner)
    locked.owner = finding.owner = owner
    locked.save(update_fields=["owner"])
    event = record(
        HAND_ON, locked, actor=actor, before=before, after={"owner": owner.name}, note=said(reason), metadata={HAD: had}
    )
    tell_owner(locked, key=str(event.pk))


def _member_id(person: Person | None) -> str:
    """The member whom a finding was with, for the rule of who may judge it; empty for somebody without an account."""
    return str(person.member_id) if person is not None and person.member_id else ""


@action
def start(finding: Finding, *, actor: Actor) -> None:
    """Begin to put it right."""
    locked = _locked(finding)
    authorise(actor, locked)
    Finding.START.apply(locked, actor=actor)


@action
def hand_in(
    finding: Finding,
    *,
    actor: Actor,
    done: str,
    files: Sequence["UploadedFile[Any]"] = (),
    evidence: Iterable[Evidence] = (),
) -> None:
    """Say that it was put right, with what shows it: now somebody else retests. Raises ActionRefused."""
    locked = _locked(finding)
    authorise(actor, locked)
    Finding.READY.check(locked)
    _supply(locked, actor, files, evidence)
    if locked.evidence_required and not has_evidence(locked):
        raise ActionRefused("Add the evidence it asks for.", field="files")
    if not done.strip():
        raise ActionRefused("Say what was done.", field="done")
    Finding.READY.apply(locked, actor=actor, done=done.strip(), remediated_by=_member(actor), remediated_at=now())


@action
def supply(
    finding: Finding, *, actor: Actor, files: Sequence["UploadedFile[Any]"] = (), evidence: Iterable[Evidence] = ()
) -> None:
    """Add evidence while it is not over. Raises ActionRefused."""
    locked = _locked(finding)
    authorise(actor, locked)
    refuse_over(locked)
    if not _supply(locked, actor, files, evidence):
        raise ActionRefused("Choose at least one file or item.", field="files")


@action
def unlink(proof: FindingEvidence, *, actor: Actor, reason: str) -> None:
    """Take an item away from a finding that is not over. The item itself stays."""
    locked = _locked(proof.finding)
    authorise(actor, locked)
    refuse_over(locked)
    if locked.status == Finding.Status.READY_FOR_RETEST:
        raise ActionRefused("It waits for its retest, which looks at this evidence. Have it returned to remediation first.")
    about = {"finding": str(locked), "evidence": f"{proof.evidence.reference} {proof.evidence.title}"}
    FindingEvidence.REMOVE.apply(proof, actor=actor, note=said(reason), metadata=about)


@action
def close(finding: Finding, *, actor: Actor, note: str, retested_on: dt.date | None = None) -> None:
    """The retest passed: it is over. By somebody it is not with, who did not hand it in. Raises ActionRefused."""
    _retest(finding, actor, note, retested_on, passed=True)


@action
def give_back(finding: Finding, *, actor: Actor, note: str, retested_on: dt.date | None = None) -> None:
    """The retest failed: it is in remediation again. By the same people who may close it. Raises ActionRefused."""
    _retest(finding, actor, note, retested_on, passed=False)


def _retest(finding: Finding, actor: Actor, note: str, retested_on: dt.date | None, *, passed: bool) -> None:
    transition = Finding.CLOSE if passed else Finding.RETURN
    transition.authorise(actor)
    locked = _locked(finding)
    transition.check(locked)
    person = judge(actor, locked, remediated=True)
    day = retested_on or _today()
    if passed and locked.evidence_required and not has_evidence(locked):
        raise ActionRefused("The evidence it asks for is not there any more, or was withdrawn: give it back to remediation.")
    if day > _today():
        raise ActionRefused("Not after today.", field="retested_on")
    if locked.remediated_at and day < current_organization().day_of(locked.remediated_at):
        raise ActionRefused("It was handed in after that day.", field="retested_on")
    if not note.strip():
        raise ActionRefused("Say what you looked at and what you found.", field="note")
    transition.apply(
        locked,
        actor=actor,
        retested_by=_member(actor),
        retester_person=person,
        retested_on=day,
        retest_note=note.strip(),
        closed_at=now() if passed else None,
    )
    if not passed:
        tell_owner(locked, key=f"{locked.pk}:returned:{now().isoformat()}")


@action
def accept(finding: Finding, *, actor: Actor, reason: str, until: dt.date) -> None:
    """Accept by name that it stays as it is, for a reason and until a day; it opens again after it. Not by its owner."""
    Finding.ACCEPT.authorise(actor)
    locked = _locked(finding)
    Finding.ACCEPT.check(locked)
    person = judge(actor, locked, remediated=False)
    if until <= _today():
        raise ActionRefused("Choose a day in the future: an acceptance ends.", field="until")
    if until > _today() + LONGEST_ACCEPTANCE:
        raise ActionRefused("A finding is accepted for a year at most; then somebody looks at it anew.", field="until")
    Finding.ACCEPT.apply(
        locked,
        actor=actor,
        accepted_by=_member(actor),
        accepter_person=person,
        accepted_at=now(),
        accepted_reason=said(reason),
        accepted_until=until,
    )


@action
def lapse(finding: Finding, *, actor: Actor, reason: str) -> None:
    """An acceptance ended, or is taken back: somebody has to put it right. Its due day, where it has passed, is now."""
    locked = _locked(finding)
    due_on = max(locked.due_on, _today())
    Finding.LAPSE.apply(locked, actor=actor, note=said(reason), due_on=due_on, times_reopened=locked.times_reopened + 1)
    tell_owner(locked, key=f"{locked.pk}:lapsed:{locked.times_reopened}")


@action
def reopen(finding: Finding, *, actor: Actor, reason: str, due_on: dt.date | None = None) -> None:
    """It came back after it was closed. What was done and found stays in the trail."""
    locked = _locked(finding)
    Finding.REOPEN.apply(
        locked,
        actor=actor,
        note=said(reason),
        due_on=due_on or due_by_severity(locked.severity, _today()),
        times_reopened=locked.times_reopened + 1,
        closed_at=None,
    )
    tell_owner(locked, key=f"{locked.pk}:reopened:{locked.times_reopened}")


def refuse_over(finding: Finding) -> None:
    """Raise ActionRefused unless somebody still has to work on it."""
    if not finding.is_pending:
        raise ActionRefused(f"{finding} is {finding.get_status_display().lower()}: nobody has to work on it now.")


def has_evidence(finding: Finding) -> bool:
    """Whether current evidence is linked to it."""
    linked = FindingEvidence.objects.filter(finding=finding, status=FindingEvidence.Status.LINKED)
    return linked.filter(evidence__status=Evidence.Status.CURRENT).exists()


def said(reason: str) -> str:
    """A reason. Raises ActionRefused when there is none."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    return reason.strip()


def _supply(
    finding: Finding, actor: Actor, files: Sequence["UploadedFile[Any]"], evidence: Iterable[Evidence]
) -> list[FindingEvidence]:
    """Keep the files as evidence of the finding, and link them and the items given."""
    items = [*evidence]
    for number, upload in enumerate(files, 1):
        title = f"{finding.reference} {finding.title}"[:190]
        items.append(
            add_evidence(
                title=f"{title} ({number})" if len(files) > 1 else title,
                category=Evidence.Category.OTHER,
                file=store(upload, upload.name or "file"),
                source=actor.name,
                collector=actor.name,
                subject=finding,
                actor=actor,
                method=Evidence.Method.MANUAL,
            )
        )
    return [_link(finding, item, actor) for item in items]


def _link(finding: Finding, item: Evidence, actor: Actor) -> FindingEvidence:
    current = Evidence.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if current.status != Evidence.Status.CURRENT:
        raise ActionRefused(f"“{current}” is {current.get_status_display().lower()}: it proves nothing.", field="evidence")
    if FindingEvidence.objects.filter(finding=finding, evidence=current, status=FindingEvidence.Status.LINKED).exists():
        raise ActionRefused(f"“{current}” is linked already.", field="evidence")
    proof = FindingEvidence.objects.create(finding=finding, evidence=current, linked_by=_member(actor))
    about = {"finding": str(finding), "evidence": f"{current.reference} {current.title}"}
    record("finding_evidence.link", proof, actor=actor, after=about)
    record("finding.supply", finding, actor=actor, after={"evidence": about["evidence"], "sha256": current.file.sha256})
    return proof


def _facts(finding: Finding) -> dict[str, Any]:
    """What the trail says of a new one."""
    names = ("title", "source", "control", "criterion", "severity", "risk", "remediation", "evidence_required", "owner", "due_on")
    seen = {"test": finding.test, "occurrence": finding.occurrence, "run": finding.run, "link": finding.link}
    given = {**{name: getattr(finding, name) for name in names}, **seen}
    return {name: shown(value) for name, value in given.items() if value not in (None, "")}


def _locked(finding: Finding) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",)).select_related("owner__member__user", "control")
    return rows.get(pk=finding.pk)


def _member(actor: Actor) -> Member | None:
    return actor if isinstance(actor, Member) else None


def _today() -> dt.date:
    return current_organization().today()
