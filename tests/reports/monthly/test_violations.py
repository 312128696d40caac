"""What the report says of violations and exceptions."""

import datetime as dt
from typing import Any

import pytest

from policies.exceptions.actions import approve_exception
from policies.violations.actions import edit_violation, remedy_violation, report_violation
from reports.monthly.areas import violations
from reports.monthly.registry import Area
from reports.monthly.span import Span, month_end
from tenancy.scope import now
from tests.policies.making import asked, in_force

pytestmark = pytest.mark.usefixtures("in_acme")


def told(acme: Any) -> Area:
    first = acme.today().replace(day=1)
    return violations.told(Span(acme, first, month_end(first), now() + dt.timedelta(seconds=1)))


def test_there_is_nothing_where_there_never_was_one(acme):
    assert told(acme) == Area()


def test_it_counts_what_was_found_and_put_right_and_what_is_late(acme, manager):
    made = [report_violation(actor=manager, title=f"Violation {number}", resource="Payroll") for number in range(3)]
    remedy_violation(made[0], actor=manager, outcome="Done.")
    yesterday = acme.today() - dt.timedelta(days=1)
    edit_violation(made[1], actor=manager, severity="critical", due_on=yesterday)
    area = told(acme)
    (figure,) = area.figures
    assert (figure.part, figure.whole) == (1, 2)
    (section,) = area.sections
    assert section.sentence == "1 of 2 open violations past due. 3 were found in these days and 1 put right."
    late, _, trend = section.tables
    assert [row[:2] for row in late.rows] == [[f"{made[1]} Violation 1", "Critical"]]
    assert trend.rows[-1] == [f"{acme.today():%B %Y}", "3", "1", "0"]
    assert len(trend.rows) == violations.MONTHS
    assert [matter.text for matter in area.matters] == ["1 violation of a policy is past due, 1 of them critical or high"]
    assert [one.what for one in area.decisions] == [f"Put {made[1]} “Violation 1” right."]


def test_an_exception_that_ends_soon_is_named(acme, manager, approver, employee):
    one = approve_exception(asked(in_force(manager, approver), employee), actor=approver)
    area = told(acme)
    assert area.figures == []
    (table,) = area.sections[0].tables
    assert [row[:3] for row in table.rows] == [[f"{one} from Access control", employee.name, approver.name]]
