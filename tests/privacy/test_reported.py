"""Deletions that other systems report for a schedule."""

import datetime as dt
from typing import Any

from controls.catalogue.actions import create_control
from controls.events.actions import log_events
from privacy.models import RetentionSchedule
from privacy.retention.reported import report_due_on, reports_of
from tests.controls.events.samples import CODE, event
from tests.privacy.making import a_schedule


def test_a_report_counts_for_the_schedule_whose_number_it_names_and_for_the_day_it_was_there(in_acme, acme, manager):
    facts: Any = {"title": "Data goes", "cadence": "quarterly", "in_scope_since": dt.date(2026, 1, 1), "criteria": {"CC6.1": ""}}
    control = create_control(actor=manager, code=CODE, **facts)
    schedule = a_schedule(manager, "", control=control, report_days=7)
    RetentionSchedule.objects.filter(pk=schedule.pk).update(reference="RET-2026-1000")
    schedule.refresh_from_db()
    evening = dt.datetime.combine(acme.today() - dt.timedelta(days=1), dt.time(23, 30), acme.tzinfo)  # of the next day in UTC
    named = ("RET-2026-1000", "RET-2026-1000 monthly", "RET-2026-10000", "RET-2026-1000-b")
    events = [event("deletion", str(number), at=evening, retention=words) for number, words in enumerate(named)]
    told = log_events(events, source="crm", organization=acme, actor=manager)
    assert [one.status for one in told] == ["accepted"] * 4
    assert {one.event_id for one in reports_of(schedule)} == {"deletion-0", "deletion-1"}
    assert report_due_on(schedule, acme.today()) == acme.today() + dt.timedelta(days=6)
