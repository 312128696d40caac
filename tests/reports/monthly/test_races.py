"""Two schedules and two workers at the same moment, with real commits."""

import datetime as dt

import pytest

from audit.actors import SCHEDULE
from evidence.models import Evidence
from reports.models import MonthlyReport
from reports.monthly.actions import ask_month
from reports.monthly.kept import COLLECTOR
from reports.monthly.tasks import make_report
from tenancy.models import Organization
from tenancy.scope import tenant
from tenancy.tasks import HEADER
from tests.races import at_once
from workflow.models import OutboxMessage

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("committed_db", "unprinted")]


def test_two_schedules_and_several_workers_make_one_report_and_one_mail(monkeypatch):
    acme = Organization.objects.get(slug="acme")
    monkeypatch.setattr("reports.monthly.actions._queue", lambda _: None)

    def ask(_):
        with tenant(acme):
            made = ask_month(dt.date(2026, 4, 1), actor=SCHEDULE)
            return made.pk if made else None

    made = [one for one in at_once(ask) if one is not None]
    assert len(made) == 1

    def work(_):
        make_report.apply(args=(str(made[0]),), headers={HEADER: str(acme.pk)}, throw=True)

    assert at_once(work) == [None] * 4
    with tenant(acme):
        report = MonthlyReport.objects.get()
        assert report.status == "ready"
        assert Evidence.objects.filter(collector=COLLECTOR).count() == 1
        assert OutboxMessage.objects.filter(key__startswith=f"report:{report.pk}:").count() == 1
