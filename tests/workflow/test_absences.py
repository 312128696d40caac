"""Out of office: a deputy sees what waits for somebody who is away, and does it as themselves."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member
from audit.models import AuditEvent
from controls.catalogue.actions import create_control
from controls.findings.actions import hand_in, raise_finding, start
from controls.findings.rights import may_work, visible_to, why_not_independent
from controls.models import Finding, RoadmapTask
from controls.occurrences.rights import may_work as may_perform
from controls.roadmap.rights import may_finish
from inventory.removals.actions import claim
from inventory.removals.rights import visible_to as removals_of
from reviews.deciding.actions import decide
from reviews.deciding.rules import KEEP, OWN_ACCESS
from reviews.models import Item
from tenancy.models import Organization
from tenancy.scope import Scope, tenant
from tests.inventory.snapshots.helpers import ADA, make_removal, make_system, population
from tests.reviews.world import grant, person, person_of, snapshot, started, system
from ui.refusals import ActionRefused
from workflow.absences.actions import change_absence, end_absence, set_absence
from workflow.absences.standing import absence_of, deputies_of, stands_in
from workflow.digests import key_of, send_digest
from workflow.inbox import inbox_of, total
from workflow.models import Absence, OutboxMessage

ClientOf = Callable[[Member], Client]
DAY = dt.timedelta(days=1)
AWAY = "/o/acme/work/away/"


@pytest.fixture
def today(acme: Organization, in_acme: Scope) -> dt.date:
    return acme.today()


@pytest.fixture
def away(today: dt.date, employee: Member, reviewer: Member) -> Absence:
    """The employee is away for a week, and the reviewer stands in."""
    return set_absence(actor=employee, member=employee, deputy=reviewer, starts_on=today, ends_on=today + 6 * DAY, note="Leave")


@pytest.fixture
def finding(in_acme: Scope, manager: Member, employee: Member) -> Finding:
    """With the employee."""
    return raise_finding(actor=manager, title="No second factor", severity="high", owner=person_of(employee))


def test_a_deputy_sees_what_waits_for_whom_and_until_when(finding, away, reviewer, client_of):
    (entry,) = inbox_of(reviewer)
    assert entry.title == f"{finding.reference}: No second factor"
    assert entry.away == f"for Employee Acme, who is away until {away.ends_on.day} {away.ends_on:%b %Y}"
    shown = client_of(reviewer).get("/o/acme/").content.decode()
    assert "1 thing waits for you" in shown
    assert "For Employee Acme, who is away until" in shown


def test_whoever_is_away_keeps_their_work_and_is_told_who_stands_in(finding, away, employee, client_of):
    assert [entry.away for entry in inbox_of(employee)] == [""]
    assert "Reviewer Acme stands in for you" in client_of(employee).get("/o/acme/").content.decode()


@pytest.mark.parametrize(("days", "stands"), [((0, 0), True), ((-1, 0), True), ((1, 5), False), ((-5, -1), False)])
def test_only_on_these_days(finding, away, cast, days, stands):
    first, last = (cast.employee.organization.today() + day * DAY for day in days)
    Absence.objects.filter(pk=away.pk).update(starts_on=first, ends_on=last)
    assert stands_in(cast.reviewer, cast.employee.pk) is stands
    assert bool(inbox_of(cast.reviewer)) is stands
    assert (absence_of(cast.employee) is not None) is stands
    assert bool(deputies_of(cast.employee)) is stands


def test_an_absence_that_ended_early_gives_nothing(finding, away, employee, reviewer):
    end_absence(away, actor=employee)
    assert not inbox_of(reviewer)
    assert not stands_in(reviewer, employee.pk)
    assert AuditEvent.objects.filter(verb="absence.end", object_id=away.pk).count() == 1
    with pytest.raises(ActionRefused, match="over"):
        end_absence(away, actor=employee)


def test_the_same_again_changes_nothing(away, employee, reviewer):
    same = {"deputy": reviewer, "starts_on": away.starts_on, "ends_on": away.ends_on, "note": " Leave "}
    assert change_absence(away, actor=employee, **same).note == "Leave"
    assert not AuditEvent.objects.filter(verb="absence.change").exists()


def test_the_deputy_of_a_deputy_does_not_stand_in(finding, today, employee, reviewer, executive):
    set_absence(actor=reviewer, member=reviewer, deputy=executive, starts_on=today, ends_on=today)
    with pytest.raises(ActionRefused, match="Reviewer Acme is away too") as refused:
        set_absence(actor=employee, member=employee, deputy=reviewer, starts_on=today, ends_on=today)
    assert refused.value.field == "deputy"
    assert not inbox_of(executive)


def test_a_deputy_works_with_their_own_rights_only(finding, away, today, cast):
    assert may_work(cast.reviewer, finding)
    change_absence(away, actor=cast.employee, deputy=cast.viewer, starts_on=today, ends_on=today)
    assert not may_work(cast.viewer, finding)
    assert not inbox_of(cast.viewer)
    assert not may_work(cast.reviewer, finding)


def test_a_deputy_acts_in_their_own_name_and_does_not_judge_it(finding, away, reviewer):
    start(finding, actor=reviewer)
    hand_in(finding, actor=reviewer, done="Switched it on.", evidence=[], files=[])
    assert AuditEvent.objects.get(verb="finding.ready").actor_id == reviewer.pk
    assert "handed it in" in why_not_independent(reviewer, finding.refreshed(), remediated=True)


def test_an_employee_who_stands_in_sees_the_record_while_they_do(finding, today, employee, manager):
    other = Member.objects.get(user__email="viewer@acme.example")
    Member.objects.filter(pk=other.pk).update(roles=["employee"])
    other = Member.objects.select_related("user", "organization").get(pk=other.pk)
    assert not visible_to(other).exists()
    absence = set_absence(actor=manager, member=employee, deputy=other, starts_on=today, ends_on=today)
    assert visible_to(other).get() == finding
    end_absence(absence, actor=manager)
    assert not visible_to(other).exists()


def test_what_waits_for_a_role_is_not_passed_on(in_acme, today, manager, administrator):
    raise_finding(actor=manager, title="With nobody", severity="low")
    set_absence(actor=manager, member=manager, deputy=administrator, starts_on=today, ends_on=today)
    assert [entry.title for entry in inbox_of(manager)]
    assert not [entry for entry in inbox_of(administrator) if entry.away]


def test_a_removal_and_an_occurrence_and_a_task_are_within_reach(in_acme, away, cast):
    own = person_of(cast.employee)
    base = population(make_system(cast.manager, owner=own), cast.manager, ADA)
    removal = make_removal(cast.manager, base, "U1", "Admin", status="requested", assignee=own)
    control = create_control(
        actor=cast.manager, code="AC-9", title="Reviewed", cadence="quarterly", in_scope_since=dt.date(2026, 1, 1), owner=own
    )
    assert may_perform(cast.reviewer, control)
    assert not may_perform(cast.executive, control)
    assert may_finish(cast.reviewer, RoadmapTask(owner=own))
    assert not may_finish(cast.executive, RoadmapTask(owner=own))
    assert removals_of(cast.reviewer).get() == removal
    claim(removal, actor=cast.reviewer)
    assert removal.refreshed().claimed_by_id == cast.reviewer.pk


def test_a_removal_says_in_what_quality_somebody_without_the_role_claimed_it(in_acme, today, manager, employee, reviewer):
    base = population(make_system(manager, owner=person_of(reviewer)), manager, ADA)
    removal = make_removal(manager, base, "U1", "Admin", status="requested", assignee=person_of(reviewer))
    with pytest.raises(ActionRefused):
        claim(removal, actor=employee)
    set_absence(actor=manager, member=reviewer, deputy=employee, starts_on=today, ends_on=today)
    claim(removal, actor=employee)
    assert "Deputy of the assignee" in AuditEvent.objects.get(verb="removal.claim").data["actor"]["roles"]


@pytest.fixture
def campaign(in_acme: Scope, manager: Member, reviewer: Member) -> Any:
    """Two items with the reviewer, one of them the manager's own access."""
    okta = system("Okta", owner=person_of(reviewer), reviewer_order=["system_owner"])
    snapshot(okta, [grant(person("Ada Long")), grant(person_of(manager), role="Admin")])
    return started(okta, actor=manager)


def test_a_deputy_decides_in_a_review_but_never_on_their_own_access(campaign, today, manager, reviewer, client_of):
    ada, own = Item.objects.get(subject_name="Ada Long"), Item.objects.get(subject=person_of(manager))
    with pytest.raises(ActionRefused, match="is with Reviewer Acme"):
        decide(ada, KEEP, actor=manager)
    set_absence(actor=reviewer, member=reviewer, deputy=manager, starts_on=today, ends_on=today)
    (entry,) = [entry for entry in inbox_of(manager) if entry.away]
    assert (entry.title, entry.count) == (f"{campaign.reference}: 1 of 1 access rights waits for your decision", 1)
    page = client_of(manager).get(entry.url).content.decode()
    assert "Ada Long" in page
    assert "What is with Reviewer Acme, who is away, stands here too" in page
    decided = decide(ada, KEEP, actor=manager)
    assert (decided.decider, decided.reviewer) == (person_of(manager), person_of(reviewer))
    assert AuditEvent.objects.get(verb="item.decide").data["metadata"]["deputy_of"] == "Reviewer Acme"
    with pytest.raises(ActionRefused, match=OWN_ACCESS):
        decide(own, KEEP, actor=manager)


def test_the_deputy_is_written_to_as_well_once_a_day_with_all_that_waits(finding, away, today, employee, reviewer):
    OutboxMessage.objects.all().delete()
    assert send_digest(employee, "Findings: 1 is due soon", today)
    assert not send_digest(employee, "Another", today)
    theirs, own = (OutboxMessage.objects.get(key=key_of(member.pk, today)) for member in (reviewer, employee))
    assert theirs.subject == "For Employee Acme, who is away: Findings: 1 is due soon"
    assert f"{total(inbox_of(reviewer))} thing waits for you" in theirs.text
    assert "(for Employee Acme, who is away until" in theirs.text
    assert "who is away" not in own.text
    assert OutboxMessage.objects.count() == 2


def refused(act: Callable[[], object], words: str, field: str | None) -> None:
    with pytest.raises(ActionRefused, match=words) as refusal:
        act()
    assert refusal.value.field == field


def test_the_days_and_the_deputy_have_to_make_sense(today, away, cast):
    stranger = Member.objects.get(user__email="manager@globex.example")
    for given, words, field in [
        ({"member": cast.employee, "starts_on": today + DAY}, "Another absence covers", "starts_on"),
        ({"member": cast.executive, "starts_on": today - DAY}, "begins today or later", "starts_on"),
        ({"member": cast.executive, "starts_on": today + 30 * DAY}, "before the first", "ends_on"),
        ({"member": cast.executive, "ends_on": today + 400 * DAY}, "longer than a year", "ends_on"),
        ({"member": cast.executive, "deputy": cast.executive}, "for themselves", "deputy"),
        ({"member": cast.executive, "deputy": stranger}, "an account here", "deputy"),
        ({"member": cast.executive, "deputy": cast.employee}, "Employee Acme is away too", "deputy"),
    ]:
        facts = {"deputy": cast.reviewer, "starts_on": today, "ends_on": today + 6 * DAY, **given}
        refused(partial(set_absence, actor=facts["member"], **facts), words, field)
    assert Absence.objects.count() == 1


def test_one_speaks_for_oneself_and_who_looks_after_the_team_for_others(away, today, cast):
    days = {"starts_on": today + 20 * DAY, "ends_on": today + 21 * DAY}
    refused(lambda: set_absence(actor=cast.executive, member=cast.employee, deputy=cast.reviewer, **days), "yourself", None)
    refused(lambda: change_absence(away, actor=cast.reviewer, deputy=cast.executive, **days), "yourself", None)
    refused(lambda: end_absence(away, actor=cast.reviewer), "yourself", None)
    set_absence(actor=cast.manager, member=cast.employee, deputy=cast.reviewer, **days)
    told = OutboxMessage.objects.filter(to=cast.employee.email).values_list("subject", flat=True)
    assert list(told) == ["Reviewer Acme stands in for you"]


def test_the_first_day_stays_once_it_has_come_and_a_new_deputy_is_told(away, today, employee, reviewer, executive):
    Absence.objects.filter(pk=away.pk).update(starts_on=today - DAY)
    refused(
        lambda: change_absence(away, actor=employee, deputy=reviewer, starts_on=today, ends_on=away.ends_on), "stays", "starts_on"
    )
    change_absence(away, actor=employee, deputy=executive, starts_on=today - DAY, ends_on=today)
    event = AuditEvent.objects.get(verb="absence.change").data
    assert (event["before"]["deputy"], event["after"]["deputy"]) == (reviewer.email, executive.email)
    subjects = dict(OutboxMessage.objects.order_by("created_at").values_list("to", "subject"))
    assert subjects == {
        reviewer.email: "You do not stand in for Employee Acme any more",
        executive.email: "You stand in for Employee Acme",
    }


def test_the_database_refuses_somebody_as_their_own_deputy(away, employee):
    with pytest.raises(IntegrityError, match="absence_of_another"), transaction.atomic():
        Absence.objects.filter(pk=away.pk).update(deputy=employee)


def test_a_deputy_whose_access_ended_stands_in_no_more(finding, away, today, employee, reviewer):
    Member.objects.filter(pk=employee.pk).update(access_ends_on=today - DAY)
    assert not inbox_of(Member.objects.select_related("user", "organization").get(pk=reviewer.pk))
    Member.objects.filter(pk=reviewer.pk).update(access_ends_on=today - DAY)
    assert deputies_of(employee) == []


def test_on_the_screens(today, client_of: ClientOf, cast):
    given = {"deputy": cast.reviewer.pk, "starts_on": today, "ends_on": today + DAY, "note": "Leave"}
    client = client_of(cast.employee)
    assert 'name="member"' not in client.get(f"{AWAY}new/").content.decode()
    wrong = client.post(f"{AWAY}new/", {**given, "ends_on": today - DAY})
    assert wrong.status_code == 422
    assert "before the first" in wrong.content.decode()
    assert client.post(f"{AWAY}new/", {**given, "member": cast.executive.pk}).status_code == 303
    absence = Absence.objects.get()
    assert absence.member == cast.employee
    assert "Away now" in client.get(AWAY).content.decode()
    url = f"{AWAY}{absence.pk}/"
    assert client_of(cast.executive).get(url).status_code == 404
    assert "Employee Acme" not in client_of(cast.executive).get(AWAY).content.decode().split("<main")[1]
    assert "Leave" in client_of(cast.reviewer).get(url).content.decode()
    assert client_of(cast.reviewer).get(f"{url}change/").status_code == 409
    assert client.post(f"{url}change/", {**given, "note": "Longer leave"}).status_code == 303
    assert "Longer leave" in client_of(cast.manager).get(f"{AWAY}?state=now").content.decode()
    assert client.post(f"{url}end/").status_code == 302
    assert "Ended early" in client.get(url).content.decode()


def test_who_looks_after_the_team_chooses_who_is_away(today, manager, reviewer, employee, client_of: ClientOf):
    given = {"member": employee.pk, "deputy": reviewer.pk, "starts_on": today, "ends_on": today}
    assert client_of(manager).post(f"{AWAY}new/", given).status_code == 303
    assert Absence.objects.get().member == employee


def test_the_list_takes_as_many_queries_for_many(away, today, client_of, cast):
    client = client_of(cast.manager)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(AWAY).status_code == 200
        return len(found)

    asked()
    few = asked()
    with tenant(cast.manager.organization):
        for number in range(10, 60, 10):
            first = today + number * DAY
            set_absence(actor=cast.manager, member=cast.employee, deputy=cast.executive, starts_on=first, ends_on=first)
    assert asked() == few
