"""The versions of a change that were put before its approvers, and the end of what was said of older ones."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Member
from audit.actors import Actor
from changes.approving.content import content_of, difference
from changes.approving.entitled import Entitled
from changes.approving.identity import Who
from changes.models import Approval, Change, ChangeVersion
from changes.models.change import WAITING
from tenancy.scope import now
from workflow.binding import hash_of


def latest(change: Change) -> ChangeVersion | None:
    """What was put before its approvers last."""
    return ChangeVersion.objects.filter(change=change).order_by("-number").first()


def make_version(change: Change, actor: Actor) -> ChangeVersion:
    """Keep the bound fields as they are now. Part of a caller's action, with the change's row locked."""
    content = content_of(change)
    change.content_hash = hash_of(content)
    change.save(update_fields=["content_hash"])
    last = latest(change)
    return ChangeVersion.objects.create(
        change=change,
        number=last.number + 1 if last else 1,
        content=content,
        content_hash=change.content_hash,
        made_by=actor if isinstance(actor, Member) else None,
        made_at=now(),
    )


def has_changed(change: Change) -> bool:
    """Whether its bound fields are not those of its latest version any more.

    What was approved for any time may be given a window afterwards: that narrows it.
    """
    return change.content_hash != hash_of(content_of(change, narrowed=is_open(change)))


def is_open(change: Change) -> bool:
    """Whether it was approved without a window: whoever carries it out chooses one."""
    if change.status in WAITING:
        return False
    version = latest(change)
    return version is not None and version.content["window_from"] is None and version.content["window_until"] is None


def void(approvals: Iterable[Approval], *, actor: Actor, reason: str) -> list[Approval]:
    """End approvals and rejections that say nothing of the change as it is. Part of a caller's action."""
    ended = list(approvals)
    for approval in ended:
        about = {"change": str(approval.change)}
        Approval.VOID_IT.apply(approval, actor=Entitled(actor), metadata=about, voided_at=now(), void_reason=reason)
    return ended


def void_all(change: Change, *, actor: Actor, reason: str) -> list[Approval]:
    """End everything that was said of it."""
    given = Approval.objects.filter(change=change, status=Approval.Status.GIVEN)
    return void(given.select_related("change", "approver__user", "approver_person__member__user"), actor=actor, reason=reason)


def unapproved(change: Change) -> dict[str, Any]:
    """What a change loses with its approval, as fields: also an emergency's in writing, and an agreement that came from it."""
    fields: dict[str, Any] = {"approved_at": None, "approved_until": None, "template_hash": "", "written_at": None}
    by_approval = change.approved_at is not None and change.agreed_at == change.approved_at
    none = dict.fromkeys(("agreed_by", "agreed_at", "agreed_recorded_at", "agreed_until"))
    return fields | none | {"agreed_hash": ""} if by_approval else fields


def seen_by(change: Change, somebody: Who) -> ChangeVersion | None:
    """What they said something of last, else the version before the latest: what the difference they see starts from."""
    said = Approval.objects.filter(change=change)
    mine: Approval | None = None
    if somebody.member:
        mine = said.filter(approver=somebody.member).order_by("-given_at").select_related("version").first()
    if mine is None and somebody.person:
        mine = said.filter(approver_person=somebody.person).order_by("-given_at").select_related("version").first()
    if mine is not None:
        version: ChangeVersion = mine.version
        return version
    return ChangeVersion.objects.filter(change=change).order_by("-number")[1:2].first()


def difference_for(change: Change, version: ChangeVersion, somebody: Who) -> list[dict[str, Any]]:
    """The difference between `version` and what they saw last; empty when there is nothing to compare with."""
    before = seen_by(change, somebody)
    return difference(before.content, version.content) if before is not None else []
