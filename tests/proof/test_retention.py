"""Old months leave the trail where nobody needs them; the rest is checked as before, and nothing else goes with them."""

import datetime as dt
import os
from collections.abc import Callable

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from audit.actors import SCHEDULE
from audit.models import AuditEvent, AuditLeaf
from audit.record import record
from audit.seal.retained import months_removed, months_there
from controls.periods.actions import create_period, record_engagement
from privacy.retention.holding import TRAIL, lift_hold, place_hold
from proof.retention.removing import Needed, remove_month, remove_old_months
from proof.retention.rules import Month, needs, old_months
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.proof.attacking import Trail, attack, sealed_trail

pytestmark = pytest.mark.usefixtures("committed_db")
OLDER, OLD = Month(dt.date(2024, 2, 1)), Month(dt.date(2024, 3, 1))
TODAY = dt.date(2026, 11, 23)


def partition(month: Month) -> None:
    """A place for a month long ago, as the product made it then."""
    part, (start, end) = f"audit_event_{month.first:%Y_%m}", month.span
    name = connection.settings_dict["NAME"]
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], dbname=name, autocommit=True) as owner:
        owner.execute(f"CREATE TABLE {part} PARTITION OF audit_event FOR VALUES FROM ('{start}') TO ('{end}')")
        owner.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {part}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
        )
        owner.execute(f"ALTER TABLE {part} ENABLE ROW LEVEL SECURITY")
        owner.execute(f"ALTER TABLE {part} FORCE ROW LEVEL SECURITY")


@pytest.fixture
def write(monkeypatch: pytest.MonkeyPatch) -> Callable[[Organization, Month, int], None]:
    """`write(organization, month, count)`: events of that month."""

    def old(organization: Organization, month: Month, count: int) -> None:
        for number in range(count):
            moment = month.span[0] + dt.timedelta(hours=number)
            with monkeypatch.context() as patch, tenant(organization):
                patch.setattr("audit.record.event_instant", lambda moment=moment: moment)
                record("test.old", organization, actor=SCHEDULE, metadata={"number": number})

    return old


@pytest.fixture
def acme(committed_db: None) -> Organization:
    return Organization.objects.get(slug="acme")


@pytest.fixture
def trail(acme: Organization, write: Callable[..., None]) -> Trail:
    """A sealed trail with three events in each of two months long ago."""
    for month in (OLDER, OLD):
        partition(month)
        write(acme, month, 3)
    return sealed_trail(acme)


def left(organization: Organization) -> int:
    with tenant(organization):
        return AuditEvent.objects.filter(verb="test.old").count()


def test_old_months_go_and_the_rest_is_intact(trail, acme):
    assert remove_old_months(TODAY) == [OLDER, OLD]
    assert left(acme) == 0
    trail.seal()
    verdict = trail.check()
    assert (verdict.state, verdict.found) == ("intact", 0)
    assert "Retention took 6 events of 2024-02 to 2024-03 out; their hashes are still in the tree." in verdict.notes
    with tenant(acme):
        assert months_removed() == {"2024-02": 3, "2024-03": 3}
        told = AuditEvent.objects.filter(verb="trail.remove").latest("at")
        assert told.data["metadata"] == {"month": "2024-03", "events": 3, "removed": {"2024-02": 3, "2024-03": 3}}
        assert AuditLeaf.objects.filter(at__lt=OLD.span[1]).count() == 6
        assert not {"2024-02", "2024-03"} & set(months_there())
    assert remove_old_months(TODAY) == []


def test_a_month_goes_for_all_organizations_and_each_is_told_of_its_own(trail, acme, write):
    globex = Organization.objects.get(slug="globex")
    write(globex, OLD, 2)
    Trail(globex).seal(told=False)
    remove_old_months(TODAY)
    for organization, removed in ((acme, {"2024-02": 3, "2024-03": 3}), (globex, {"2024-03": 2})):
        with tenant(organization):
            assert months_removed() == removed


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
            actor=manager, matter="A dispute", reason="Counsel says so.", kinds=[TRAIL], since=OLD.first, until=OLD.last
        )
    assert remove_old_months(TODAY) == [OLDER]
    with tenant(globex):
        assert list(needs(OLD, TODAY)) == [f"{hold.reference} is in force: A dispute."]
        lift_hold(hold, actor=manager, reason="It is over.")
    with tenant(acme):
        assert list(needs(OLD, TODAY)) == []
    assert remove_old_months(TODAY) == [OLD]


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


def test_what_is_not_sealed_stays(trail, acme, write):
    write(acme, OLD, 4)
    with pytest.raises(Needed, match="Not all of its events are sealed"):
        remove_month(OLD, TODAY)
    assert left(acme) == 10
    with tenant(acme):
        assert months_removed() == {}


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
