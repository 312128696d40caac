"""Monthly reports. Larkfield has those of each month since July that is over; both have one of this month so far.

The figures of each are taken when that much of the year has been told, so they are what the schedule would have found on
the first of the month after; a worker prints them once the example is there.
"""

import datetime as dt

from accounts.models import Member
from audit.actors import SCHEDULE
from example.dates import Calendar
from example.importing import SetUpFailed
from reports.models import MonthlyReport
from reports.monthly.actions import ask_month, ask_report, take_figures
from reports.monthly.span import due_at, next_month
from tenancy.models import current_organization


def reported(calendar: Calendar) -> list[dt.date]:
    """The first days of the months that have a report."""
    found, month = [], calendar.third.first
    while next_month(month) <= calendar.today:
        found.append(month)
        month = next_month(month)
    return found


def report_month(first: dt.date) -> MonthlyReport:
    """The report of a month, as of six in the morning of the day after it."""
    moment = due_at(first, current_organization())
    report = ask_month(first, actor=SCHEDULE, at=moment)
    if report is None:
        raise SetUpFailed(f"{first:%B} has a report already.")
    return take_figures(report, at=moment)


def report_so_far(calendar: Calendar, *, manager: Member) -> MonthlyReport:
    """The present month until today, as a compliance manager asks for it before a meeting."""
    return take_figures(ask_report(calendar.today.replace(day=1), calendar.today, actor=manager))
