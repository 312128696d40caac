"""Old months leave the trail where nobody needs them; the rest is checked as before, and nothing else goes with them."""

import datetime as dt

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from audit.actors import SCHEDULE
from audit.models import AuditEvent, AuditLeaf
from audit.record import record
from audit.seal.retained import months_there, removed
from controls.periods.actions import create_period, record_engagement
from privacy.retention.holding import TRAIL, lift_hold, place_hold
from proof.retention.removing import Needed, remove_month, remove_old_months
from proof.retention.rules import DAY, Month, needs, old_months
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.proof.attacking import attack
from tests.proof.old_months import OLD, OLDER, TODAY, left

pytestmark = pytest.mark.usefixtures("committed_db")


def test_old_months_go_and_the_rest_is_intact(trail, acme):
    assert remove_old_months(TODAY) == [OLDER, OLD]
    assert left(acme) == 0
    trail.seal()
    verdict = trail.check()
    assert (verdict.state, verdict.found) == ("intact", 0)
    assert "Retention took 6 events of 2024-02 to 2024-03 out; their hashes are still in the tree." in verdict.notes
    with tenant(acme):
        assert removed().months == {"2024-02": 3, "2024-03": 3}
        told = AuditEvent.objects.filter(verb="trail.remove").latest("at")
        assert told.data["metadata"] == {"month": "2024-03", "events": 3, "removed": {"2024-02": 3, "2024-03": 3}}
        assert AuditLeaf.objects.filter(at__lt=OLD.span[1]).count() == 6
        assert not {"2024-02", "2024-03"} & set(months_there())
    assert remove_old_months(TODAY) == []


@pytest.fixture
def acme(committed_db: None) -> Organization:
    """What is committed, as partitions of the trail are."""
    return Organization.objects.get(slug="acme")


def test_a_month_goes_for_all_organizations_and_each_is_told_of_its_own(trail, acme, write, seal_then):
    globex = Organization.objects.get(slug="globex")
    write(globex, OLD, 2)
    seal_then(globex)
    remove_old_months(TODAY)
    for organization, months in ((acme, {"2024-02": 3, "2024-03": 3}), (globex, {"2024-03": 2})):
        with tenant(organization):
            assert removed().months == months


def test_only_months_older_than_is_set_are_old(trail, acme, settings):
    assert old_months(dt.date(2026, 3, 31)) == [OLDER]
    assert old_months(dt.date(2026, 4, 1)) == [OLDER, OLD]
    settings.PLUMBLINE_TRAIL_MONTHS = 36
    assert old_months(TODAY) == []


def test_a_hold_of_any_organization_keeps_the_months_that_it_touches(trail, acme):
    globex = Organization.objects.get(slug="globex")
    manager = Cast().of("globex", "manager")
    with tenant(globex):
        hold = place_hold(
            actor=manager, matter="A dispute", reason="Counsel says so.", kinds=[TRAIL], since=OLD.first + DAY, until=OLD.last
        )
    assert remove_old_months(TODAY) == [OLDER]
    with tenant(globex):
        assert list(needs(OLD, TODAY)) == [f"{hold.reference} is in force: A dispute."]
        lift_hold(hold, actor=manager, reason="It is over.")
    with tenant(acme):
        assert list(needs(OLD, TODAY)) == []
    assert remove_old_months(TODAY) == [OLD]


@pytest.mark.parametrize(
    ("zone", "since", "kept"), [("Pacific/Auckland", 0, []), ("Pacific/Auckland", 1, [OLD]), ("UTC", 0, [OLD])]
)
def test_days_of_a_hold_and_of_an_audit_are_those_of_where_the_organization_lives(trail, acme, zone, since, kept):
    Organization.objects.filter(pk=acme.pk).update(zone=zone)
    acme.refresh_from_db()
    day = OLD.next + since * DAY
    with tenant(acme):
        place_hold(actor=Cast().manager, matter="A dispute", reason="Counsel says so.", kinds=[TRAIL], since=day)
        create_period(actor=Cast().manager, name="Next one", kind="type2", starts_on=day, ends_on=day + 200 * DAY)
        assert [why.split()[-1] for why in needs(OLD, TODAY)] == ([] if kept else ["dispute.", "yet."])
    assert remove_old_months(TODAY) == [OLDER, *kept]


def test_an_audit_keeps_its_months_until_a_year_after_its_report(trail, acme):
    manager = Cast().manager
    with tenant(acme):
        period = create_period(
            actor=manager, name="Last one", kind="type2", starts_on=dt.date(2024, 3, 15), ends_on=dt.date(2024, 9, 14)
        )
    assert remove_old_months(TODAY) == [OLDER]
    with tenant(acme):
        assert next(needs(OLD, TODAY)).endswith("has no report of the audit period Last one yet.")
        record_engagement(period, actor=manager, firm="Hollis", report_issued_on=dt.date(2025, 11, 24))
        assert list(needs(OLD, TODAY)) == ["The report of the audit period Last one is not 12 months old."]
        assert list(needs(OLD, TODAY + dt.timedelta(days=1))) == []
    assert remove_old_months(TODAY) == []
    assert remove_old_months(TODAY + dt.timedelta(days=1)) == [OLD]


def test_what_was_not_sealed_a_year_ago_stays(trail, acme, write):
    write(acme, OLD, 4)
    for _ in ("not at all", "only now"):
        with pytest.raises(Needed, match="Not all of its events have been sealed for a year"):
            remove_month(OLD, TODAY)
        trail.seal()
    assert left(acme) == 10
    with tenant(acme):
        assert removed().months == {}


def test_an_event_that_is_deleted_beside_it_is_missed(trail, acme):
    remove_old_months(TODAY)
    trail.seal()
    assert trail.check().state == "intact"
    gone = trail.events[-1]
    attack("DELETE FROM audit_event WHERE id = %s", gone)
    assert trail.kinds() == {"missing"}
    attack("UPDATE audit_auditleaf SET at = %s WHERE id = %s", OLD.span[0], gone)
    verdict = trail.check()
    assert "Retention took 3 events of 2024-03 out; the tree has 4 of that month." in {one.words for one in verdict.faults}


def test_a_month_that_somebody_else_took_out_is_missed(trail):
    attack("DROP TABLE audit_event_2024_03")
    assert trail.kinds() == {"missing"}


def test_a_month_that_was_not_a_year_old_is_missed_whatever_the_trail_says(trail, acme):
    young = Month(dt.datetime.now(dt.UTC).date().replace(day=1))
    with tenant(acme):
        held = AuditEvent.objects.filter(at__gte=young.span[0]).count()
        record(
            "trail.remove", acme, actor=SCHEDULE, metadata={"month": young.name, "events": held, "removed": {young.name: held}}
        )
    trail.seal()
    attack("DELETE FROM audit_event WHERE id = %s", trail.events[-2])
    verdict = trail.check()
    assert f"The trail says that retention took {young.name} out, which was not a year old then." in {
        one.words for one in verdict.faults
    }
    assert verdict.found == 2


def test_the_database_keeps_a_year_and_takes_nothing_that_was_not_counted(trail, acme):
    young = dt.datetime.now(dt.UTC).date()
    for month, count in (
        (young, 0),
        (young - dt.timedelta(days=300), 0),
        (OLD.first, 2),
        (OLD.first, 4),
        (dt.date(2001, 1, 1), 0),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT audit_drop_month(%s, %s)", [month, count])
    assert left(acme) == 6


def test_it_is_told_on_the_page_of_the_proof(trail, acme):
    client = signed_in(Cast().manager)
    page = client.get("/o/acme/proof/").content.decode()
    assert "For 24 months at least" in page
    assert "Nothing was taken out yet." in page
    program = Program(make_token(Cast().manager)[1])
    assert program.get("trail-checks/retention").json() == {"months": 24, "removed": [], "staying": [
        {"month": month, "reasons": ["It is old enough. The night takes it out, unless the installation needs it."]}
        for month in ("2024-02", "2024-03")
    ]}  # fmt: skip
    remove_old_months(TODAY)
    assert program.get("trail-checks/retention").json()["removed"][0] == {"month": "2024-02", "events": 3}
    page = client.get("/o/acme/proof/").content.decode()
    assert "6 events were taken out: 2024-02 (3), 2024-03 (3)" in page


def test_no_installation_keeps_less_than_a_year(settings):
    settings.PLUMBLINE_TRAIL_MONTHS = 11
    assert "proof.E001" in {one.id for one in run_checks()}
    settings.PLUMBLINE_TRAIL_MONTHS = 12
    assert "proof.E001" not in {one.id for one in run_checks()}
