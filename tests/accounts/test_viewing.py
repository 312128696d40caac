"""An administrator looks at the organization as an auditor does: sees no more, changes nothing, and comes back."""

import pytest

from accounts.models import Member
from accounts.roles import granted
from audit.models import AuditEvent
from tenancy.scope import tenant

BEGIN, STOP = "/o/acme/members/view-as-auditor/", "/o/acme/members/view-as-auditor/stop/"


@pytest.fixture
def looking(client_of, administrator):
    client = client_of(administrator)
    assert client.post(BEGIN)["Location"] == "/o/acme/"
    return client


def verbs(organization, like):
    with tenant(organization):
        return list(AuditEvent.objects.filter(verb__startswith=like).order_by("at").values_list("verb", flat=True))


def test_what_an_auditor_may_not_open_is_closed_and_the_rest_says_so(looking):
    closed = looking.get("/o/acme/members/invite/")
    assert closed.status_code == 403
    assert "An auditor does not see this page. Stop looking" in closed.content.decode()
    assert looking.get("/o/acme/audit/").status_code == 200
    page = looking.get("/o/acme/members/").content.decode()
    assert "You see what an auditor sees here." in page
    assert "Invite somebody" not in page
    assert "View as auditor" not in page


def test_nothing_can_be_changed_and_it_is_no_denial(looking, acme):
    answer = looking.post("/o/acme/changes/new/", {"title": "A change"})
    assert answer.status_code == 403
    assert "so nothing is changed" in answer.content.decode()
    assert verbs(acme, "access.deny") == verbs(acme, "change.") == []


def test_who_stops_sees_everything_again(looking, acme):
    assert looking.post(STOP).status_code == 302
    assert looking.get("/o/acme/members/invite/").status_code == 200
    assert verbs(acme, "member.look") == ["member.look_as_auditor", "member.look_no_more"]


def test_it_reaches_one_organization_and_one_session(looking, client_of, administrator):
    assert client_of(administrator).get("/o/acme/members/invite/").status_code == 200


def test_a_look_in_another_organization_leaves_the_first_as_it_is(looking, administrator, acme, globex):
    Member.objects.create(organization=globex, user=administrator.user, roles=["administrator"])
    there = "/o/globex/members/view-as-auditor/"
    assert looking.post(there)["Location"] == "/o/globex/"
    assert "You see what an auditor sees here." in looking.get("/o/acme/members/").content.decode()
    looking.post(f"{there}stop/")
    assert "You see what an auditor sees here." not in looking.get("/o/globex/members/").content.decode()
    assert looking.post("/o/acme/members/invite/").status_code == 403
    assert [verbs(one, "member.look") for one in (acme, globex)] == [
        ["member.look_as_auditor"],
        ["member.look_as_auditor", "member.look_no_more"],
    ]


def test_nobody_sees_more_than_their_own_roles_show(looking, administrator):
    shown = looking.get("/o/acme/").wsgi_request.member.permissions
    assert {name for name in shown if name.endswith(".read")} <= granted(administrator.roles)
    assert {name for name in shown if name.endswith(".read")} <= granted(["auditor"])


@pytest.mark.parametrize("role", ["manager", "auditor", "viewer", "employee"])
def test_only_administrators_look(client_of, cast, role):
    assert client_of(cast.of("acme", role)).post(BEGIN).status_code == 403


def test_stopping_without_looking_does_no_harm(client_of, employee, acme):
    assert client_of(employee).post(STOP).status_code == 302
    assert verbs(acme, "member.look") == []
