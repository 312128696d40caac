"""Owners are reminded before their evidence expires, by one mail a day at most, and it waits in their work."""

import datetime as dt

import pytest

from accounts.models import Member
from audit.models import AuditEvent
from evidence.inbox import waiting
from evidence.reminders import send_reminders
from evidence.standing import withdraw_evidence
from tests.evidence.helpers import kept
from workflow.digests import key_of
from workflow.models import OutboxMessage
from workflow.outbox import queue_mail

EXPIRES = dt.date(2026, 12, 31)
LONG_AGO = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


@pytest.fixture
def item(in_acme, manager):
    return kept(manager, owner=manager, expires_on=EXPIRES, collected_at=LONG_AGO)


def at(day, hour=14):
    """Nine in the morning in New York."""
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def sent(acme, *days, hour=14):
    for before in days:
        send_reminders(acme, at(EXPIRES - dt.timedelta(days=before), hour))
    return list(OutboxMessage.objects.order_by("created_at").values_list("key", flat=True))


def test_the_owner_is_written_to_on_the_three_days(acme, item, manager):
    keys = sent(acme, 31, 30, 30, 29, 8, 7, 6, 2, 1, 0)
    assert keys == [key_of(manager.pk, EXPIRES - dt.timedelta(days=days)) for days in (30, 7, 1)]
    mail = OutboxMessage.objects.first()
    assert mail is not None
    assert (mail.to, mail.subject) == (manager.email, f"Evidence expires: {item.reference} Firewall rules")
    assert f"{item.reference} Firewall rules expires on 31 December." in mail.text
    assert f"/o/acme/evidence/{item.pk}/" in mail.text
    assert AuditEvent.objects.filter(verb="evidence.remind", object_id=item.pk).count() == 3


def test_a_host_that_was_down_makes_up_for_it_with_one_mail(acme, item):
    assert len(sent(acme, 5, 4)) == 1


def test_a_host_that_was_down_for_long_leaves_it_to_the_work(acme, item):
    assert len(sent(acme, 20)) == 0


def test_nobody_is_written_to_at_night(acme, item):
    assert sent(acme, 30, hour=9) == []


def test_one_mail_a_day_whoever_writes_it(acme, item, manager):
    queue_mail(to=manager.email, subject="s", text="t", key=key_of(manager.pk, EXPIRES - dt.timedelta(days=30)))
    assert len(sent(acme, 30, 29)) == 1


def test_what_expires_together_is_one_mail(acme, item, manager):
    kept(manager, "Other", owner=manager, expires_on=EXPIRES, collected_at=LONG_AGO)
    assert len(sent(acme, 30)) == 1
    assert OutboxMessage.objects.get().subject == "Evidence expires: 2 items"


@pytest.mark.parametrize("how", ["withdrawn", "ownerless", "left", "new"])
def test_others_are_not_written_to(acme, item, manager, how):
    if how == "withdrawn":
        withdraw_evidence(item, actor=manager, reason="r")
    elif how == "ownerless":
        type(item).objects.filter(pk=item.pk).update(owner=None)
    elif how == "left":
        Member.objects.filter(pk=manager.pk).update(status="removed")
    else:
        type(item).objects.filter(pk=item.pk).update(collected_at=at(EXPIRES - dt.timedelta(days=29)))
    assert sent(acme, 29) == []


def test_what_expires_or_has_expired_waits_for_its_owner(in_acme, acme, manager, viewer):
    today = acme.today()
    first = kept(manager, "Soon", owner=viewer, expires_on=today + dt.timedelta(days=3))
    gone = kept(manager, "Gone", owner=viewer, expires_on=today - dt.timedelta(days=3))
    nobodys = kept(manager, "Nobody's", expires_on=today - dt.timedelta(days=3))
    stale, soon = waiting(viewer)
    assert (stale.title, stale.overdue, stale.due) == (f"{gone.reference} is stale", True, today - dt.timedelta(days=3))
    assert (soon.title, soon.overdue, soon.due) == (f"{first.reference} expires soon", False, today + dt.timedelta(days=3))
    assert f"owner={viewer.pk}&freshness=expiring" in soon.url
    assert [entry.title for entry in waiting(manager)] == [f"{nobodys.reference} has no owner and is stale"]
