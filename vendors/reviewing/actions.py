"""Recording what somebody concluded of a vendor."""

import datetime as dt
from collections.abc import Collection

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control
from tenancy.scope import now
from ui.refusals import ActionRefused
from vendors.keys.looks import refuse_keys
from vendors.models import AT_WORK, ReviewControl, Vendor, VendorReview
from vendors.register.actions import locked_one, today
from vendors.rights import authorise, member_of
from vendors.tiers import REVIEW_DAYS, worse

Kind, Conclusion = VendorReview.Kind, VendorReview.Conclusion


@action
def review(
    vendor: Vendor,
    *,
    actor: Actor,
    reviewed_on: dt.date,
    summary: str,
    conclusion: str,
    residual: str,
    kind: str = "",
    conditions: str = "",
    lowered_by: str = "",
    controls: Collection[Control] = (),
) -> VendorReview:
    """Record one. It is due diligence until the vendor is in use, and says when the next is due after. Raises ActionRefused."""
    authorise(actor, vendor)
    locked = locked_one(vendor)
    _check(locked, reviewed_on, residual, lowered_by, controls)
    refuse_keys({"summary": summary, "conditions": conditions, "lowered_by": lowered_by})
    if conclusion == Conclusion.CONDITIONS and not conditions.strip():
        raise ActionRefused("Say which conditions.", field="conditions")
    made = VendorReview(
        vendor=locked,
        kind=kind or (Kind.PERIODIC if locked.status in AT_WORK and locked.diligence_on else Kind.DUE_DILIGENCE),
        reviewed_on=reviewed_on,
        reviewed_by=member_of(actor),
        made_at=now(),
        summary=summary.strip(),
        conclusion=conclusion,
        conditions=conditions.strip(),
        inherent=locked.inherent,
        residual=residual,
        lowered_by=lowered_by.strip(),
    )
    made.save(force_insert=True)
    named = sorted(one.code for one in controls)
    after = {"kind": made.kind, "conclusion": conclusion, "residual": residual, "controls": named}
    record("vendor_review.record", made, actor=actor, after=after, metadata={"vendor": str(locked)})
    ReviewControl.objects.bulk_create(ReviewControl(review=made, control=one) for one in controls)
    _follow(locked, made, actor)
    return made


def _check(vendor: Vendor, day: dt.date, residual: str, lowered_by: str, controls: Collection[Control]) -> None:
    if vendor.status in (Vendor.Status.REQUESTED, Vendor.Status.REJECTED, Vendor.Status.LEFT):
        raise ActionRefused(f"{vendor} is {vendor.get_status_display().lower()}: there is nothing to review now.")
    if day > today():
        raise ActionRefused("Not after today.", field="reviewed_on")
    if worse(residual, vendor.inherent):
        raise ActionRefused("Controls do not raise a risk: change the answers instead.", field="residual")
    if worse(vendor.inherent, residual) and not (lowered_by.strip() or controls):
        raise ActionRefused("Say what lowers the risk, or name the controls that do.", field="lowered_by")


def _follow(vendor: Vendor, made: VendorReview, actor: Actor) -> None:
    """The vendor's own facts are those of its latest review; one entered late changes them no more."""
    names = ("diligence_on", "reviewed_on", "residual", "next_review_on")
    before = {name: getattr(vendor, name) for name in names}
    latest = vendor.reviewed_on is None or made.reviewed_on >= vendor.reviewed_on
    if made.kind == Kind.DUE_DILIGENCE:
        found = made.conclusion != Conclusion.NOT_ACCEPTABLE
        if found:
            vendor.diligence_on = max(made.reviewed_on, vendor.diligence_on or made.reviewed_on)
        elif latest:
            vendor.diligence_on = None
    if latest:
        vendor.reviewed_on, vendor.residual = made.reviewed_on, made.residual
        if vendor.status in AT_WORK:
            vendor.next_review_on = made.reviewed_on + dt.timedelta(days=REVIEW_DAYS[vendor.tier])
    after = {name: getattr(vendor, name) for name in names}
    vendor.save(update_fields=list(names))
    record("vendor.follow_review", vendor, actor=actor, before=before, after=after, metadata={"review": str(made)})
