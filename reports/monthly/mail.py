"""Mail about reports: that one is there, and that one is not."""

import uuid
from collections.abc import Collection

from django.conf import settings

from accounts.models import Member
from evidence.printing.words import day
from reports.models import MonthlyReport, ReportSettings
from reports.monthly.data import Snapshot
from reports.monthly.front import asked, rows
from reports.monthly.span import name_of
from tenancy.models import current_organization
from workflow.outbox import queue_mail

READ = "reports.read"


def recipients() -> list[Member]:
    """Who is told: those chosen who may still read reports, else everybody with the executive role."""
    kept = ReportSettings.objects.first()
    members = [member for member in _members() if member.can(READ)]
    chosen = [member for member in members if kept and member.pk in kept.recipients]
    return chosen or [member for member in members if "executive" in member.roles]


def names_of(keys: Collection[uuid.UUID]) -> list[str]:
    """Members by name, for events."""
    return sorted(member.name for member in Member.objects.filter(pk__in=list(keys)).select_related("user"))


def tell_recipients(report: MonthlyReport, snapshot: Snapshot) -> None:
    """One mail for each recipient of a monthly report, however often this is tried; of one on demand to whoever asked."""
    told = recipients() if report.month else [report.asked_by] if report.asked_by else []
    subject = f"{snapshot.organization}: report of {snapshot.name}"
    for member in told:
        queue_mail(to=member.email, subject=subject, text=_text(report, snapshot), key=f"report:{report.pk}:{member.pk}")


def alarm(report: MonthlyReport) -> None:
    """Tell those who run the workspace that a report is not there, once for each."""
    name = name_of(report.starts_on, report.ends_on)
    lines = [
        f"The report of {name} ({report.reference}) has not been made.",
        report.problem,
        "It is tried again by itself. You can also have it made now on its page:",
        _link(report),
    ]
    for member in _members():
        if "administrator" in member.roles or member == report.asked_by:
            queue_mail(
                to=member.email,
                subject=f"The report of {name} has not been made",
                text="\n\n".join(lines),
                key=f"report-alarm:{report.pk}:{member.pk}",
            )


def _text(report: MonthlyReport, snapshot: Snapshot) -> str:
    figures = [f"- {row.label}: {row.now}" + (f" ({row.change})" if row.change else "") for row in rows(snapshot)]
    decisions = [f"{number}. {one.what} {one.who}, by {day(one.by)}." for number, one in enumerate(asked(snapshot), start=1)]
    parts = [
        snapshot.sentence,
        "\n".join(figures),
        "\n".join(["Decisions needed", *decisions]) if decisions else "No decisions needed.",
        f"Read and download it (you have to sign in):\n{_link(report)}",
    ]
    return "\n\n".join(parts)


def _link(report: MonthlyReport) -> str:
    return f"{settings.PLUMBLINE_BASE_URL}{report.get_absolute_url()}"


def _members() -> list[Member]:
    organization = current_organization()
    return list(Member.objects.active().of(organization).order_by("user__name"))
