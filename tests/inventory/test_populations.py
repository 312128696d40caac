"""The populations that people and systems give: who is in them, who is not, and that they say so."""

import datetime as dt

from evidence.populations.actions import begin_freezing, freeze
from evidence.populations.registry import kinds
from evidence.populations.workbook import rows_of
from inventory.models import Account, Entitlement, Snapshot
from inventory.populations import access_grants, access_removals, joiners, leavers
from inventory.removals.actions import RemovalRequest, request_removals
from tenancy.scope import now
from tests.reviews.world import grant, person, snapshot, system
from ui.values import exact

JAN, MAR = dt.date(2026, 1, 1), dt.date(2026, 3, 31)


def keys(table):
    return [row[0] for row in table.rows]


def test_every_kind_can_be_frozen_and_read_back(in_acme, manager):
    for kind in kinds():
        population = freeze(begin_freezing(kind.key, JAN, MAR, actor=manager))
        header, *rows = rows_of(population)
        assert len(header) == len(set(header)) > 4
        assert all(len(row) == len(header) for row in rows)
        assert population.statement.startswith(kind.statement)


def test_the_kinds_are_those_of_people_access_reviews_and_evidence(db):
    known = {kind.key for kind in kinds()}
    assert {"joiners", "leavers", "access_grants", "access_removals", "access_reviews", "access_decisions", "evidence"} <= known


def test_joiners_started_in_the_period_and_the_unknown_are_counted(in_acme):
    person("Before", started_on=JAN - dt.timedelta(days=1))
    person("First", started_on=JAN, employee_number="P-1")
    person("Last", started_on=MAR)
    person("After", started_on=MAR + dt.timedelta(days=1))
    table = joiners(JAN, MAR)
    assert keys(table) == ["P-1", "last@people.example"]
    assert table.notes == ("8 people are on the roster without a first day, and not in this list.",)  # the cast


def test_leavers_had_their_last_day_in_the_period_by_contract_too(in_acme):
    person("Left", left_on=JAN, status="left")
    person("Contract", contract_ends_on=MAR, left_on=MAR + dt.timedelta(days=9))
    person("Stays", contract_ends_on=MAR + dt.timedelta(days=1))
    person("Nobody knows when", status="left")
    table = leavers(JAN, MAR)
    assert [row[1] for row in table.rows] == ["Left", "Contract"]
    assert table.notes == ("1 person is marked as left without a last day, and not in this list.",)


def test_grants_are_those_that_the_system_dates_in_the_period_each_once(in_acme):
    noon = dt.datetime(2026, 2, 3, 12, tzinfo=dt.UTC)
    okta, silent = system("Okta"), system("Silent")
    ada, ben = person("Ada"), person("Ben")
    snapshot(silent, [grant(ada)])
    latest = None
    for days in (20, 10):
        rows = [grant(ada, "Admin", granted_at=noon), grant(ben, "User", granted_at=noon + dt.timedelta(days=90))]
        latest = snapshot(okta, rows, as_of=now() - dt.timedelta(days=days))
    table = access_grants(JAN, MAR)
    (row,) = list(table.rows)
    assert row[0] == str(Entitlement.objects.get(snapshot=latest, role="Admin").pk)
    assert row[1:5] == ("Okta", "ada@people.example", "Ada", "Admin")
    assert table.notes == ("These systems do not say when access was granted, so theirs is not in this list: Silent.",)


def test_grants_name_the_latest_export_of_each_system_with_who_extracted_it_and_what_it_was_checked_against(in_acme):
    okta = system("Okta")
    for days in (20, 10):
        snapshot(okta, [grant(person(f"Ada {days}"))], as_of=now() - dt.timedelta(days=days))
    (line,) = access_grants(JAN, MAR).sources
    last = Snapshot.objects.latest("as_of")
    assert line.startswith(f"Okta: latest export as of {exact(last.as_of)}, extracted by {last.extracted_by}; ")
    for words in (f"report or query: {last.query}", "filters: none", "the source's own count: ", "imported: 1 of 1 rows."):
        assert words in line


def test_a_grant_late_on_the_last_day_is_in_it_where_the_organization_lives(in_acme, acme):
    late = dt.datetime.combine(MAR, dt.time(23, 30), acme.tzinfo)
    okta = system("Okta")
    snapshot(okta, [grant(person("Ada"), granted_at=late), grant(person("Ben"), granted_at=late + dt.timedelta(hours=1))])
    assert len(list(access_grants(JAN, MAR).rows)) == 1


def test_removals_are_those_asked_for_in_the_period_with_what_was_found(acme, in_acme, manager):
    okta = system("Okta")
    made = snapshot(okta, [grant(person("Ada"), "Admin")])
    account = Account.objects.select_related("system__owner", "person").get(system=okta)
    (removal,) = request_removals([RemovalRequest(account=account, base_snapshot=made, reason="Left", role="Admin")], manager)
    today = acme.today()
    (row,) = access_removals(today, today).rows
    assert row[:5] == (removal.reference, "Okta", "ada@people.example", "Ada", "Admin")
    assert row[9:] == ("Requested", "", "")
    assert keys(access_removals(today - dt.timedelta(days=9), today - dt.timedelta(days=1))) == []
