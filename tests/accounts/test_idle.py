"""Sessions end when nobody uses them: when, for whom, and what the person reads."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import set_idle_limit
from accounts.models import IdleLimit, Member
from accounts.sessions import open_sessions
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.signing_in import fresh_code, sign_in
from tests.browser import SCREENS, cookie_of, faults_of
from tests.cast import PASSWORD, Cast
from ui.refusals import ActionRefused

EDIT = "/o/acme/members/idle-limit/"
PAGE = "/o/acme/work/jobs/"
POLL = {"HX-Request": "true", "X-Unattended": "1", "HX-Current-URL": f"http://testserver{PAGE}?page=2"}


@pytest.fixture
def client(cast: Cast) -> Client:
    return sign_in(Client(), cast.manager.user)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """`later(minutes)` lets time pass, for sessions."""
    clock = {"now": time.time()}
    monkeypatch.setattr("accounts.sessions.time.time", lambda: clock["now"])

    def wait(minutes: float) -> None:
        clock["now"] += minutes * 60

    return wait


def limit_to(organization: Organization, member: Member, minutes: int) -> None:
    with tenant(organization):
        set_idle_limit(minutes=minutes, actor=member)


def is_in(client: Client, path: str = PAGE, **headers: Any) -> bool:
    return int(client.get(path, **headers).status_code) == 200


def test_an_hour_without_use_ends_a_session(client: Client, later: Any):
    later(59)
    assert is_in(client)
    later(59)
    assert is_in(client)
    later(61)
    assert not is_in(client)
    assert "_auth_user_id" not in client.session


def test_a_clock_that_was_set_back_makes_no_session_last_longer(client: Client, later: Any):
    later(30)
    assert is_in(client)
    later(-0.5)
    assert is_in(client)
    later(-20)
    assert not is_in(client)


def test_who_comes_back_reads_why_and_goes_on_where_they_were(client: Client, cast: Cast, later: Any):
    assert is_in(client)
    later(61)
    asked = client.get(PAGE + "?page=2")
    assert asked["Location"] == "/sign-in/?next=%2Fo%2Facme%2Fwork%2Fjobs%2F%3Fpage%3D2"
    page = client.get(asked["Location"])
    assert "nothing was done for 60 minutes" in page.content.decode()
    code = client.post(asked["Location"], {"email": cast.manager.email, "password": PASSWORD})["Location"]
    assert client.post(code, {"code": fresh_code(cast.manager.user)})["Location"] == PAGE + "?page=2"


def test_who_sends_a_form_too_late_comes_back_to_its_page(client: Client, later: Any):
    later(61)
    sent = client.post("/o/acme/work/absence/", {}, headers={"Referer": "http://testserver/o/acme/work/absence/"})
    assert sent["Location"] == "/sign-in/?next=%2Fo%2Facme%2Fwork%2Fabsence%2F"


@pytest.mark.parametrize("page", ["http://evil.example/o/acme/", "//evil.example/", "http://testserver//evil.example/", ""])
def test_another_sites_page_is_no_way_back(page: str):
    assert Client().post(PAGE, headers={"Referer": page})["Location"] == "/sign-in/"
    asked = Client().get(PAGE, headers={"HX-Request": "true", "HX-Current-URL": page})
    assert asked["HX-Redirect"] == "/sign-in/"


def test_a_page_that_refreshes_itself_does_not_keep_the_session(client: Client, later: Any):
    assert is_in(client)
    for _ in range(3):
        later(19)
        assert is_in(client, headers=POLL)
    later(4)
    ended = client.get(PAGE, headers=POLL)
    assert ended["HX-Redirect"] == "/sign-in/?next=%2Fo%2Facme%2Fwork%2Fjobs%2F%3Fpage%3D2"
    assert "nothing was done" in client.get(ended["HX-Redirect"]).content.decode()


def test_eight_hours_are_told_too(client: Client, cast: Cast, acme: Organization, later: Any):
    limit_to(acme, cast.administrator, 480)
    later(8 * 60)
    page = client.get(client.get(PAGE)["Location"]).content.decode()
    assert "eight hours at most" in page


def test_a_new_limit_holds_from_the_next_page_on(client: Client, cast: Cast, acme: Organization, later: Any):
    assert is_in(client)
    limit_to(acme, cast.administrator, 5)
    later(4)
    assert is_in(client)
    later(5)
    assert open_sessions(cast.manager.user) == []
    assert not is_in(client, "/account/")


def test_the_shortest_limit_of_a_persons_organizations_holds(
    client: Client, cast: Cast, acme: Organization, globex: Organization, later: Any
):
    limit_to(acme, cast.administrator, 480)
    limit_to(globex, cast.of("globex", "administrator"), 10)
    later(30)
    assert is_in(client)
    second = Member.objects.create(organization=globex, user=cast.manager.user, roles=["viewer"])
    later(11)
    Member.objects.filter(pk=second.pk).update(status="removed")
    assert is_in(client)
    Member.objects.filter(pk=second.pk).update(status="active")
    later(11)
    assert not is_in(client)


def test_session_person_factor_and_membership_take_a_query_each_and_use_is_written_once_a_minute(client: Client, later: Any):
    assert is_in(client)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert is_in(client)
        return re.findall(r'^(?:SELECT|UPDATE) "(accounts_\w+)"', "\n".join(one["sql"] for one in queries), re.MULTILINE)

    read = ["accounts_session", "accounts_user", "accounts_totpdevice", "accounts_member"]
    assert asked() == read
    later(2)
    assert asked() == [*read, "accounts_session"]


def test_an_administrator_sets_it_with_a_second_factor(cast: Cast, acme: Organization):
    client = sign_in(Client(), cast.administrator.user, factor_age=3600)
    assert 'value="60"' in client.get(EDIT).content.decode()
    assert client.post(EDIT, {"minutes": "15"}).status_code == 422
    done = client.post(EDIT, {"minutes": "15", "factor_code": fresh_code(cast.administrator.user)})
    assert done["Location"] == "/o/acme/organization/"
    assert "after 15 minutes" in client.get(done["Location"]).content.decode()
    limit = IdleLimit.objects.get(organization=acme)
    assert (str(limit), limit.set_by) == ("15 minutes", cast.administrator)
    with tenant(acme):
        event = AuditEvent.objects.get(verb="organization.set_idle_limit")
    assert (event.data["before"], event.data["after"]) == ({"idle_minutes": 60}, {"idle_minutes": 15})


@pytest.mark.parametrize("minutes", ["4", "481", "", "x"])
def test_minutes_out_of_bounds_are_refused(cast: Cast, acme: Organization, minutes: str):
    assert sign_in(Client(), cast.administrator.user).post(EDIT, {"minutes": minutes}).status_code == 422
    with tenant(acme), pytest.raises(ValidationError):
        set_idle_limit(minutes=481, actor=cast.administrator)


def test_nobody_else_sets_it(client: Client, cast: Cast, acme: Organization):
    assert client.get(EDIT).status_code == 403
    with tenant(acme), pytest.raises(ActionRefused, match="Your role"):
        set_idle_limit(minutes=15, actor=cast.manager)


@pytest.mark.browser
def test_a_browser_tells_what_it_asks_by_itself_from_what_a_person_does(browser: Any, site: str, watch: Any):
    context = watch.over(browser.new_context(base_url=site))
    context.add_cookies([cookie_of(Cast().administrator, site)])
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.headers) if "hx-request" in request.headers else None)
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.goto("/o/acme/members/")  # its counts come as it loads
    assert {headers.get("x-unattended") for headers in asked} == {"1"}
    asked.clear()
    with page.expect_response(lambda answer: "q=Manager" in answer.url):
        page.get_by_placeholder("Name or e-mail").fill("Manager")
    assert asked[0].get("x-unattended") is None
    page.goto("/o/acme/members/idle-limit/")
    assert faults_of(page, "idle limit") == []
    page.goto("/o/acme/organization/")
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / "organization.png", full_page=True)
