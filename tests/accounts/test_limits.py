"""An auditor is limited to an audit period and to areas: who says so, what it takes away, and what is told of it."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actions import accept_invitation, add_member, change_roles, invite_member, look_as_auditor, set_limits
from accounts.limits import AREAS, NOBODY_ELSE, periods, within_areas
from accounts.models import Member, User
from accounts.permissions import PERMISSIONS
from accounts.roles import granted
from audit.actors import System
from audit.models import AuditEvent
from changes.drafting.actions import create_change
from changes.models import Change
from controls.models import AuditPeriod
from controls.requests.actions import raise_request
from controls.requests.giving import Given, supply
from evidence.hiding import evidence_seen_by
from evidence.populations.actions import begin_freezing
from tenancy.scope import tenant
from tests.api.conftest import program_of  # noqa: F401 (fixture)
from tests.controls.periods_made import a_period
from tests.evidence.helpers import kept
from ui.refusals import ActionRefused

SETUP = System("test")
LIST = "/o/acme/members/"


@pytest.fixture
def year(acme, manager) -> AuditPeriod:
    with tenant(acme):
        return a_period(manager, acme.today().year)


@pytest.fixture
def long_ago(acme, manager) -> AuditPeriod:
    with tenant(acme):
        return a_period(manager, 2010)


@pytest.fixture
def change(acme, manager) -> Change:
    with tenant(acme):
        return create_change(actor=manager, title="Present-change", systems=[])


def limit(member: Member, *areas: str, period: AuditPeriod | None = None) -> Member:
    with tenant(member.organization):
        set_limits(member, areas=areas, audit_period=period.pk if period else None, actor=SETUP)
    return Member.objects.select_related("user", "organization").get(pk=member.pk)


def told(acme, verb: str = "member.limit") -> list[dict[str, Any]]:
    with tenant(acme):
        return [event.data for event in AuditEvent.objects.filter(verb=verb).order_by("at")]


# Setting and changing


def test_an_administrator_limits_an_auditor_on_their_page_and_the_trail_tells_it(client_of, administrator, auditor, acme, year):
    client = client_of(administrator)
    page = f"{LIST}{auditor.pk}/"
    form = {"roles": ["auditor"], "access_ends_on": "", "audit_period": str(year.pk), "areas": ["risks", "incidents"]}
    assert client.post(page, form).status_code == 303
    auditor.refresh_from_db()
    assert (auditor.areas, auditor.audit_period_id) == (["incidents", "risks"], year.pk)
    (event,) = told(acme)
    assert event["before"] == {"areas": [], "audit_period": None}
    assert event["after"] == {"areas": ["incidents", "risks"], "audit_period": year.name}
    shown = client.get(LIST).content.decode()
    assert f"Audit period {year.name}; Incidents, Risks" in shown
    again = client.get(page).content.decode()
    assert again.count("checked") == 3  # the role and two areas
    assert f'value="{year.pk}" selected' in again


def test_nothing_is_recorded_where_nothing_changes(client_of, administrator, auditor, acme, year):
    limit(auditor, "risks", period=year)
    form = {"roles": ["auditor"], "access_ends_on": "", "audit_period": str(year.pk), "areas": ["risks"]}
    client_of(administrator).post(f"{LIST}{auditor.pk}/", form)
    assert len(told(acme)) == 1


@pytest.mark.parametrize("name", ["manager", "administrator", "viewer"])
def test_only_an_auditor_can_be_limited(cast, name, acme, year):
    member = cast.of("acme", name)
    with tenant(acme), pytest.raises(ActionRefused, match=NOBODY_ELSE):
        set_limits(member, areas=["risks"], audit_period=None, actor=SETUP)
    with tenant(acme), pytest.raises(ActionRefused, match=NOBODY_ELSE):
        set_limits(member, areas=[], audit_period=year.pk, actor=SETUP)


def test_the_database_limits_nobody_else_either(manager):
    for limits in ({"areas": ["risks"]}, {"audit_period_id": manager.pk}):
        with pytest.raises(IntegrityError, match="member_limits_are_auditors"), transaction.atomic():
            Member.objects.filter(pk=manager.pk).update(**limits)


def test_only_who_may_give_the_role_limits_it(auditor, manager, reviewer, acme):
    with tenant(acme), pytest.raises(ActionRefused, match="Only an administrator or a compliance manager"):
        set_limits(auditor, areas=["risks"], audit_period=None, actor=reviewer)
    with tenant(acme):
        set_limits(auditor, areas=["risks"], audit_period=None, actor=manager)
    assert auditor.areas == ["risks"]


def test_areas_and_periods_that_are_not_there_are_refused(auditor, manager, acme):
    with tenant(acme), pytest.raises(ActionRefused, match="no such area"):
        set_limits(auditor, areas=["everything"], audit_period=None, actor=SETUP)
    with tenant(acme), pytest.raises(ActionRefused, match="no such audit period"):
        set_limits(auditor, areas=[], audit_period=manager.pk, actor=SETUP)


def test_a_period_of_another_organization_is_none(cast, auditor, acme, globex):
    with tenant(globex):
        theirs = a_period(cast.of("globex", "manager"), 2026)
    with tenant(acme), pytest.raises(ActionRefused, match="no such audit period"):
        set_limits(auditor, areas=[], audit_period=theirs.pk, actor=SETUP)


def test_whoever_is_limited_gets_no_other_role_before_the_limits_are_lifted(auditor, acme):
    limit(auditor, "risks")
    with tenant(acme), pytest.raises(ActionRefused, match=NOBODY_ELSE):
        change_roles(auditor, roles=["auditor", "viewer"], actor=SETUP)


def test_the_page_lifts_limits_and_gives_another_role_at_once_and_the_other_way_round(client_of, manager, auditor):
    limit(auditor, "risks")
    client, page = client_of(manager), f"{LIST}{auditor.pk}/"
    assert client.post(page, {"roles": ["viewer"], "areas": []}).status_code == 303
    auditor.refresh_from_db()
    assert (auditor.roles, auditor.areas) == (["viewer"], [])
    assert client.post(page, {"roles": ["auditor"], "areas": ["trail"]}).status_code == 303
    auditor.refresh_from_db()
    assert (auditor.roles, auditor.areas) == (["auditor"], ["trail"])


def test_the_page_says_at_the_field_who_can_be_limited(client_of, administrator, viewer):
    answer = client_of(administrator).post(f"{LIST}{viewer.pk}/", {"roles": ["viewer"], "areas": ["risks"]})
    assert answer.status_code == 422
    assert NOBODY_ELSE in answer.content.decode()


def test_an_invitation_carries_the_limits(manager, acme, year):
    with tenant(acme):
        given = {"roles": ["auditor"], "areas": ["risks"], "audit_period": year.pk}
        invitation, _ = invite_member(email="ann@audit.example", actor=manager, **given)
        assert told(acme, "member.invite")[0]["after"]["audit_period"] == year.name
        user = User.objects.create_user(email="ann@audit.example", name="Ann")
        member = accept_invitation(invitation, user=user)
    assert (member.areas, member.audit_period_id) == (["risks"], year.pk)
    assert told(acme, "member.add")[0]["after"]["areas"] == ["risks"]


def test_the_list_shows_what_an_open_invitation_is_limited_to(client_of, manager, acme, year):
    form = {"email": "ann@audit.example", "roles": ["auditor"], "audit_period": str(year.pk), "areas": ["trail"]}
    client = client_of(manager)
    assert client.post(f"{LIST}invite/", form).status_code == 303
    assert f"Audit period {year.name}; The audit trail" in client.get(LIST).content.decode()


def test_who_comes_back_is_limited_as_is_said_then(auditor, acme):
    limit(auditor, "risks")
    Member.objects.filter(pk=auditor.pk).update(status="removed")
    with tenant(acme):
        assert add_member(auditor.user, roles=["viewer"], actor=SETUP).areas == []


def test_a_program_reads_who_is_limited_to_what(program_of, manager, auditor, year):  # noqa: F811 (fixture)
    limit(auditor, "risks", period=year)
    shown = program_of(manager, "members.read").get(f"members/{auditor.pk}").json()
    assert (shown["areas"], shown["audit_period"]) == (["risks"], str(year.pk))


# Areas


def test_every_area_opens_what_there_is_and_the_auditor_can_hold_nothing_that_no_area_opens():
    resources = {name.partition(".")[0] for name in PERMISSIONS}
    assert {one for area in AREAS.values() for one in area.resources} <= resources
    held = granted(["auditor"])
    assert within_areas(held, list(AREAS)) == held


def test_other_areas_are_shut_everywhere(client_of, auditor, manager, acme):
    with tenant(acme):
        change = create_change(actor=manager, title="Hidden-change", systems=[])
    client = client_of(limit(auditor, "risks"))
    assert client.get("/o/acme/risks/").status_code == 200
    for path in ("changes/", f"changes/{change.pk}/", "incidents/", "evidence/", "controls/", "audit/", "members/", "reviews/"):
        assert client.get(f"/o/acme/{path}").status_code in {403, 404}, path
    assert client.get("/o/acme/changes/?export=csv").status_code in {403, 404}
    home = client.get("/o/acme/").content.decode()
    for place in ("/o/acme/changes/", "/o/acme/incidents/", "/o/acme/evidence/", "/o/acme/audit/", "/o/acme/members/"):
        assert f'href="{place}"' not in home, place
    assert 'href="/o/acme/risks/"' in home
    assert "Hidden-change" not in client.get("/o/acme/search/?q=Hidden").content.decode()


def test_what_they_may_do_is_told_within_their_areas(client_of, auditor, manager, acme):
    with tenant(acme):
        set_limits(auditor, areas=["incidents"], audit_period=None, actor=manager)
    page = client_of(manager).get(f"/o/acme/members/{auditor.pk}/rights/")
    told = {right.key for _, rights in page.context["areas"] for right in rights}
    assert told == Member.objects.get(pk=auditor.pk).permissions
    assert "Limited to Incidents" in page.content.decode()


def test_the_request_list_is_always_there_and_leads_to_no_page_that_is_shut(client_of, auditor, year):
    client = client_of(limit(auditor, "risks"))
    page = client.get("/o/acme/controls/requests/")
    assert page.status_code == 200
    assert "All periods" not in page.content.decode()


def test_a_token_of_theirs_opens_no_other_area(program_of, auditor):  # noqa: F811 (fixture)
    program = program_of(auditor, "home.read", "changes.read", "risks.read")
    assert program.get("changes").status_code == 200
    limit(auditor, "risks")
    assert program.get("changes").status_code == 403
    assert program.get("risks").status_code == 200


def test_of_the_trail_they_see_nothing_of_other_areas(client_of, auditor, manager, acme):
    with tenant(acme):
        create_change(actor=manager, title="Hidden-change", systems=[])
    client = client_of(limit(auditor, "trail", "risks"))
    page = client.get("/o/acme/audit/").content.decode()
    assert "Hidden-change" not in page
    assert "change.create" not in page
    assert "Hidden-change" in client_of(limit(auditor, "trail", "changes")).get("/o/acme/audit/").content.decode()


def test_of_the_evidence_they_see_nothing_of_other_areas_but_what_was_handed_to_them(auditor, manager, acme):
    with tenant(acme):
        change = create_change(actor=manager, title="A change", systems=[])
        of_change, of_nothing = kept(manager, "Of a change", subject=change), kept(manager, "Of nothing")
        member = limit(auditor, "evidence", "risks")
        assert set(evidence_seen_by(member)) == {of_nothing}
        supply(raise_request(actor=manager, title="Changes"), given=Given(evidence=[of_change]), actor=manager)
        assert set(evidence_seen_by(member)) == {of_change, of_nothing}
        assert set(evidence_seen_by(limit(auditor, "evidence", "changes"))) == {of_change, of_nothing}


def test_of_the_populations_they_see_nothing_of_other_areas_but_what_was_handed_to_them(client_of, auditor, manager, acme):
    with tenant(acme):
        today = acme.today()
        joiners = begin_freezing("joiners", today, today, actor=manager)
    page = f"/o/acme/evidence/populations/{joiners.pk}/"
    assert client_of(limit(auditor, "evidence", "risks")).get(page).status_code == 404
    assert client_of(limit(auditor, "evidence", "access")).get(page).status_code == 200


# The period


def test_only_the_period_is_offered_and_records_of_others_are_not_there(client_of, auditor, change, year, long_ago):
    client = client_of(limit(auditor, period=long_ago))
    assert client.get(f"/o/acme/changes/{change.pk}/").status_code == 404
    assert "Present-change" not in client.get("/o/acme/changes/").content.decode()
    assert "Present-change" not in client.get("/o/acme/search/?q=Present").content.decode()
    assert "Present-change" not in client.get("/o/acme/audit/").content.decode()
    answer = client.get("/o/acme/changes/?export=csv")
    assert "Present-change" not in b"".join(answer.streaming_content).decode()
    offered = client.get(f"/o/acme/controls/occurrences/?period={year.pk}").content.decode()
    assert long_ago.name in offered
    assert year.name not in offered
    assert "Present-change" in client_of(limit(auditor, period=year)).get("/o/acme/changes/").content.decode()


def test_a_program_gets_nothing_of_other_periods(program_of, auditor, change, year, long_ago):  # noqa: F811 (fixture)
    program = program_of(auditor, "home.read", "changes.read", "controls.read")
    limit(auditor, period=long_ago)
    assert program.get(f"changes/{change.pk}").status_code == 404
    assert program.get("changes").json()["results"] == []
    assert [one["id"] for one in program.get("periods").json()["results"]] == [str(long_ago.pk)]
    assert program.get(f"periods/{year.pk}").status_code == 404


def test_what_they_ask_for_belongs_to_their_period(client_of, auditor, manager, year, long_ago):
    with tenant(auditor.organization):
        raise_request(actor=manager, title="Of-this-year", period=year)
        raise_request(actor=manager, title="Of-no-period")
    client = client_of(limit(auditor, period=long_ago))
    page = client.get("/o/acme/controls/requests/").content.decode()
    assert "Of-this-year" not in page
    assert "Of-no-period" not in page
    answer = client.post("/o/acme/controls/requests/new/", {"title": "Asked", "requested_on": "2010-05-01", "period": ""})
    assert answer.status_code == 303, answer.content.decode()
    assert "Asked" in client.get(answer["Location"]).content.decode()


def test_a_period_that_is_gone_leaves_nothing(client_of, auditor, manager, change):
    Member.objects.filter(pk=auditor.pk).update(audit_period_id=manager.pk)
    page = client_of(auditor).get("/o/acme/changes/").content.decode()
    assert "Present-change" not in page


def test_home_says_what_one_is_limited_to(client_of, auditor, year):
    page = client_of(limit(auditor, "risks", period=year)).get("/o/acme/").content.decode()
    assert f"Audit period {year.name}; Risks" in page
    assert "What you see here" not in client_of(limit(auditor)).get("/o/acme/").content.decode()


# Looking as one of them


def test_an_administrator_sees_what_one_auditor_sees(client_of, administrator, auditor, change, long_ago):
    limit(auditor, "changes", period=long_ago)
    client = client_of(administrator)
    assert f"View as {auditor.name}" in client.get(f"{LIST}{auditor.pk}/").content.decode()
    assert client.post(f"{LIST}{auditor.pk}/view-as/")["Location"] == "/o/acme/"
    page = client.get("/o/acme/changes/").content.decode()
    assert f"You see what {auditor.name} sees here." in page
    assert "Present-change" not in page
    assert client.get("/o/acme/risks/").status_code == 403
    assert told(auditor.organization, "member.look_as_auditor")[0]["metadata"]["auditor"] == auditor.name
    client.post(f"{LIST}view-as-auditor/stop/")
    assert "Present-change" in client.get("/o/acme/changes/").content.decode()


def test_nobody_is_looked_as_who_is_more_than_an_auditor(client_of, administrator, manager, acme):
    with tenant(acme), pytest.raises(ActionRefused, match="can be looked as"):
        look_as_auditor(administrator, auditor=manager)
    client = client_of(administrator)
    assert "View as" not in client.get(f"{LIST}{manager.pk}/").content.decode()
    assert client.post(f"{LIST}{manager.pk}/view-as/")["Location"] == f"{LIST}{manager.pk}/"
    assert "You see what" not in client.get("/o/acme/").content.decode()


def test_looking_ends_when_they_are_no_auditor_any_more(client_of, administrator, auditor):
    client = client_of(administrator)
    client.post(f"{LIST}{auditor.pk}/view-as/")
    Member.objects.filter(pk=auditor.pk).update(status="removed")
    page = client.get("/o/acme/members/").content.decode()
    assert "They are no auditor here any more" in page
    assert "Invite somebody" in page


def test_the_periods_are_read_once(acme, year, django_assert_num_queries):
    with tenant(acme):
        periods()
        with django_assert_num_queries(0):
            assert list(periods()) == [year.pk]
