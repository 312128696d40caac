"""Roster imports: joiners, movers, leavers, and whoever is missing."""

import datetime as dt
import io

import pytest

from audit.models import AuditEvent
from inventory.formats.mapping import Mapping
from inventory.models import Account, ImportMapping, Person, Removal, RosterImport
from inventory.people import roster
from inventory.people.actions import add_alias, create_person, mark_left
from inventory.people.matching import match_accounts
from inventory.people.roster import read_plan
from inventory.people.roster_actions import apply_roster, discard_roster, prepare_roster, refresh_roster, upload_roster
from tests.inventory.snapshots.helpers import ADA, make_system, population
from ui.refusals import ActionRefused

HEADER = "Employee number,Name,E-mail,Manager e-mail,Department,Title,Type,First day,Last working day,State"


@pytest.fixture
def upload(in_acme, manager):
    """Upload, name the columns as suggested, and preview."""
    for person in Person.objects.filter(member__isnull=False):  # the cast is not in these files
        Person.LEAVE.apply(person, actor=manager)

    def ready(*rows: str, full: bool = True, header: str = HEADER) -> RosterImport:
        file = io.BytesIO("\n".join((header, *rows)).encode())
        roster = upload_roster(actor=manager, source=file, name="people.csv", full_roster=full)
        prepare_roster(roster, actor=manager, mapping=Mapping.from_dict(roster.mapping))
        return roster

    return ready


ANA = "1,Ana Souza,ana@acme.example,,Executive,CEO,Employee,2019-02-04,,Active"
BEN = "2,Ben Okafor,ben@acme.example,ana@acme.example,Engineering,Lead,Employee,2020-06-15,,Active"


def test_joiners_come_with_their_managers_and_an_event_each(upload, manager):
    roster = upload(BEN, ANA)
    assert roster.counts["joiners"] == 2
    counts = apply_roster(roster, actor=manager)
    ben = Person.objects.get(employee_number="2")
    assert (ben.manager.name, ben.email_key, ben.started_on) == ("Ana Souza", "ben@acme.example", dt.date(2020, 6, 15))
    assert counts["joiners"] == 2
    assert AuditEvent.objects.filter(verb="person.create", object_id=ben.pk).count() == 1
    assert RosterImport.objects.get().status == "applied"
    assert ImportMapping.objects.filter(kind="roster").count() == 1


def test_the_same_file_again_changes_nothing(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    roster = upload(ANA, BEN)
    assert (roster.counts["unchanged"], roster.counts["joiners"], roster.counts["movers"]) == (2, 0, 0)
    apply_roster(roster, actor=manager)


def test_an_address_that_the_roster_changes_loses_no_match(upload, manager):
    apply_roster(upload(ANA, "2,Ada Okafor,ada@acme.example,,Engineering,Lead,Employee,2020-06-15,,Active"), actor=manager)
    match_accounts(population(make_system(manager), manager, ADA), manager)
    apply_roster(upload(ANA, "2,Ada Miller,ada.miller@acme.example,,Engineering,Lead,Employee,2020-06-15,,Active"), actor=manager)
    account = Account.objects.get(account_id="U1")
    assert (account.person.name, account.matched_by) == ("Ada Miller", "alias")


def test_movers_show_before_and_after(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    roster = upload(ANA, BEN.replace("Engineering", "Finance").replace("Lead", "Analyst"))
    change = read_plan(roster).movers[0]
    assert change.before == {"department": "Engineering", "title": "Lead"}
    assert change.after == {"department": "Finance", "title": "Analyst"}
    apply_roster(roster, actor=manager)
    event = AuditEvent.objects.get(verb="person.edit")
    assert event.data["after"] == {"department": "Finance", "title": "Analyst"}


def test_a_leaver_in_the_file_opens_removals(upload, manager):
    system = make_system(manager)
    create_person(actor=manager, name="Ada", email="ada@acme.example", employee_number="9")
    from inventory.people.matching import match_accounts

    match_accounts(population(system, manager, ADA), manager)
    roster = upload("9,Ada,ada@acme.example,,,,Employee,,2026-01-30,Left")
    assert roster.counts["leavers"] == 1
    counts = apply_roster(roster, actor=manager)
    ada = Person.objects.get(employee_number="9")
    assert (ada.status, ada.left_on, counts["removals"]) == ("left", dt.date(2026, 1, 30), 1)
    assert Removal.objects.get().due_on == dt.date(2026, 1, 30)


def test_people_missing_from_a_full_roster_leave_only_when_somebody_says_so(acme, upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    roster = upload(ANA)
    assert roster.counts["missing"] == 1
    ben = Person.objects.get(employee_number="2")
    with pytest.raises(ActionRefused, match="last working day"):
        apply_roster(roster, actor=manager, missing_left=[ben])
    apply_roster(roster, actor=manager, missing_left=[ben], left_on=acme.today())
    ben.refresh_from_db()
    assert (ben.status, ben.left_on) == ("left", acme.today())


def test_missing_people_stay_when_nobody_ticks_them(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    apply_roster(upload(ANA), actor=manager)
    assert Person.objects.get(employee_number="2").status == "active"


def test_part_of_a_roster_misses_nobody(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    assert upload(ANA, full=False).counts["missing"] == 0


def test_somebody_who_is_back_keeps_the_row(acme, upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    ben = Person.objects.get(employee_number="2")
    mark_left(ben, actor=manager, left_on=acme.today() - dt.timedelta(days=99))
    roster = upload(ANA, BEN)
    assert roster.counts["returners"] == 1
    apply_roster(roster, actor=manager)
    ben.refresh_from_db()
    assert (ben.status, ben.left_on) == ("active", None)


def test_on_leave_and_back(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    apply_roster(upload(ANA, BEN.replace("Active", "On leave")), actor=manager)
    assert Person.objects.get(employee_number="2").status == "on_leave"
    apply_roster(upload(ANA, BEN), actor=manager)
    assert Person.objects.get(employee_number="2").status == "active"


def test_a_circle_of_managers_is_left_out_and_said(upload, manager):
    circle = ANA.replace("ana@acme.example,,", "ana@acme.example,ben@acme.example,")
    roster = upload(circle, BEN)
    assert any("circle" in notice for notice in read_plan(roster).notices)
    apply_roster(roster, actor=manager)
    people = {person.employee_number: person.manager_id for person in Person.objects.filter(employee_number__in=["1", "2"])}
    assert list(people.values()).count(None) == 1


def test_rows_that_contradict_are_left_out_with_their_number(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    roster = upload(
        "1,Ana Souza,ben@acme.example,,,,Employee,,,Active",
        "7,New Seven,seven@acme.example,nobody@acme.example,,,Employee,,,Active",
        "8,New Eight,seven@acme.example,,,,Employee,,,Active",
        ",,,,,,,,,",
        "3,No Day,three@acme.example,,,,Employee,2026-99-01,,Active",
    )
    plan = read_plan(roster)
    assert [error.row_number for error in plan.errors] == [2, 4, 6]
    assert "Ben Okafor's" in plan.errors[0].reasons[0]
    assert any("nobody@acme.example" in notice for notice in plan.notices)
    assert len(plan.joiners) == 1


def test_what_was_not_previewed_is_not_applied(upload, manager):
    roster = upload(ANA)
    create_person(actor=manager, name="Ana Souza", email="ana@acme.example")
    with pytest.raises(ActionRefused, match="has changed since"):
        apply_roster(roster, actor=manager)


def test_a_discarded_import_changes_nothing(upload, manager):
    roster = upload(ANA)
    discard_roster(roster, actor=manager)
    with pytest.raises(ActionRefused, match="cannot be applied"):
        apply_roster(roster, actor=manager)
    assert not Person.objects.filter(employee_number="1").exists()


def test_columns_that_are_not_in_the_file_stay_as_they_are(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    roster = upload("2,Ben Okafor,ben@acme.example", header="Employee number,Name,E-mail", full=False)
    assert roster.counts["unchanged"] == 1


def test_a_file_that_is_no_table_is_refused(in_acme, manager):
    with pytest.raises(ActionRefused):
        upload_roster(actor=manager, source=io.BytesIO(b"%PDF-1.7\x00\x01"), name="x.pdf", full_roster=True)
    assert RosterImport.objects.count() == 0


def test_a_preview_is_made_anew_when_the_roster_has_changed(upload, manager):
    made = upload(ANA)
    create_person(actor=manager, name="Ana Souza", email="ana@acme.example")
    refresh_roster(made, actor=manager)
    apply_roster(made, actor=manager)
    assert Person.objects.get(email_key="ana@acme.example").employee_number == "1"


def test_nobody_is_missing_from_a_day_to_come(acme, upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    made = upload(ANA)
    ben = Person.objects.get(employee_number="2")
    with pytest.raises(ActionRefused, match="future"):
        apply_roster(made, actor=manager, missing_left=[ben], left_on=acme.today() + dt.timedelta(days=1))


def test_somebody_listed_under_an_alias_keeps_the_address(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    add_alias(Person.objects.get(employee_number="2"), actor=manager, key="okafor@acme.example")
    made = upload(ANA, BEN.replace("ben@acme.example", "okafor@acme.example"))
    assert made.counts["unchanged"] == 2


def test_a_number_that_does_not_fit_the_address_is_an_error(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    plan = read_plan(upload(ANA, BEN.replace("2,Ben", "22,Ben")))
    assert "another employee number (2)" in plan.errors[0].reasons[0]


def test_circles_that_arise_from_changes_are_left_out(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    made = upload(ANA.replace("ana@acme.example,,", "ana@acme.example,ben@acme.example,"), BEN)
    plan = read_plan(made)
    assert any("circle" in notice for notice in plan.notices)
    apply_roster(made, actor=manager)
    assert Person.objects.get(employee_number="1").manager is None


def test_a_file_of_too_many_people_is_refused(upload, monkeypatch):
    monkeypatch.setattr(roster, "MOST_PEOPLE", 1)
    with pytest.raises(ActionRefused, match="more than 1 people"):
        upload(ANA, BEN)


def test_who_leaves_and_moves_at_once_has_both_in_the_trail(upload, manager):
    apply_roster(upload(ANA, BEN), actor=manager)
    left = BEN.replace("Engineering", "Finance").replace("2020-06-15,,Active", "2020-06-15,2026-01-30,Left")
    apply_roster(upload(ANA, left), actor=manager)
    ben = Person.objects.get(employee_number="2")
    assert (ben.department, ben.status, ben.left_on) == ("Finance", "left", dt.date(2026, 1, 30))
    verbs = list(AuditEvent.objects.filter(object_id=ben.pk).order_by("at").values_list("verb", flat=True))
    assert verbs == ["person.create", "person.edit", "person.leave"]
