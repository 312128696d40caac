"""Mail about removals: to whoever must act, and to compliance managers when a promise ends."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.models import Member
from inventory.models import Removal
from tenancy.scope import current_tenant_id
from ui.values import spelled
from workflow.outbox import queue_mail


def tell_assignees(removals: Iterable[Removal]) -> None:
    """One mail to each assignee who can sign in, about all of theirs."""
    theirs: dict[Member, list[Removal]] = defaultdict(list)
    for removal in removals:
        member = removal.assignee.member if removal.assignee else None
        if member is not None and member.is_active:
            theirs[member].append(removal)
    for member, found in theirs.items():
        found.sort(key=lambda removal: removal.due_on)
        many = f"{len(found)} removals are waiting for you" if len(found) > 1 else "A removal is waiting for you"
        lines = [many + ".", "", *(_line(removal) for removal in found[:20])]
        if len(found) > 20:
            lines.append(f"... and {len(found) - 20} more.")
        lines += ["", _link(reverse("inventory:removal-list"))]
        queue_mail(to=member.email, subject=many, text="\n".join(lines), key=f"removals-requested:{found[0].pk}:{member.pk}")


def tell_assigned(removal: Removal, *, key: str) -> None:
    """Tell a new assignee; `key` names the handing over."""
    member = removal.assignee.member if removal.assignee else None
    if member is None or not member.is_active:
        return
    text = f"{_line(removal)}\n\nReason: {removal.reason}\n\n{_link(removal.get_absolute_url())}"
    queue_mail(
        to=member.email,
        subject=f"{removal.reference} is now with you",
        text=text,
        key=f"removal-assigned:{key}",
    )


def tell_managers_of_end(removal: Removal) -> None:
    """Tell the compliance managers that an acceptance has ended."""
    text = (
        f"The acceptance of {removal.access} of {removal.account.name} in {removal.system.name} ended on "
        f"{spelled(removal.accepted_until)}. {removal.reference} is open again.\n\n{_link(removal.get_absolute_url())}"
    )
    for member in compliance_managers():
        queue_mail(
            to=member.email,
            subject=f"{removal.reference}: the acceptance has ended",
            text=text,
            key=f"removal-acceptance-ended:{removal.pk}:{removal.accepted_until}:{member.pk}",
        )


def compliance_managers() -> Iterable[Member]:
    """The organization's active compliance managers."""
    everyone = Member.objects.active().filter(organization_id=current_tenant_id()).select_related("user")
    return everyone.having("compliance_manager")


def _line(removal: Removal) -> str:
    return f"- {removal.reference}: {removal.task} of {removal.whose} in {removal.system.name}, due {spelled(removal.due_on)}"


def _link(path: str) -> str:
    return f"{settings.PLUMBLINE_BASE_URL}{path}"
