"""The access log: who came, wrote, took something away, looked at what is administrative or was refused, and from where."""

import datetime as dt
from typing import Any

import pytest

from accounts.permissions import is_administrative
from audit.access import DENIED, READ, SIGN_IN, TAKEN, program_of
from audit.models import AuditEvent
from incidents.models import SecurityEvent, Severity
from incidents.reporting.denials import MANY, WITHIN, watch_denials
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.accounts.signing_in import sign_in
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.routes import routes

BROWSER = {"HTTP_USER_AGENT": "Mosaic/0.9"}


CODES_OF = {"denied": DENIED, "read": READ, "export": TAKEN, "sign_in": SIGN_IN}


def looks(organization):
    with tenant(organization):
        return [event.data for event in AuditEvent.objects.filter(verb="access.read").order_by("at")]


def test_a_look_at_the_members_is_kept_with_from_where(client_of, administrator, acme):
    client_of(administrator).get("/o/acme/members/", **BROWSER)
    (look,) = looks(acme)
    assert look["actor"]["email"] == administrator.email
    assert (look["actor"]["ip"], look["actor"]["user_agent"]) == ("127.0.0.1", "Mosaic/0.9")
    assert look["metadata"] == {"path": "/o/acme/members/", "permission": "members.read"}


def test_the_same_page_is_noted_once_a_minute_and_another_by_itself(client_of, administrator, acme):
    client = client_of(administrator)
    for path in ("/o/acme/members/", "/o/acme/members/?q=x", "/o/acme/members/invite/"):
        client.get(path)
    assert [look["metadata"]["path"] for look in looks(acme)] == ["/o/acme/members/", "/o/acme/members/invite/"]


def test_an_administrator_who_sees_everybodys_tokens_has_looked_and_who_sees_their_own_has_not(client_of, cast, acme):
    client_of(cast.employee).get("/o/acme/members/tokens/")
    assert looks(acme) == []
    client_of(cast.administrator).get("/o/acme/members/tokens/")
    assert [look["metadata"] for look in looks(acme)] == [{"path": "/o/acme/members/tokens/", "permission": "members.admin"}]


PAGES = [one for one in routes("grc.urls_organization") if is_administrative(one.permission or "") and not one.converters]


@pytest.mark.parametrize("how", [{}, {"HTTP_HX_REQUEST": "true"}, {"REQUEST_METHOD": "HEAD"}], ids=["page", "fragment", "head"])
def test_no_administrative_page_is_read_without_a_trace(client_of, cast, acme, how):
    clients, read = [client_of(cast.administrator), client_of(cast.manager)], set()
    for page in PAGES:
        path = page.path("/o/acme/")
        if 200 in {client.get(path, **how).status_code for client in clients}:
            read.add(path)
    assert len(read) > 20
    assert read == {look["metadata"]["path"] for look in looks(acme)}


@pytest.mark.parametrize("path", ["", "access/systems/", "changes/"])
def test_what_is_not_administrative_leaves_no_look(client_of, administrator, acme, path):
    assert client_of(administrator).get(f"/o/acme/{path}").status_code == 200
    assert looks(acme) == []


def test_a_page_that_was_refused_is_a_denial_and_no_look(client_of, employee, acme):
    assert client_of(employee).get("/o/acme/members/").status_code == 403
    assert looks(acme) == []


def test_a_program_that_looks_is_kept_with_its_token(administrator, acme):
    token, secret = make_token(administrator)
    assert Program(secret).get("members").status_code == 200
    (look,) = looks(acme)
    assert look["actor"]["token"] == token.prefix
    assert look["metadata"]["path"] == "/api/members"


@pytest.mark.parametrize(
    ("permission", "expected"),
    [("members.admin", True), ("audit.read", True), ("subjects.write", True), ("people.read", False), ("", False)],
)
def test_what_is_administrative(permission, expected):
    assert is_administrative(permission) == expected


@pytest.fixture
def busy(client, manager, administrator, employee, acme):
    """A sign-in, a denial, a look, something taken away, and what the product did by itself."""
    client.post("/sign-in/", {"email": manager.email, "password": "wrong"})
    sign_in(client, manager.user)
    signed_in(employee).get("/o/acme/members/")
    admin = signed_in(administrator)
    admin.get("/o/acme/members/")
    taken: Any = admin.get("/o/acme/members/?export=csv")
    assert b"".join(taken.streaming_content)
    return client


def test_the_log_shows_each_kind_with_its_address(busy):
    page = busy.get("/o/acme/audit/access/").content.decode()
    for words in ("Sign-in", "Denied", "Administrative read", "Taken away", "127.0.0.1", "/o/acme/members/"):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "verb"),
    [("denied", "access.deny"), ("read", "access.read"), ("export", "list.export"), ("sign_in", "session.sign_in")],
)
def test_a_kind_is_found_by_itself(busy, manager, kind, verb):
    found = Program(make_token(manager)[1]).get(f"access-log?kind={kind}").json()["results"]
    assert verb in {one["verb"] for one in found} <= set(CODES_OF[kind])
    assert all(one["origin"]["ip"] == "127.0.0.1" for one in found)


def test_what_the_product_does_by_itself_is_no_access(busy, manager, acme):
    with tenant(acme):
        by_itself = set(AuditEvent.objects.filter(actor_id=None).values_list("verb", flat=True))
    shown = {one["verb"] for one in Program(make_token(manager)[1]).get("access-log?kind=write").json()["results"]}
    assert not shown & by_itself - {"session.sign_in"}


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_browsers_are_called_what_people_call_them(agent, shown):
    assert program_of(agent) == shown


def test_only_who_may_read_the_trail_reads_it(client_of, approver, employee):
    for member in (approver, employee):
        assert client_of(member).get("/o/acme/audit/access/").status_code == 403


def deny(member, times):
    client = signed_in(member)
    for _ in range(times):
        assert client.get("/o/acme/members/").status_code == 403


def told(organization):
    with tenant(organization):
        watch_denials(organization, now())
        return list(SecurityEvent.objects.filter(reported_as="Access log"))


@pytest.mark.usefixtures("committed_db")
def test_many_denials_of_one_account_become_one_security_event():
    employee, acme = Cast().of("acme", "employee"), Organization.objects.get(slug="acme")
    deny(employee, MANY - 1)
    assert told(acme) == []
    deny(employee, 1)
    for _ in range(2):
        (event,) = told(acme)
    assert event.title == f"{employee.name} was refused {MANY} times within an hour"
    assert (event.severity, event.times_seen) == (Severity.MEDIUM, 1)
    assert "/o/acme/members/" in event.description
    deny(employee, 1)
    (event,) = told(acme)
    assert event.times_seen == 2


def test_long_paths_of_a_stranger_hide_nobodys_denials(cast, employee, acme):
    knocks = signed_in(cast.of("globex", "employee"))
    for number in range(MANY):
        assert knocks.get(f"/o/acme/{number}/{'%01' * 1_000}").status_code == 404
    deny(employee, MANY)
    assert len(told(acme)) == 2


def test_denials_of_several_people_do_not_add_up(employee, approver, acme):
    deny(employee, MANY // 2)
    deny(approver, MANY // 2)
    assert told(acme) == []


def test_denials_of_long_ago_do_not_count(employee, acme):
    deny(employee, MANY)
    with tenant(acme):
        watch_denials(acme, now() + WITHIN + dt.timedelta(minutes=1))
        assert not SecurityEvent.objects.filter(reported_as="Access log").exists()


def test_another_organizations_denials_are_its_own(cast, employee, acme, globex):
    deny(employee, MANY)
    assert told(globex) == []
