"""What has to be there before a vendor is used, by its tier and answers; and the finding when it was not."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import record
from controls.findings.actions import raise_finding
from controls.models import Control, Finding
from tenancy.models import Organization, current_organization
from ui.values import spelled
from vendors.assurance.assuring import assuring, good_answers, in_force
from vendors.models import AT_WORK, Vendor
from vendors.register.actions import locked_one
from vendors.tiers import DataShared, Tier

AT_ONCE = 50  # findings of one run of the schedule
SEVERITY = {1: "high", 2: "medium", 3: "low"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that is asked for before use: what, why, and whether it is there."""

    what: str
    why: str
    there: bool

    @property
    def name(self) -> str:
        """Within a sentence."""
        return self.what[0].lower() + self.what[1:]


def asked_of(vendor: Vendor) -> list[Asked]:
    """What this vendor needs before it may be used."""
    found = [
        Asked("An owner", "somebody answers for it", vendor.owner_id is not None),
        Asked("A due-diligence review", "somebody has looked before it gets anything", vendor.diligence_on is not None),
        Asked("A decision", "somebody who did not ask for it has approved it", _approved(vendor)),
    ]
    if vendor.data_shared == DataShared.CUSTOMER:
        there = in_force(vendor, current_organization().today()).filter(kind="dpa").exists()
        found.append(Asked("A data processing agreement", "it gets data of customers, or personal data", there))
    if vendor.tier < Tier.THREE:
        found.append(
            Asked("Something that assures of it", "a good report, a certificate or good answers, not too old", _assured(vendor))
        )
    if vendor.is_ai:
        told = bool(vendor.ai_sent and vendor.ai_retention) and vendor.ai_training != Vendor.Training.UNKNOWN
        found.append(Asked("What its AI gets", "what is sent, how long it is kept and whether it trains with it is known", told))
    if vendor.is_ai and vendor.data_shared >= DataShared.CONFIDENTIAL:
        trains = vendor.ai_training == Vendor.Training.YES
        found.append(Asked("No training with our data", "it gets confidential data or data of customers", not trains))
    return found


def _assured(vendor: Vendor) -> bool:
    day = current_organization().today()
    return assuring(vendor, day).exists() or good_answers(vendor, day).exists()


def lacking(day: dt.date) -> QuerySet[Vendor]:
    """Those in use of which something is missing, as `missing` says."""
    key = OuterRef("pk")
    agreed = Exists(in_force(key, day).filter(kind="dpa"))
    assured = Exists(assuring(key, day)) | Exists(good_answers(key, day))
    lacks = Q(owner=None) | Q(diligence_on=None) | Q(decided_at=None)
    lacks |= Q(is_ai=True) & (Q(ai_sent="") | Q(ai_retention="") | Q(ai_training=Vendor.Training.UNKNOWN))
    lacks |= Q(is_ai=True, data_shared__gte=DataShared.CONFIDENTIAL, ai_training=Vendor.Training.YES)
    lacks |= (Q(data_shared=DataShared.CUSTOMER) & ~Q(agreed)) | (Q(tier__lt=Tier.THREE) & ~Q(assured))
    return Vendor.objects.filter(lacks, status__in=AT_WORK)


def suspects(day: dt.date) -> QuerySet[Vendor]:
    """Of `lacking` those of which no finding says so: none, or one that is closed.

    Of one that is being left the first finding is enough: that is what it asks for.
    """
    untold = Q(finding=None) | Q(finding__status=Finding.Status.CLOSED, status=Vendor.Status.IN_USE)
    return lacking(day).filter(untold)


def _approved(vendor: Vendor) -> bool:
    """Whether the last decision, if there is one, was to use it: what is rejected has never got beyond."""
    return vendor.decided_at is not None and vendor.status not in (Vendor.Status.REJECTED, Vendor.Status.REQUESTED)


def missing(vendor: Vendor) -> list[Asked]:
    """What of it is not there."""
    return [one for one in asked_of(vendor) if not one.there]


def decided_late(vendor: Vendor, since: dt.date) -> str:
    """How it was used from a day on which nobody had decided on it yet, as part of a sentence; empty when it was not.

    The day of the decision is that of the clock. A decision comes after the due diligence, whatever day that one bears.
    """
    decided = current_organization().day_of(vendor.decided_at) if vendor.decided_at else since
    return f"it is used since {spelled(since)} and was decided on only on {spelled(decided)}" if since < decided else ""


def raise_missing(vendor: Vendor, *, actor: Actor, late: str = "") -> Finding | None:
    """Raise a finding of a vendor in use that lacks something, or as `late` says did so when its use began, unless one says so.

    Part of an action that has locked it.
    """
    lacks = missing(vendor)
    told = vendor.finding is not None and vendor.finding.status != Finding.Status.CLOSED
    if not (lacks or late) or told or vendor.status not in AT_WORK:
        return None
    words = "; ".join([*(f"{one.name} ({one.why})" for one in lacks), *([late] if late else [])])
    finding = raise_finding(
        actor=actor,
        title=f"{vendor}: in use without due diligence"[:200],
        severity=SEVERITY[vendor.tier],
        source=Finding.Source.OTHER,
        link=vendor.get_absolute_url(),
        owner=vendor.owner,
        control=Control.objects.filter(code="VEN-001", status=Control.Status.ACTIVE).select_related("owner").first(),
        risk=f"It is in use, and this is missing or came too late: {words}.",
        remediation="Do what is missing, or stop using it. Say how it came to be used before.",
        evidence_required="The review of the vendor and the decision about it.",
    )
    vendor.finding = finding
    vendor.save(update_fields=["finding"])
    record("vendor.raise_finding", vendor, actor=actor, after={"finding": str(finding)})
    return finding


def raise_findings(organization: Organization, at: dt.datetime) -> None:
    """Raise the finding of those that came to lack something after they were put into use. Idempotent."""
    for one in suspects(organization.day_of(at)).order_by("tier", "pk")[:AT_ONCE]:
        if missing(one):
            _raise(one)


@action
def _raise(vendor: Vendor) -> None:
    raise_missing(locked_one(vendor), actor=SCHEDULE)
