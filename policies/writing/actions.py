"""A version of a policy is begun, written, submitted, taken back or thrown away."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from evidence.files import store
from evidence.models import StoredFile
from policies.holding import hold, locked, under_way
from policies.models import Policy, PolicyVersion
from policies.rights import for_writers
from policies.writing.approving import void
from policies.writing.content import digest
from policies.writing.telling import tell_submitted
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing
from workflow.uniqueness import refusing_taken

Status, Form = PolicyVersion.Status, PolicyVersion.Form
DOCUMENTS = {
    "application/pdf": "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
}
NOT_NOW = "It is %s: it cannot be changed now."


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
def begin_version(policy: Policy, *, actor: Member) -> PolicyVersion:
    """Begin the next version as a draft with what the last one in force says. Raises ActionRefused.

    Not with a draft that was retired: whoever wrote that would have no part in the new one, and could approve it.
    """
    current = hold(policy)
    for_writers(actor, current)
    if current.status == Policy.Status.RETIRED:
        raise ActionRefused("It is retired: put it back into use first.")
    if under_way(current) is not None:
        raise ActionRefused("A version is under way already.")
    last = current.versions.filter(published_at__isnull=False).order_by("-number").first()
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
    if Policy.objects.filter(title=current.title, status=Policy.Status.ACTIVE).exclude(pk=current.policy_id).exists():
        raise ActionRefused("Another policy in use has this title.")
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
    void(current, actor, "The version was taken back.")
    PolicyVersion.WITHDRAW.apply(version, actor=actor, note=reason.strip(), content_hash="", approved_at=None, effective_on=None)
    return version


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
