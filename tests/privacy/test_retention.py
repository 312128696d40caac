"""Schedules delete what is due, with a certificate, and leave what is held."""

import datetime as dt
import hashlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from accounts.models import Invitation
from audit.models import AuditEvent
from evidence.files import open_file
from privacy.models import DeletionCertificate, RetentionSchedule
from privacy.retention import deleting
from privacy.retention.deleting import delete_due, outlook, run_schedules
from privacy.retention.holding import lift_hold, place_hold, unheld
from privacy.writing import move
from tenancy.ids import uuid7
from tenancy.scope import now
from tests.privacy.making import a_schedule, old_mail
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage
from workflow.outbox import forget_mail
from workflow.retention import Disposable, disposables, register_disposable


def test_what_is_due_goes_with_a_certificate_that_anybody_can_check(in_acme, manager):
    gone, young = old_mail(3), old_mail(1, days=10)
    schedule = a_schedule(manager)
    made = delete_due(schedule, actor=manager)
    assert made is not None
    assert set(OutboxMessage.objects.filter(pk__in=[one.pk for one in [*gone, *young]])) == set(young)
    listed = "".join(f"{key}\n" for key in sorted(str(one.pk) for one in gone)).encode()
    with open_file(made.listed) as file:
        assert file.read() == listed
    assert (made.count, made.held, made.digest) == (3, 0, hashlib.sha256(listed).hexdigest())
    assert (made.by, made.what, made.schedule) == (manager.name, "E-mails that were sent", schedule)
    assert delete_due(schedule, actor=manager) is None


def test_every_kind_that_may_be_deleted_is_guarded_by_the_database(in_acme):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = 'held'")
        guarded = {table: bytes(arguments).split(b"\0")[:3] for table, arguments in cursor.fetchall()}
    assert guarded == {
        kind.rows().model._meta.db_table: [kind.key.encode(), kind.moment.encode(), kind.about.encode()]
        for kind in disposables().values()
    }


@pytest.mark.parametrize("label", ["audit.AuditEvent", "evidence.Evidence", "controls.ControlEvent", "inventory.Entitlement"])
def test_what_an_audit_stands_on_cannot_be_registered(label):
    from django.apps import apps

    with pytest.raises(ValueError, match="never deleted"):
        register_disposable(Disposable("x", "X", "x", apps.get_model(label).objects.all, "at"))


def test_a_hold_keeps_what_it_covers_and_the_rest_goes(in_acme, manager):
    old_mail(2, to="ada@example.com")
    old_mail(3)
    schedule = a_schedule(manager)
    hold = place_hold(actor=manager, matter="Ada against us", reason="Suit", kinds=["mail"], about="ADA@example.com")
    seen = outlook(schedule)
    assert seen is not None
    assert (seen.due, seen.held) == (5, 2)
    made = delete_due(schedule, actor=manager)
    assert made is not None
    assert (made.count, made.held) == (3, 2)
    assert delete_due(schedule, actor=manager) is None
    lift_hold(hold, actor=manager, reason="Settled")
    last = delete_due(schedule, actor=manager)
    assert last is not None
    assert last.count == 2


def delete_past_the_product(one):
    with transaction.atomic(), connection.cursor() as cursor:
        OutboxMessage.objects.filter(pk=one.pk).delete()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("facts", "covered"),
    [
        ({}, True),
        ({"kinds": ["mail"]}, True),
        ({"kinds": ["jobs"]}, False),
        ({"about": "someone@acme.example"}, True),
        ({"about": "other@acme.example"}, False),
        ({"since": 101}, True),
        ({"since": 99}, False),
        ({"until": 99}, True),
        ({"until": 101}, False),
    ],
)
def test_the_rule_of_the_product_is_that_of_the_database(in_acme, acme, manager, facts, covered):
    (one,) = old_mail(1)
    days = {name: acme.today() - dt.timedelta(days=facts[name]) for name in ("since", "until") if name in facts}
    place_hold(actor=manager, matter="M", reason="R", **{"kinds": [], **facts, **days})
    schedule = a_schedule(manager)
    seen = outlook(schedule)
    assert seen is not None
    assert seen.held == int(covered)
    if covered:
        assert delete_due(schedule, actor=manager) is None
        with pytest.raises(IntegrityError, match="legal hold"):
            delete_past_the_product(one)
    else:
        assert delete_due(schedule, actor=manager) is not None


def test_logs_that_go_by_the_products_own_rule_are_held_too(in_acme, acme, manager):
    old_mail(2, days=500, to="ada@example.com")
    old_mail(1, days=500)
    place_hold(actor=manager, matter="M", reason="R", kinds=["mail"], about="ada@example.com")
    forget_mail(acme, now())
    assert OutboxMessage.objects.filter(subject="Old").count() == 2


def test_with_a_schedule_its_days_count_and_not_the_products(in_acme, acme, manager):
    old_mail(1, days=500)
    a_schedule(manager, days=800)
    forget_mail(acme, now())
    assert OutboxMessage.objects.filter(subject="Old").exists()


def test_it_runs_once_a_night_by_itself(in_acme, acme, manager):
    old_mail(2)
    schedule = a_schedule(manager)
    a_schedule(manager, "jobs", automatic=False)
    local = dt.datetime.combine(acme.today(), dt.time(1, 30), acme.tzinfo)
    run_schedules(acme, local)
    assert not DeletionCertificate.objects.exists()
    run_schedules(acme, local + dt.timedelta(hours=1))
    made = DeletionCertificate.objects.get()
    assert (made.by, made.made_by, schedule.refreshed().ran_on) == ("Plumbline (schedule)", None, acme.today())
    old_mail(1, days=101)
    run_schedules(acme, local + dt.timedelta(hours=2))
    assert DeletionCertificate.objects.count() == 1


def test_rows_with_a_trail_of_their_own_go_with_an_event_that_names_nobody(in_acme, manager):
    made = Invitation(email="old@acme.example", roles=["viewer"], token_hash="0" * 64, status="revoked")
    from audit.actions import action
    from audit.record import record

    @action
    def invite() -> None:
        made.save()
        record("member.invite", made, actor=manager)

    invite()
    Invitation.objects.filter(pk=made.pk).update(created_at=now() - dt.timedelta(days=100))

    @action
    def touch() -> None:
        record("member.invite", made, actor=manager)

    touch()
    certificate = delete_due(a_schedule(manager, "invitations"), actor=manager)
    assert certificate is not None
    event = AuditEvent.objects.filter(verb="deletion.delete").get()
    assert event.object_id == made.pk
    assert "old@acme.example" not in event.body


def test_a_schedule_keeps_data_as_long_as_it_has_to_and_deletes_only_its_own(in_acme, manager, executive):
    with pytest.raises(ActionRefused, match="30 days at least"):
        a_schedule(manager, days=7)
    with pytest.raises(ActionRefused, match="only its own data"):
        a_schedule(manager, "", automatic=True)
    with pytest.raises(ActionRefused, match="role"):
        a_schedule(executive)
    a_schedule(manager)
    with pytest.raises(ActionRefused, match="a schedule for this data already"):
        a_schedule(manager)


def test_a_retired_schedule_deletes_nothing(in_acme, manager):
    old_mail(1)
    schedule = move(a_schedule(manager), RetentionSchedule.RETIRE, actor=manager)
    with pytest.raises(ActionRefused, match="deletes nothing"):
        delete_due(schedule, actor=manager)


def test_a_certificate_cannot_be_changed(in_acme, manager):
    old_mail(1)
    made = delete_due(a_schedule(manager), actor=manager)
    assert made is not None
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        DeletionCertificate.objects.filter(pk=made.pk).update(count=0)


def test_what_becomes_due_meanwhile_is_counted_as_held_by_nobody(in_acme, manager, monkeypatch):
    def while_more_comes(kind, rows):
        old_mail(1, to=f"{uuid7()}@acme.example")
        return unheld(kind, rows)

    old_mail(1)
    schedule = a_schedule(manager)
    monkeypatch.setattr(deleting, "unheld", while_more_comes)
    made = delete_due(schedule, actor=manager)
    assert made is not None
    assert made.held == 0


def test_what_others_are_deleting_gets_no_certificate_of_nothing(in_acme, manager, monkeypatch):
    old_mail(1)
    schedule = a_schedule(manager)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self.none())
    with pytest.raises(ActionRefused, match="being deleted"):
        delete_due(schedule, actor=manager)
    assert not DeletionCertificate.objects.exists()


def test_a_schedule_that_fails_stops_no_other(in_acme, acme, manager, monkeypatch, caplog):
    old_mail(1)
    broken = a_schedule(manager, "jobs")
    schedule = a_schedule(manager)
    one_by_one = deleting.delete_due

    def failing(one, *, actor):
        if one == broken:
            raise IntegrityError("of another kind")
        return one_by_one(one, actor=actor)

    monkeypatch.setattr(deleting, "delete_due", failing)
    run_schedules(acme, dt.datetime.combine(acme.today(), dt.time(2, 30), acme.tzinfo))
    assert DeletionCertificate.objects.get().schedule == schedule
    assert (broken.refreshed().ran_on, f"{broken} was not run" in caplog.text) == (None, True)
