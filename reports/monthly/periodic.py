"""What reports do by themselves: one each month, and seeing to it that each is made."""

import datetime as dt

from audit.actors import SCHEDULE
from reports.models import MonthlyReport
from reports.monthly.actions import ask_month, fail_report
from reports.monthly.span import due_at, key_of, month_before
from reports.monthly.tasks import JOB_KIND, make_report
from tenancy.models import Organization
from workflow.models import Job

CATCH_UP = 12  # months that are made up for after the schedule stood still
AGAIN = dt.timedelta(minutes=30)  # without a sign, or after a failure
ALARM = dt.timedelta(hours=2)
GIVE_UP = dt.timedelta(days=7)
NOT_IN_TIME = "It was not ready two hours after it was begun."


def run_monthly(organization: Organization, at: dt.datetime) -> None:
    """Ask for the report of each month that is over, was not before the organization, and has none. Idempotent."""
    for first in months_due(organization, at):
        ask_month(first, actor=SCHEDULE)


def months_due(organization: Organization, at: dt.datetime) -> list[dt.date]:
    """The first days of those months, oldest first. A month is due at six in the morning, local time, of the day after it."""
    begun = organization.day_of(organization.created_at).replace(day=1)
    first = month_before(organization.day_of(at))
    if due_at(first, organization) > at:
        first = month_before(first)
    found: list[dt.date] = []
    while first >= begun and len(found) < CATCH_UP:
        found.append(first)
        first = month_before(first)
    known = set(MonthlyReport.objects.filter(month__in=[key_of(one) for one in found]).values_list("month", flat=True))
    return [one for one in reversed(found) if key_of(one) not in known]


def see_to_unfinished(_organization: Organization, at: dt.datetime) -> None:
    """Make again what gave no sign for half an hour, and raise the alarm about what is not there after two hours."""
    unfinished = MonthlyReport.objects.exclude(status=MonthlyReport.Status.READY).filter(asked_at__lt=at - AGAIN)
    for report in unfinished.select_for_update(of=("self",)).order_by("pk"):
        if report.status == MonthlyReport.Status.PENDING and report.asked_at < at - ALARM:
            fail_report(report, NOT_IN_TIME)
        if report.asked_at > at - GIVE_UP and not _tried_since(report, at - AGAIN):
            make_report.delay_on_commit(str(report.pk))


def _tried_since(report: MonthlyReport, since: dt.datetime) -> bool:
    return Job.objects.filter(kind=JOB_KIND, subject_id=report.pk, created_at__gte=since).exists()


def next_due(organization: Organization, at: dt.datetime) -> dt.datetime:
    """When the next monthly report is made."""
    first = organization.day_of(at).replace(day=1)
    this = due_at(month_before(first), organization)
    return this if this > at else due_at(first, organization)
