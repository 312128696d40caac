"""Bringing in a policy that is in force already, approved as minutes show."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.models import Control
from evidence.files import store
from evidence.models import StoredFile
from policies.models import Policy, PolicyApproval, PolicyVersion
from policies.publishing.actions import put_in_force
from policies.register.actions import add_policy, map_controls
from policies.writing.actions import add_version, document
from policies.writing.content import digest
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused


@dataclass(frozen=True, slots=True)
class Approved:
    """What minutes show: who approved it on which day, from when it holds, and when it was looked at since, if it was."""

    by: Sequence[str]
    on: dt.date
    effective_on: dt.date
    reviewed_on: dt.date | None = None

    def check(self, actor: Member, quorum: int) -> None:
        """Raise ActionRefused for names that show no approval by others, and for days that cannot be."""
        names = [" ".join(name.split()).casefold() for name in self.by]
        if not names or not all(names):
            raise ActionRefused("Say who approved it.", field="approved_by")
        if len(set(names)) < len(names):
            raise ActionRefused("Name each person once.", field="approved_by")
        if {actor.name.casefold(), actor.email.casefold()} & set(names):
            raise ActionRefused("What you approved yourself is brought in by somebody else.", field="approved_by")
        if len(names) < quorum:
            raise ActionRefused(f"It needs {quorum} approvals: name as many.", field="approved_by")
        self._check_days()

    def _check_days(self) -> None:
        today = current_organization().today()
        for field, day in (("approved_on", self.on), ("effective_on", self.effective_on), ("last_reviewed_on", self.reviewed_on)):
            if day is not None and day > today:
                raise ActionRefused("Not in the future: write what is not approved yet as a draft.", field=field)
        if self.effective_on < self.on:
            raise ActionRefused("It came into force before it was approved.", field="effective_on")
        if self.reviewed_on is not None and self.reviewed_on < self.on:
            raise ActionRefused("It was reviewed before it was approved.", field="last_reviewed_on")


@action
def import_policy(
    *,
    actor: Member,
    title: str,
    upload: "UploadedFile[Any]",
    approved: Approved,
    minutes: "UploadedFile[Any]",
    controls: Collection[Control] = (),
    note: str = "",
    **fields: Any,
) -> Policy:
    """A policy with one version in force: its document as it is, and who approved it when. Raises ActionRefused.

    It is approved under the hash of the document that was brought, by names as the minutes have them; the member who brings
    it answers for that, and is none of them. It goes through the same states as any other, each with its event.
    """
    approved.check(actor, fields.get("quorum", 1))
    policy = add_policy(actor, title, **fields)
    map_controls(policy, controls)
    written = {"form": PolicyVersion.Form.UPLOADED, "file": document(upload), "change_note": note.strip()}
    version = add_version(policy, actor, **written, is_imported=True)
    kept = store(minutes, minutes.name or "minutes")
    moment, bound = now(), digest(version)
    PolicyVersion.SUBMIT.apply(
        version, actor=actor, content_hash=bound, quorum=len(approved.by), submitted_by=actor, submitted_at=moment
    )
    for name in approved.by:
        _approval(version, actor, name.strip(), approved.on, kept)
    days: dict[str, Any] = {"approved_at": moment, "effective_on": approved.effective_on}
    PolicyVersion.IMPORT.apply(version, actor=actor, published_by=actor, metadata={"sha256": bound}, **days)
    put_in_force(version, actor, reviewed_on=approved.reviewed_on)
    return policy.refreshed()


def _approval(version: PolicyVersion, actor: Member, name: str, day: dt.date, minutes: StoredFile) -> None:
    approval = PolicyApproval(
        version=version,
        content_hash=version.content_hash,
        approver_name=name[:200],
        source=PolicyApproval.Source.MINUTES,
        given_on=day,
        given_at=now(),
        minutes=minutes,
        recorded_by=actor,
    )
    approval.save(force_insert=True)
    facts = {"version": str(version), "approved by": name, "on": day, "minutes": minutes.sha256}
    record("policy_approval.record", approval, actor=actor, after=facts)
