"""What gap analyses do by themselves: one each quarter, of the period that runs."""

import datetime as dt

from audit.actors import SCHEDULE
from controls.gaps.actions import take_run
from controls.models import AuditPeriod, ControlState, GapRun
from controls.periods.current import usual
from tenancy.models import Organization


def quarter_of(day: dt.date) -> tuple[str, dt.date]:
    """Such as 2026-Q4, and its first day."""
    number = (day.month + 2) // 3
    return f"{day.year}-Q{number}", dt.date(day.year, 3 * number - 2, 1)


def run_quarterly(organization: Organization, at: dt.datetime) -> None:
    """Analyse the open period once in each quarter, as early in it as the schedule runs. Idempotent, also of two at once.

    Not in the quarter in which the period was added, whose first analysis is somebody's own to ask for.
    """
    quarter, first = quarter_of(organization.day_of(at))
    if _is_taken(quarter):
        return
    known = AuditPeriod.objects.filter(
        status=AuditPeriod.Status.OPEN, created_at__lt=organization.end_of(first - dt.timedelta(days=1))
    )
    period = usual(list(known), organization.today())
    if period is None or not ControlState.objects.filter(period=period, in_scope=True).exists():
        return
    # Of two schedules that run at once the second waits here for the first, and finds its analysis.
    AuditPeriod.objects.select_for_update(of=("self",), no_key=True).get(pk=period.pk)
    if not _is_taken(quarter):
        take_run(period, actor=SCHEDULE, quarter=quarter)


def _is_taken(quarter: str) -> bool:
    return GapRun.objects.filter(quarter=quarter).exists()
