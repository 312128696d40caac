"""Mail about vendors, to those it concerns."""

from accounts.models import Member
from vendors.models import Vendor
from workflow.digests import link
from workflow.outbox import queue_mail


def tell_owner(vendor: Vendor, what: str, *, key: str) -> None:
    """Tell its owner; `what` completes the sentence."""
    _tell(vendor.owner.member if vendor.owner else None, vendor, what, key)


def tell_decision(vendor: Vendor) -> None:
    """Tell whoever asked for it, and its owner."""
    key = f"decision:{vendor.pk}:{vendor.decided_at}"
    what = f"is {vendor.get_status_display().lower()}: {vendor.decision}"
    owner = vendor.owner.member if vendor.owner else None
    for member in {one.pk: one for one in (vendor.requested_by, owner) if one is not None}.values():
        _tell(member, vendor, what, key)


def _tell(member: Member | None, vendor: Vendor, what: str, key: str) -> None:
    if member is None or not member.is_active:
        return
    subject = f"{vendor} {what}"
    text = f"{vendor} {what}\n\n{link(vendor.get_absolute_url())}\n"
    queue_mail(to=member.email, subject=subject[:150], text=text, key=f"vendor:{key}:{member.pk}")
