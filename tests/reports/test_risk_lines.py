"""What the dashboard says of the risks: the annual assessment counts when it is overdue, as in My work."""

import datetime as dt

from reports.dashboard.risks import ASSESSMENT, REGISTER, Line, _with_assessment
from reports.dashboard.waiting import Waiting

TODAY = dt.date(2026, 11, 22)
LINE = Line(REGISTER, "Risks", "12 in the register", "", "/", {})


def wrong(as_of: dt.date | None, *, submitted: int = 0, line: Line = LINE) -> str:
    return _with_assessment(line, Waiting(number=submitted, oldest=as_of), TODAY).wrong


def test_the_days_since_a_year_after_the_last_one_are_counted() -> None:
    assert ASSESSMENT == "assessment"
    assert wrong(TODAY - dt.timedelta(days=365 + 125)) == "the annual assessment is 125 days overdue"
    assert wrong(TODAY - dt.timedelta(days=366)) == "the annual assessment is 1 day overdue"
    assert wrong(TODAY - dt.timedelta(days=365)) == ""


def test_none_is_overdue_while_one_waits_for_approval_or_none_was_ever_made() -> None:
    assert wrong(TODAY - dt.timedelta(days=600), submitted=1) == ""
    assert wrong(None) == ""


def test_it_stands_beside_risks_that_are_late() -> None:
    late = Line(REGISTER, "Risks", "12 in the register", "2 not reviewed in time", "/", {})
    old = TODAY - dt.timedelta(days=400)
    assert wrong(old, line=late) == "2 not reviewed in time, the annual assessment is 35 days overdue"
