"""What the dashboard says of the risks: the annual assessment counts when it is overdue, as in My work."""

import datetime as dt

from reports.dashboard.programme import assessment_late
from reports.dashboard.waiting import Waiting

TODAY = dt.date(2026, 11, 22)


def late(as_of: dt.date | None, *, submitted: int = 0) -> int:
    return assessment_late(Waiting(number=submitted, oldest=as_of), TODAY)


def test_the_days_since_a_year_after_the_last_one_are_counted() -> None:
    assert late(TODAY - dt.timedelta(days=365 + 125)) == 125
    assert late(TODAY - dt.timedelta(days=366)) == 1
    assert late(TODAY - dt.timedelta(days=365)) == 0


def test_none_is_overdue_while_one_waits_for_approval_or_none_was_ever_made() -> None:
    assert late(TODAY - dt.timedelta(days=600), submitted=1) == 0
    assert late(None) == 0
