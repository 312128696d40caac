"""Reports that wait to be evaluated, in My work: by the day on which they are due."""

import datetime as dt

from incidents.models import SecurityEvent
from incidents.reporting.actions import report_event
from incidents.reporting.inbox import waiting
from tenancy.scope import now
from workflow.inbox import inbox_of


def test_a_grave_report_is_due_on_the_day_it_was_made_and_stands_before_what_is_due_later(in_acme, manager, employee, acme):
    report_event(actor=employee, title="A strange mail", source="person", severity="low")
    (entry,) = waiting(manager)
    assert (entry.due, entry.overdue, entry.why) == (acme.today() + dt.timedelta(days=7), False, "you run incidents")
    grave = report_event(actor=employee, title="A laptop is gone", source="person", severity="high")
    (entry,) = waiting(manager)
    assert entry.title == f"{grave.reference} and 1 more are to be evaluated"
    assert (entry.due, entry.overdue) == (acme.today(), False)
    assert entry.why == "you run incidents, and 1 is reported as critical or high"
    assert inbox_of(manager)[0].url == entry.url


def test_one_of_yesterday_is_late_and_a_light_one_after_a_week(in_acme, manager, employee, acme):
    event = report_event(actor=employee, title="A laptop is gone", source="person", severity="critical")
    SecurityEvent.objects.filter(pk=event.pk).update(reported_at=now() - dt.timedelta(days=1))
    (entry,) = waiting(manager)
    assert (entry.due, entry.overdue) == (acme.today() - dt.timedelta(days=1), True)
    SecurityEvent.objects.filter(pk=event.pk).update(severity="medium", reported_at=now() - dt.timedelta(days=8))
    (entry,) = waiting(manager)
    assert (entry.due, entry.overdue) == (acme.today() - dt.timedelta(days=1), True)
