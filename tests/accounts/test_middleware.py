"""Into an organization and out again: who may enter, what is kept, what is recorded."""

from typing import Any

import pytest
from django.test import Client
from django.urls import get_script_prefix

from accounts.models import Member, TotpDevice, User
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import active_tenant_id, tenant
from tests.accounts.signing_in import fresh_code, sign_in
from tests.cast import Cast

PROBES = "tests.accounts.probes"


@pytest.fixture(autouse=True)
def _probes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("accounts.middleware.ORGANIZATION_URLCONF", PROBES)
    monkeypatch.setattr("tenancy.scope.ORGANIZATION_URLCONF", PROBES)
    monkeypatch.setattr("ui.navigation.registry.places", [])


@pytest.fixture
def member(cast: Cast) -> Member:
    return cast.manager


@pytest.fixture
def inside(client: Client, member: Member) -> Client:
    return sign_in(client, member.user)


def failures(organization: Organization) -> list[tuple[str, str]]:
    with tenant(organization):
        events = AuditEvent.objects.filter(result="failure").order_by("at")
        return [(event.verb, event.data["metadata"].get("path", "")) for event in events]


def test_a_view_runs_within_its_organization(inside: Client, member: Member, acme: Organization):
    facts = inside.get("/o/acme/facts/").json()
    assert facts == {
        "tenant": str(acme.id),
        "member": str(member.id),
        "organizations": ["acme"],
        "reversed": "/o/acme/facts/",
        "path": "/o/acme/facts/",
    }
    assert active_tenant_id() is None
    assert get_script_prefix() == "/"


def test_the_bare_address_of_an_organization_gets_its_slash(inside: Client):
    assert inside.get("/o/acme")["Location"] == "/o/acme/"


def test_a_stranger_finds_nothing_and_leaves_a_trace(client: Client, cast: Cast, acme: Organization):
    sign_in(client, cast.of("globex", "administrator").user)
    for method in (client.get, client.post):
        assert method("/o/acme/facts/").status_code == 404
    assert failures(acme) == [("access.deny", "/o/acme/facts/")] * 2
    with tenant(acme):
        assert AuditEvent.objects.latest("at").actor_name == "Administrator Globex"


def test_an_organization_that_does_not_exist_looks_the_same(inside: Client):
    assert inside.get("/o/nowhere/facts/").status_code == 404
    assert inside.get("/o/installation/facts/").status_code == 404


def test_a_removed_member_is_a_stranger(inside: Client, member: Member):
    Member.objects.filter(pk=member.pk).update(status="removed")
    assert inside.get("/o/acme/facts/").status_code == 404


def test_nobody_is_led_to_sign_in_whether_or_not_it_exists(client: Client, db: None):
    for slug in ("acme", "nowhere"):
        response = client.get(f"/o/{slug}/facts/?a=1")
        assert response["Location"] == f"/sign-in/?next=%2Fo%2F{slug}%2Ffacts%2F%3Fa%3D1"
    assert client.post("/o/acme/facts/")["Location"] == "/sign-in/"
    assert client.get("/o/acme/facts/", headers={"HX-Request": "true"})["HX-Redirect"] == "/sign-in/"


@pytest.mark.parametrize(("status", "kept"), [(200, True), (302, True), (400, False), (409, False), (422, False), (500, False)])
def test_what_answers_with_an_error_is_rolled_back(inside: Client, status: int, kept: bool):
    assert inside.post(f"/o/acme/write/{status}/").status_code == status
    assert User.objects.filter(email=f"probe{status}@acme.example").exists() is kept


def test_an_exception_is_rolled_back(inside: Client):
    inside.raise_request_exception = False
    assert inside.get("/o/acme/broken/").status_code == 500
    assert not User.objects.filter(email="broken@acme.example").exists()
    assert active_tenant_id() is None


def test_denials_and_refused_changes_are_recorded(inside: Client, acme: Organization):
    inside.get("/o/acme/denied/")
    inside.post("/o/acme/write/422/")
    inside.get("/o/acme/nowhere/")
    assert failures(acme) == [("access.deny", "/o/acme/denied/"), ("request.refuse", "/o/acme/write/422/")]


def test_a_response_that_renders_late_does_so_within_the_organization(inside: Client):
    assert inside.get("/o/acme/late/").content == b"0"


def test_a_streamed_response_has_a_scope_of_its_own(inside: Client, acme: Organization):
    response = inside.get("/o/acme/stream/")
    assert active_tenant_id() is None
    assert response.getvalue().decode() == f"{acme.id} 0"
    assert active_tenant_id() is None


def test_a_body_that_cannot_be_read_is_a_bad_request(inside: Client):
    response = inside.post("/o/acme/facts/", b"x", content_type="multipart/form-data; boundary=")
    assert response.status_code == 400


def test_a_form_without_a_recent_factor_asks_for_a_code(client: Client, member: Member):
    sign_in(client, member.user, factor_age=301)
    assert b"factor_code" in client.get("/o/acme/sensitive/").content
    assert client.post("/o/acme/sensitive/", {"x": "1"}).status_code == 422
    done = client.post("/o/acme/sensitive/", {"factor_code": fresh_code(member.user)})
    assert done.content == b"done"
    assert client.post("/o/acme/sensitive/", {"x": "1"}).content == b"done"


def test_a_recent_factor_is_not_asked_for_again(inside: Client):
    assert b"factor_code" not in inside.get("/o/acme/sensitive/").content
    assert inside.get("/o/acme/guarded/").content == b"done"


def test_a_view_can_insist_on_a_recent_factor(client: Client, member: Member):
    sign_in(client, member.user, factor_age=301)
    response = client.get("/o/acme/guarded/", headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert response.json() == {"detail": "Confirm with your second factor first."}


def test_a_wrong_code_in_a_refused_form_still_counts(client: Client, member: Member, acme: Organization):
    sign_in(client, member.user, factor_age=301)
    code = fresh_code(member.user)
    wrong = client.post("/o/acme/sensitive/", {"factor_code": "000000" if code != "000000" else "111111"})
    assert wrong.status_code == 422
    assert b"not right" in wrong.content
    assert TotpDevice.objects.get(user=member.user).throttling_failure_count == 1
    assert b"Too many" in client.post("/o/acme/sensitive/", {"factor_code": code}).content
    assert failures(acme)[0][0] == "factor.refuse"


def test_a_code_shown_in_a_form_cannot_be_replayed(client: Client, member: Member):
    sign_in(client, member.user, factor_age=301)
    code = fresh_code(member.user)
    assert client.post("/o/acme/sensitive/", {"factor_code": code}).status_code == 200
    other = sign_in(Client(), member.user, factor_age=301)
    assert other.post("/o/acme/sensitive/", {"factor_code": code}).status_code == 422


def test_a_clock_that_went_back_does_not_make_a_factor_recent(client: Client, member: Member):
    sign_in(client, member.user, factor_age=-3600)
    assert b"factor_code" in client.get("/o/acme/sensitive/").content


def test_events_tell_where_a_request_came_from(inside: Client, acme: Organization, settings: Any):
    forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "User-Agent": "Probe/1"}
    inside.get("/o/acme/denied/", headers=forged)
    settings.PLUMBLINE_PROXIES = 1
    inside.get("/o/acme/denied/", headers=forged)
    with tenant(acme):
        origins = [event.data["actor"] for event in AuditEvent.objects.filter(verb="access.deny").order_by("at")]
    assert [origin["ip"] for origin in origins] == ["127.0.0.1", "203.0.113.9"]
    assert origins[0]["user_agent"] == "Probe/1"


def test_a_forged_form_spends_no_code(member: Member):
    strict = sign_in(Client(enforce_csrf_checks=True), member.user, factor_age=3600)
    assert strict.post("/o/acme/sensitive/", {"factor_code": "000000"}).status_code == 403
    assert TotpDevice.objects.get(user=member.user).throttling_failure_count == 0


def test_a_form_with_its_token_is_none(member: Member):
    strict = sign_in(Client(enforce_csrf_checks=True), member.user, factor_age=3600)
    strict.get("/account/")
    token = strict.cookies["plumbline_csrf"].value
    strict.post("/o/acme/sensitive/", {"factor_code": "000000", "csrfmiddlewaretoken": token})
    assert TotpDevice.objects.get(user=member.user).throttling_failure_count == 1
