"""What the lower apps should know of the reports."""

from collections.abc import Iterator

from accounts.landing import register_landing
from accounts.models import Member
from reports.audience import landing, only_reads_results
from reports.models import MonthlyReport
from reports.monthly.areas import (
    access,
    changes,
    controls,
    evidence,
    findings,
    health,
    incidents,
    operation,
    policies,
    privacy,
    risks,
    testing,
    vendors,
    violations,
    weaknesses,
)
from reports.monthly.periodic import run_monthly, see_to_unfinished
from reports.monthly.registry import register_area
from ui.navigation import register_in_brief, register_place
from workflow.inbox import InboxEntry, Rows, register_inbox
from workflow.schedule import register_periodic

# In the order in which they stand in a report.
_AREAS = (
    controls, operation, testing, evidence, access, changes, incidents, health, weaknesses, policies, violations, vendors, risks,
    privacy, findings,
)  # fmt: skip


def register() -> None:
    """Fill the registries."""
    register_place("home", "Dashboard", "reports:dashboard", "controls.read", order=10, brief=True)
    register_place("audit", "Reports", "reports:list", "reports.read", order=10, brief=True)
    register_landing(landing)
    register_in_brief(only_reads_results)
    for order, area in enumerate(_AREAS, start=1):
        register_area(area.__name__, area.told, order=10 * order)
    register_periodic("reports.monthly", run_monthly)
    register_periodic("reports.unfinished", see_to_unfinished)
    register_inbox(not_made, reports_failed)


def reports_failed(member: Member) -> Rows:
    """The rows behind `not_made`."""
    if member.can("reports.write"):
        yield MonthlyReport.objects.filter(status=MonthlyReport.Status.FAILED)


def not_made(member: Member) -> Iterator[InboxEntry]:
    """A report that could not be made waits for those who may have it made."""
    if member.can("reports.write"):
        for report in MonthlyReport.objects.filter(status=MonthlyReport.Status.FAILED):
            url = report.get_absolute_url()
            yield InboxEntry(f"{report.reference} has not been made", url, "you run the reports", overdue=True, delegable=False)
