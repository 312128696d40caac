"""A policy is set up; a version of it is begun, written, submitted, approved by others or returned."""

from collections.abc import Collection
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control
from controls.status.keep import refresh
from evidence.files import store
from evidence.models import StoredFile
from inventory.models import Person
from policies.models import Policy, PolicyApproval, PolicyControl, PolicyVersion
from policies.rights import APPROVE, WRITE, for_writers, is_involved
from policies.writing.content import digest
from policies.writing.telling import tell_approved, tell_returned, tell_submitted
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing
from workflow.references import plain_reference
from workflow.uniqueness import refusing_taken

Status, Form = PolicyVersion.Status, PolicyVersion.Form
DOCUMENTS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
}
NOT_NOW = "It is %s: it cannot be changed now."


@action
def create_policy(
    *,
    actor: Member,
    title: str,
    kind: str = Policy.Kind.POLICY,
    owner: Person | None = None,
    criteria: Collection[str] = (),
    controls: Collection[Control] = (),
    text: str = "",
    **fields: Any,
) -> Policy:
    """Set up a policy with its first version as a draft. `fields`: review_months, quorum, library_key. Raises ActionRefused."""
    policy = add_policy(actor, title, kind=kind, owner=owner, criteria=list(criteria), **fields)
    _map(policy, controls)
    add_version(policy, actor, text=text.strip(), material=True)
    return policy


def add_policy(actor: Member, title: str, **fields: Any) -> Policy:
    """The row of a policy with its event. Part of a caller's action. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    policy = Policy(title=stated(title, "Give it a title.", field="title"), **fields)
    policy.reference = plain_reference("POL")
    policy.full_clean(exclude=["tenant"], validate_unique=False, validate_constraints=False)
    with refusing_taken(Policy):
        policy.save(force_insert=True)
    record("policy.create", policy, actor=actor, after={"number": policy.reference, "title": policy.title, "kind": policy.kind})
    return policy


def add_version(policy: Policy, actor: Member, **fields: Any) -> PolicyVersion:
    """The row of the next version, a draft, with its event. Part of a caller's action."""
    last = policy.versions.order_by("-number").first()
    version = PolicyVersion(policy=policy, number=last.number + 1 if last else 1, author=actor, begun_at=now())
    version.title = policy.title
    for name, value in fields.items():
        setattr(version, name, value)
    version.save(force_insert=True)
    record("policy_version.begin", version, actor=actor, after={"policy": policy.reference, "version": version.number})
    return version


@action
def edit_policy(policy: Policy, *, actor: Actor, controls: Collection[Control] | None = None, **fields: Any) -> Policy:
    """Change what is kept of a policy beside what it says: whose it is, how often it is reviewed, what it documents."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    current = hold(policy)
    if current.status == Policy.Status.RETIRED:
        raise ActionRefused("It is retired: put it back into use first.")
    before = _codes(current)
    if controls is not None and before != (after := sorted(control.code for control in controls)):
        touched = {*_mapped(current), *(control.pk for control in controls)}
        PolicyControl.objects.filter(policy=current).delete()
        _map(current, controls)
        record("policy.map", current, actor=actor, before={"controls": before}, after={"controls": after})
        refresh(touched)
    elif not differing(current, fields):
        raise ActionRefused("Nothing is different.")
    return change(current, "policy.edit", actor=actor, fields=fields)


@action
def begin_version(policy: Policy, *, actor: Member) -> PolicyVersion:
    """Begin the next version as a draft with what the last one says. Raises ActionRefused."""
    current = hold(policy)
    for_writers(actor, current)
    if current.status == Policy.Status.RETIRED:
        raise ActionRefused("It is retired: put it back into use first.")
    if under_way(current) is not None:
        raise ActionRefused("A version is under way already.")
    last = current.versions.order_by("-number").first()
    texts = {"form": last.form, "text": last.text, "file": last.file} if last else {}
    return add_version(current, actor, **texts)


def write_version(
    version: PolicyVersion, *, actor: Actor, upload: "UploadedFile[Any] | None" = None, **fields: Any
) -> PolicyVersion:
    """Write on a draft: title, text, material, change_note; or put a file in the place of the text. Raises ActionRefused.

    Kept as it was, it stays so.
    """
    current = _draft(version, actor)
    wanted = {name: value.strip() if isinstance(value, str) else value for name, value in fields.items()}
    if upload is not None:
        wanted |= {"form": Form.UPLOADED, "text": "", "file": document(upload)}
    elif wanted.get("text"):
        wanted |= {"form": Form.WRITTEN, "file": None}
    if "title" in wanted:
        stated(wanted["title"], "Give it a title.", field="title")
    return _write(current, actor, wanted) if differing(current, wanted) else current


@action
def _write(current: PolicyVersion, actor: Actor, wanted: dict[str, Any]) -> PolicyVersion:
    """The trail has the hash of what it says, as a long text is more than an event holds."""
    current = PolicyVersion.objects.select_for_update(of=("self",)).select_related("policy", "file").get(pk=current.pk)
    if current.status != Status.DRAFT:
        raise ActionRefused(NOT_NOW % current.get_status_display().lower())
    before = _said(current)
    for name, value in wanted.items():
        setattr(current, name, value)
    current.save(update_fields=[*wanted])
    if "title" in wanted and current.number == 1:
        with refusing_taken(Policy):
            change(current.policy, "policy.edit", actor=actor, fields={"title": current.title})
    after = _said(current)
    record(
        "policy_version.write",
        current,
        actor=actor,
        before={name: value for name, value in before.items() if value != after[name]},
        after={name: value for name, value in after.items() if value != before[name]},
    )
    return current


@action
def discard_version(version: PolicyVersion, *, actor: Actor, reason: str = "") -> None:
    """Throw a draft away that nobody has approved anything of. The first one stays. Raises ActionRefused."""
    current = _draft(version, actor)
    if current.number == 1:
        raise ActionRefused("It is the only version: retire the policy instead.")
    if current.approvals.exists():
        raise ActionRefused("It was put before approvers: what they said stays. Write on it instead.")
    record("policy_version.discard", current, actor=actor, before=_said(current), note=reason.strip())
    record("policy.discard_version", current.policy, actor=actor, before={"version": current.number})
    current.delete()


@action
def submit_version(version: PolicyVersion, *, actor: Member) -> PolicyVersion:
    """Put a draft before those who approve, under the hash of what it says. Raises ActionRefused."""
    current = _draft(version, actor)
    if lacking := incomplete(current):
        raise ActionRefused(" ".join(lacking))
    PolicyVersion.SUBMIT.apply(
        version,
        actor=actor,
        content_hash=digest(current),
        quorum=current.policy.quorum,
        submitted_by=actor,
        submitted_at=now(),
        returned_reason="",
    )
    tell_submitted(version, actor)
    return version


def incomplete(version: PolicyVersion) -> list[str]:
    """What is missing before it can be submitted, a sentence each."""
    lacking = []
    if version.is_written and not version.text.strip():
        lacking.append("Write what it says.")
    if not version.is_written and version.file is None:
        lacking.append("Add the file.")
    if version.number > 1 and not version.change_note.strip():
        lacking.append("Say what is different, and why.")
    if version.policy.owner is None:
        lacking.append("Say who owns the policy.")
    return lacking


@action
def withdraw_version(version: PolicyVersion, *, actor: Actor, reason: str = "") -> PolicyVersion:
    """Take it back to write on: what was said of it ends. Raises ActionRefused."""
    current = locked(version)
    for_writers(actor, current.policy)
    PolicyVersion.WITHDRAW.check(current)
    _void(current, actor, "The version was taken back.")
    PolicyVersion.WITHDRAW.apply(version, actor=actor, note=reason.strip(), content_hash="", approved_at=None, effective_on=None)
    return version


@action
def approve_version(version: PolicyVersion, *, actor: Member, content_hash: str, note: str = "") -> PolicyApproval:
    """Approve what was seen: by neither who wrote it nor who submitted it. The one that completes the quorum approves it."""
    current = _before_approver(version, actor, content_hash)
    if current.approvals.filter(approver=actor, status="given").exists():
        raise ActionRefused("You have approved it already.")
    moment = now()
    approval = PolicyApproval(
        version=current,
        content_hash=current.content_hash,
        approver=actor,
        approver_name=actor.name,
        author=current.author,
        given_on=current_organization().day_of(moment),
        given_at=moment,
        note=note.strip(),
    )
    approval.save(force_insert=True)
    record(
        "policy_approval.give", approval, actor=actor, after={"version": str(current), "sha256": content_hash}, note=note.strip()
    )
    given = current.approvals.filter(status="given").count()
    if given >= current.quorum:
        PolicyVersion.APPROVE.apply(
            version, actor=actor, approved_at=moment, metadata={"sha256": content_hash, "approvals": given}
        )
        tell_approved(version, actor)
    return approval


@action
def return_version(version: PolicyVersion, *, actor: Member, reason: str) -> PolicyVersion:
    """Give it back to whoever wrote it, with what is missing: what others said of it ends. Raises ActionRefused."""
    current = _before_approver(version, actor)
    why = stated(reason)
    _void(current, actor, f"{actor.name} returned the version.")
    PolicyVersion.RETURN.apply(
        version, actor=actor, note=why, returned_by=actor, returned_at=now(), returned_reason=why, content_hash=""
    )
    tell_returned(version, actor)
    return version


def under_way(policy: Policy) -> PolicyVersion | None:
    """The version that is written, waits for approval, or waits for its day."""
    found = policy.versions.filter(status__in=[Status.DRAFT, Status.IN_REVIEW, Status.APPROVED])
    return found.select_related("author__user", "file", "policy__owner").first()


def hold(policy: Policy) -> Policy:
    """Lock the row of a policy: the first thing that every action on it does."""
    return Policy.objects.select_for_update(of=("self",)).select_related("owner").get(pk=policy.pk)


def locked(version: PolicyVersion) -> PolicyVersion:
    """Lock the row of its policy, and give the version as it is now."""
    hold(version.policy)
    return PolicyVersion.objects.select_related("policy__owner", "author", "file").get(pk=version.pk)


def document(upload: "UploadedFile[Any]") -> StoredFile:
    """Keep an uploaded document as it is. Raises ActionRefused unless it is a PDF or a DOCX."""
    file = store(upload, upload.name or "policy")
    if file.content_type not in DOCUMENTS:
        raise ActionRefused(f"“{file.name}” is neither a PDF nor a DOCX.", field="file")
    return file


def _draft(version: PolicyVersion, actor: Actor) -> PolicyVersion:
    current = locked(version)
    for_writers(actor, current.policy)
    if current.status != Status.DRAFT:
        raise ActionRefused(NOT_NOW % current.get_status_display().lower())
    return current


def _before_approver(version: PolicyVersion, actor: Member, seen: str | None = None) -> PolicyVersion:
    current = locked(version)
    if not actor.can(APPROVE):
        raise ActionRefused("Your role does not allow this.")
    if is_involved(actor, current):
        raise ActionRefused("It is approved by somebody who neither wrote nor submitted it.")
    if current.status != Status.IN_REVIEW:
        raise ActionRefused(f"It is {current.get_status_display().lower()}: it cannot be approved or returned now.")
    if seen is not None and seen != current.content_hash:
        raise ActionRefused("It has changed since you saw it. Look at it again.")
    if digest(current) != current.content_hash:
        raise ActionRefused("What is stored is not what was submitted. It is to be taken back and submitted again.")
    return current


def _void(version: PolicyVersion, actor: Actor, reason: str) -> None:
    for approval in version.approvals.filter(status="given"):
        PolicyApproval.VOID_IT.apply(approval, actor=actor, void_reason=reason)


def _said(version: PolicyVersion) -> dict[str, Any]:
    """What the trail says of a draft."""
    return {
        "title": version.title,
        "form": version.get_form_display(),
        "characters": len(version.text),
        "file": version.file.name if version.file else None,
        "material": version.material,
        "change": version.change_note,
        "sha256": digest(version),
    }


def _map(policy: Policy, controls: Collection[Control]) -> None:
    PolicyControl.objects.bulk_create(PolicyControl(policy=policy, control=control) for control in controls)


def _mapped(policy: Policy) -> list[Any]:
    return list(policy.documents.values_list("control_id", flat=True))


def _codes(policy: Policy) -> list[str]:
    return sorted(policy.documents.values_list("control__code", flat=True))
