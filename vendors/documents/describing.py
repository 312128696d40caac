"""A vendor as a subservice organization in our own system description: what it does, what we expect of it, its latest report."""

from typing import Any

from audit.actions import action
from audit.actors import Actor
from controls.binder.writing import add_row, change_row
from controls.models import SubserviceOrganization
from ui.refusals import ActionRefused
from vendors.models import AT_WORK, Vendor, VendorDocument
from vendors.register.actions import locked_one
from workflow.changes import change, differing

EDITED = "subservice_organization.edit"  # as the tables of the description call it


def described(vendor: Vendor) -> SubserviceOrganization | None:
    """The vendor's row in the system description, by its name."""
    rows = SubserviceOrganization.objects.filter(name=vendor.name, status=SubserviceOrganization.Status.ACTIVE)
    return rows.first()


@action
def describe(vendor: Vendor, *, actor: Actor, method: str, expected: str) -> SubserviceOrganization:
    """Put it into the description, or change what is expected of it there. Raises ActionRefused."""
    locked = locked_one(vendor)
    if locked.status not in AT_WORK:
        raise ActionRefused(f"{locked} is {locked.get_status_display().lower()}: our system does not lean on it.")
    facts: dict[str, Any] = {"service": locked.service, "method": method, "expected": expected.strip(), **_report(locked)}
    there = described(locked)
    if there is None:
        return add_row(SubserviceOrganization(name=locked.name, **facts), actor=actor)
    return change_row(there, actor=actor, **facts)


def follow_report(vendor: Vendor, *, actor: Actor) -> None:
    """Let the description name its latest report. Part of the action that adds, changes or withdraws one."""
    there = described(vendor)
    if there is not None and (fields := differing(there, _report(vendor))):
        change(there, EDITED, actor=actor, fields=fields)


def _report(vendor: Vendor) -> dict[str, Any]:
    """Its latest current SOC 2 report: its words and the last day that it speaks of."""
    reports = VendorDocument.objects.filter(vendor=vendor, kind=VendorDocument.Kind.SOC2, status=VendorDocument.Status.CURRENT)
    latest = reports.order_by("-period_to").first()
    if latest is None:
        return {"report": "", "report_until": None}
    kind = "SOC 2 Type II" if latest.report_type == VendorDocument.Type.TWO else "SOC 2 Type I"
    return {"report": kind, "report_until": latest.period_to}
