"""Whoever holds the database cannot pass off what they delete as retention, and nobody who reads is stood in the way of."""

import datetime as dt
from concurrent.futures import wait

import pytest
from django.db import OperationalError

from audit.actors import SCHEDULE
from audit.record import record
from audit.seal.checking.heads import check_heads
from audit.seal.retained import removed
from proof.retention.removing import remove_month, remove_old_months
from proof.retention.rules import Month
from proof.trail.tasks import seal_and_check
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast, signed_in
from tests.privacy.test_races import elsewhere, until, waits
from tests.proof.attacking import attack, superuser
from tests.proof.old_months import OLD, OLDER, TODAY, left, partition

pytestmark = pytest.mark.usefixtures("committed_db")


def tell(trail, months):
    """An event of a retention that never was, sealed by the product as it knows no better."""
    with tenant(trail.organization):
        month, count = list(months.items())[-1]
        record("trail.remove", trail.organization, actor=SCHEDULE, metadata={"month": month, "events": count, "removed": months})
    trail.seal()


@pytest.fixture
def acme(committed_db: None) -> Organization:
    """What is committed, as partitions of the trail are."""
    return Organization.objects.get(slug="acme")


def words(trail):
    return " ".join(fault.words for fault in trail.check().faults)


def test_what_tells_of_it_is_of_when_it_was_sealed_whatever_time_it_bears(trail, monkeypatch):
    young, ahead = Month(dt.datetime.now(dt.UTC).date().replace(day=1)), Month(dt.date(2041, 1, 1))
    partition(ahead)
    with monkeypatch.context() as patch:
        patch.setattr("audit.record.event_instant", lambda: ahead.span[0])
        tell(trail, {young.name: 1})
    attack("DELETE FROM audit_event WHERE id = %s", trail.events[-1])
    assert f"retention took {young.name} out, which was not a year old then" in words(trail)
    with tenant(trail.organization):
        assert removed().taken == {}


def test_what_was_sealed_within_the_year_is_missed_in_whatever_month_its_place_is_said_to_be(trail):
    remove_old_months(TODAY)
    gone = trail.events[-1]
    attack("DELETE FROM audit_event WHERE id = %s", gone)
    attack("UPDATE audit_auditleaf SET at = %s WHERE id = %s", OLD.span[0], gone)
    tell(trail, {OLDER.name: 3, OLD.name: 4})
    verdict = trail.check()
    assert [(fault.kind, fault.event) for fault in verdict.faults] == [("missing", gone)]


def test_a_single_event_is_missed_in_a_month_that_the_trail_says_was_taken_out(trail, acme):
    (gone, *_) = attack("SELECT id FROM audit_event_2024_03 WHERE tenant_id = %s ORDER BY at", acme.pk)
    attack("DELETE FROM audit_event WHERE id = %s", *gone)
    tell(trail, {OLD.name: 3})
    assert "which it does as a whole; 2 of its events are there" in words(trail)
    assert gone[0] in {fault.event for fault in trail.check().faults}


@pytest.mark.parametrize("body", ["", "{}", '{"metadata": null}', '{"metadata": {"removed": {"then": "some"}}}'])
def test_an_event_that_cannot_be_read_tells_of_nothing_and_stops_no_check(trail, body):
    remove_old_months(TODAY)
    trail.seal()
    assert trail.check().state == "intact"
    attack("UPDATE audit_event SET body = %s WHERE verb = 'trail.remove'", body)
    assert {"altered", "missing"} <= trail.kinds()
    assert signed_in(Cast().manager).get("/o/acme/proof/").status_code == 200


def test_a_month_is_not_held_while_whoever_reads_the_trail_is_waited_for(trail):
    with elsewhere() as start, superuser() as reader, reader.transaction():
        reader.execute("LOCK TABLE ONLY audit_event IN ACCESS SHARE MODE")  # as one who begins to read
        removing = start(lambda: remove_month(OLD, TODAY))
        until(lambda: waits("audit_drop_month"))
        reader.execute("LOCK TABLE audit_event_2024_03 IN ACCESS SHARE MODE NOWAIT")
        with pytest.raises(OperationalError):  # it gives way after some seconds, and comes back the next night
            removing.result(30)
    assert left(trail.organization) == 6


def test_nothing_is_taken_out_of_a_trail_that_is_being_checked(trail, acme, monkeypatch):
    removing = []

    def slowly(verdict):
        removing.append(start(lambda: remove_old_months(TODAY)))
        wait(removing, timeout=2)
        check_heads(verdict)

    monkeypatch.setattr("audit.seal.checking.whole.check_heads", slowly)
    with elsewhere() as start:
        verdict = seal_and_check(acme, lambda _done, _total: None)
        assert (verdict.state, verdict.found) == ("intact", 0)
        removing[0].result(30)
