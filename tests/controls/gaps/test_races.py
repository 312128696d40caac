"""Two schedules at once take one gap analysis of a quarter, and neither fails."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.gaps.periodic import quarter_of, run_quarterly
from controls.models import GapRun
from controls.periods.actions import create_period
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.races import at_once

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("committed_db")]


def test_a_quarter_is_analysed_once(monkeypatch):
    monkeypatch.setattr("controls.gaps.tasks.gap_pdf", lambda snapshot: b"%PDF-1.7 " + snapshot.reference.encode())
    acme, manager = Organization.objects.get(slug="acme"), Cast().manager
    today = acme.today()
    first, last = today - dt.timedelta(days=180), today + dt.timedelta(days=180)
    with tenant(acme):
        create_period(actor=manager, name="This year", kind="type2", starts_on=first, ends_on=last)
        create_control(
            actor=manager, code="AC-001", title="Reviewed", cadence="yearly", in_scope_since=today, criteria={"CC6.2": ""}
        )
    later = quarter_of(today)[1] + dt.timedelta(days=95)
    moment = dt.datetime.combine(later, dt.time(12), tzinfo=dt.UTC)

    def tick(_: int) -> str:
        with tenant(acme):
            run_quarterly(acme, moment)
        return "done"

    assert at_once(tick) == ["done"] * 4
    with tenant(acme):
        assert GapRun.objects.get().quarter == quarter_of(later)[0]
        assert AuditEvent.objects.filter(verb="gap_run.take").count() == 1
