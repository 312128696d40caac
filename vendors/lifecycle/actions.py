"""Moving a vendor through its life."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from audit.actions import action
from audit.actors import Actor
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence
from tenancy.scope import now
from ui.refusals import ActionRefused
from vendors.keys.looks import refuse_key
from vendors.lifecycle.diligence import decided_late, missing, raise_missing
from vendors.lifecycle.mail import tell_decision, tell_owner
from vendors.models import Vendor
from vendors.register.actions import locked_one, today
from vendors.rights import member_of, why_not_decide
from vendors.tiers import REVIEW_DAYS
from workflow.changes import change

TAG = "vendor"
FIRST_REVIEW = dt.timedelta(days=30)  # of one that was put into use without due diligence
NO_END: dict[str, Any] = {
    "leaving_on": None, "leaving_reason": "", "access_ended_on": None, "access_evidence": None, "data_outcome": "",
    "data_ended_on": None, "data_evidence": None,
}  # fmt: skip


@action
def begin(vendor: Vendor, *, actor: Actor) -> Vendor:
    """Begin to look at it."""
    locked = locked_one(vendor)
    Vendor.BEGIN.apply(locked, actor=actor)
    return locked


@action
def approve(vendor: Vendor, *, actor: Actor, reason: str) -> Vendor:
    """Decide that it may be used: after its due diligence, by nobody who asked for it or owns it. Raises ActionRefused."""
    Vendor.APPROVE.authorise(actor, vendor)
    locked = locked_one(vendor)
    Vendor.APPROVE.check(locked)
    _independent(actor, locked)
    if locked.diligence_on is None:
        raise ActionRefused("Nobody has reviewed it yet: record the due diligence first.")
    Vendor.APPROVE.apply(locked, actor=actor, **_decided(actor, reason))
    tell_decision(locked)
    return locked


@action
def reject(vendor: Vendor, *, actor: Actor, reason: str) -> Vendor:
    """Decide that it may not be used."""
    Vendor.REJECT.authorise(actor, vendor)
    locked = locked_one(vendor)
    Vendor.REJECT.check(locked)
    _independent(actor, locked)
    Vendor.REJECT.apply(locked, actor=actor, **_decided(actor, reason))
    tell_decision(locked)
    return locked


@action
def confirm(vendor: Vendor, *, actor: Actor, reason: str) -> Vendor:
    """Decide that one which is in use already may be used on: after its due diligence, by somebody independent.

    Only where no decision stands. One that may not be used is offboarded instead. Raises ActionRefused.
    """
    Vendor.CONFIRM.authorise(actor, vendor)
    locked = locked_one(vendor)
    Vendor.CONFIRM.check(locked)
    _independent(actor, locked)
    refuse_confirmed(locked)
    Vendor.CONFIRM.apply(locked, actor=actor, **_decided(actor, reason))
    tell_decision(locked)
    return locked


def refuse_confirmed(vendor: Vendor) -> None:
    """Raise ActionRefused unless one that is in use waits for its decision."""
    if vendor.decided_at is not None:
        raise ActionRefused("It is decided on already.")
    if vendor.diligence_on is None:
        raise ActionRefused("Nobody has reviewed it yet: record the due diligence first.")


def _independent(actor: Actor, vendor: Vendor) -> None:
    if refusal := why_not_decide(actor, vendor):
        raise ActionRefused(refusal)


def _decided(actor: Actor, reason: str) -> dict[str, Any]:
    return {"decided_by": member_of(actor), "decided_at": now(), "decision": said(reason)}


@action
def use(vendor: Vendor, *, actor: Actor, since: dt.date, reason: str = "") -> Vendor:
    """Put it into use. What is or was missing before its first day is a finding, and has to be said why. Raises ActionRefused."""
    Vendor.USE.authorise(actor, vendor)
    locked = locked_one(vendor)
    Vendor.USE.check(locked)
    if since > today():
        raise ActionRefused("Not after today.", field="since")
    refuse_key("reason", reason)
    late = decided_late(locked, since)
    if not reason.strip():
        _refuse_unsaid(locked, late)
    first = locked.diligence_on + dt.timedelta(days=REVIEW_DAYS[locked.tier]) if locked.diligence_on else today() + FIRST_REVIEW
    Vendor.USE.apply(locked, actor=actor, note=reason.strip(), used_since=since, next_review_on=first)
    raise_missing(locked, actor=actor, late=late)
    return locked


def _refuse_unsaid(vendor: Vendor, late: str) -> None:
    if lacking := missing(vendor):
        names = ", ".join(one.name for one in lacking)
        raise ActionRefused(f"Say why it is used already: {names} is missing, which becomes a finding.", field="reason")
    if late:
        raise ActionRefused(f"Say why it was used before: {late}, which becomes a finding.", field="reason")


@action
def offboard(vendor: Vendor, *, actor: Actor, reason: str, leaving_on: dt.date) -> Vendor:
    """Begin to leave it. It has left once access and data are accounted for."""
    locked = locked_one(vendor)
    Vendor.OFFBOARD.apply(locked, actor=actor, note=said(reason), leaving_on=leaving_on, leaving_reason=reason.strip())
    tell_owner(locked, "is being offboarded", key=f"offboard:{locked.pk}:{now().isoformat()}")
    return locked


@action
def keep(vendor: Vendor, *, actor: Actor, reason: str) -> Vendor:
    """Use it on after all. What was shown of its end stays in the trail: another end is shown anew."""
    locked = locked_one(vendor)
    Vendor.KEEP.apply(locked, actor=actor, note=said(reason), **NO_END)
    return locked


@action
def end_access(vendor: Vendor, *, actor: Actor, ended_on: dt.date, file: "UploadedFile[Any]") -> Vendor:
    """Say that its access is removed, with what shows it. Raises ActionRefused."""
    locked = _leaving(vendor, actor, ended_on)
    evidence = _kept(locked, actor, file, "access removed")
    return change(locked, "vendor.end_access", actor=actor, fields={"access_ended_on": ended_on, "access_evidence": evidence})


@action
def end_data(vendor: Vendor, *, actor: Actor, outcome: str, ended_on: dt.date, file: "UploadedFile[Any] | None" = None) -> Vendor:
    """Say that its data came back or was destroyed, with what shows it. Raises ActionRefused."""
    locked = _leaving(vendor, actor, ended_on)
    held = outcome != Vendor.Data.NONE_HELD
    if held and file is None:
        raise ActionRefused("Add what shows it, such as its certificate of destruction.", field="file")
    if not held and locked.data_shared:
        raise ActionRefused(f"It got data: {locked.get_data_shared_display().lower()}.", field="outcome")
    evidence = _kept(locked, actor, file, "data") if file else None
    fields = {"data_outcome": outcome, "data_ended_on": ended_on, "data_evidence": evidence}
    return change(locked, "vendor.end_data", actor=actor, fields=fields)


def _leaving(vendor: Vendor, actor: Actor, day: dt.date) -> Vendor:
    Vendor.LEAVE.authorise(actor, vendor)
    locked = locked_one(vendor)
    if locked.status != Vendor.Status.OFFBOARDING:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: begin its offboarding first.")
    if day > today():
        raise ActionRefused("Not after today.", field="ended_on")
    return locked


def _kept(vendor: Vendor, actor: Actor, file: "UploadedFile[Any]", what: str) -> Evidence:
    return add_evidence(
        title=f"{vendor}: {what}"[:190],
        category=Evidence.Category.VENDOR,
        file=store(file, file.name or "file"),
        source=vendor.name,
        collector=actor.name,
        subject=vendor,
        actor=actor,
        method=Evidence.Method.MANUAL,
        tags=[TAG],
    )


@action
def leave(vendor: Vendor, *, actor: Actor) -> Vendor:
    """It has left: its access is removed and its data accounted for, each with evidence. Raises ActionRefused."""
    Vendor.LEAVE.authorise(actor, vendor)
    locked = locked_one(vendor)
    Vendor.LEAVE.check(locked)
    if locked.access_evidence_id is None:
        raise ActionRefused("Its access is not accounted for: say when it was removed, with what shows it.")
    if not locked.data_outcome:
        raise ActionRefused("Its data is not accounted for: say whether it came back or was destroyed, with what shows it.")
    if kept := list(locked.keys.filter(status="active").values_list("name", flat=True)[:5]):
        raise ActionRefused(f"Keys of it are still in use: {', '.join(kept)}. Revoke them first.")
    Vendor.LEAVE.apply(locked, actor=actor, left_on=today(), next_review_on=None)
    return locked


@action
def reopen(vendor: Vendor, *, actor: Actor, reason: str) -> Vendor:
    """Ask for it again, as if it were new: what was decided and shown before stays in the trail."""
    locked = locked_one(vendor)
    fresh: dict[str, Any] = dict.fromkeys(
        ("diligence_on", "decided_by", "decided_at", "used_since", "next_review_on", "finding", "left_on")
    )
    fresh |= {**NO_END, "decision": "", "requested_by": member_of(actor), "requested_at": now()}
    Vendor.REOPEN.apply(locked, actor=actor, note=said(reason), **fresh)
    return locked


def said(reason: str) -> str:
    """A reason. Raises ActionRefused when there is none, or a key in it."""
    if not reason.strip():
        raise ActionRefused("Give a reason: an auditor will ask for it.", field="reason")
    refuse_key("reason", reason)
    return reason.strip()
