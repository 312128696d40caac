"""The pages of the first hour: answers are kept, proposals explained, and nothing is written before the last page."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controls.library.questions import BASE, QUESTIONS
from controls.models import AuditPeriod, Control, Occurrence
from controls.periods.actions import create_period
from controls.setup import owners
from controls.setup.actions import Plan, set_up
from inventory.models import Person
from inventory.people.actions import create_person
from tenancy.models import Organization
from tests.controls.setup.test_set_up import altered
from tests.inventory.snapshots.helpers import person_of

ANSWERS = {
    "hosting": ["cloud"],
    "data": ["confidential"],
    "categories": ["none"],
    "uptime": "promised",
    "ai": "work",
    "development": "own",
    "places": ["remote"],
    "people": ["none"],
    "on_call": "rota",
    "period": "12",
}
AUDIT = {
    "categories": ["availability"],
    "kind": "type2",
    "starts_on": "2027-01-01",
    "ends_on": "2027-12-31",
    "name": "Our year",
    "in_scope_since": "2026-12-01",
}
BASE_URL = "/o/acme/controls/set-up/"
AUDIT_URL, CONTROLS_URL, DONE_URL = f"{BASE_URL}audit/", f"{BASE_URL}controls/", f"{BASE_URL}done/"


def said(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def client(in_acme, manager, client_of) -> Client:
    """The manager's browser."""
    browser: Client = client_of(manager)
    return browser


@pytest.fixture
def at_controls(client: Client) -> Client:
    """The same with the first two pages behind it."""
    assert client.post(BASE_URL, ANSWERS)["Location"] == AUDIT_URL
    assert client.post(AUDIT_URL, AUDIT)["Location"] == CONTROLS_URL
    return client


def sent(client: Client, **changes: Any) -> dict[str, Any]:
    """What the third page would send as it stands."""
    page = said(client.get(CONTROLS_URL))
    token = re.search(r'name="once" value="([0-9a-f-]+)"', page)
    assert token
    ticked = re.findall(r'name="keys" value="([A-Z0-9-]+)"[^>]* checked', page)
    return {"once": token[1], "keys": ticked} | changes


def test_home_and_the_empty_list_lead_there(client, client_of, viewer):
    assert BASE_URL in said(client.get("/o/acme/"))
    assert BASE_URL not in said(client_of(viewer).get("/o/acme/"))


def test_home_says_nothing_once_there_are_controls(client, manager):
    set_up(Plan(keys=["AC-001"], new_period=period(), in_scope_since=dt.date(2026, 1, 1)), actor=manager)
    assert BASE_URL not in said(client.get("/o/acme/"))


def test_the_three_pages_set_everything_up(at_controls):
    assert not Control.objects.exists()
    given = sent(at_controls, owner_0="me")
    made = at_controls.post(CONTROLS_URL, given)
    assert made["Location"].startswith(DONE_URL)
    keys = set(Control.objects.values_list("library_key", flat=True))
    assert keys >= {*BASE, "NET-002", "AI-006", "CHG-002", "PHY-003", "INC-003", "AVL-001"}
    assert "DAT-001" not in keys  # confidentiality was unticked
    assert AuditPeriod.objects.get().name == "Our year"
    page = said(at_controls.get(made["Location"]))
    assert f"{len(keys)} controls were adopted" in page
    first = page.split("What falls due first")[1]
    assert len(set(re.findall(r"/occurrences/([0-9a-f-]{36})/", first))) == 10
    named = re.findall(r">([A-Z]+-\d+) ", first)
    assert len(set(named)) == len(named)  # the next of each control


def test_nothing_is_due_minutes_after_the_set_up(client, monkeypatch):
    """Set up on a Sunday, what is done daily is due on Monday, and the last page says from when."""
    sunday, monday = dt.date(2026, 11, 22), dt.date(2026, 11, 23)
    monkeypatch.setattr(Organization, "today", lambda _: sunday)
    client.post(BASE_URL, ANSWERS)
    proposed = re.search(r'name="in_scope_since" value="([0-9-]+)"', said(client.get(AUDIT_URL)))
    assert proposed
    assert proposed[1] == monday.isoformat()
    client.post(AUDIT_URL, AUDIT | {"in_scope_since": proposed[1]})
    done = client.post(CONTROLS_URL, sent(client))["Location"]
    assert min(Occurrence.objects.filter(control__cadence="daily").values_list("due_on", flat=True)) == monday
    assert not Occurrence.objects.filter(opens_on__lte=sunday).exists()
    assert "Nothing is expected before" in said(client.get(done))
    monkeypatch.setattr(Organization, "today", lambda _: monday + dt.timedelta(days=1))
    assert "Nothing is expected before" not in said(client.get(done))


def test_the_page_sent_twice_acts_once(at_controls):
    given = sent(at_controls)
    first, second = (at_controls.post(CONTROLS_URL, given) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert AuditPeriod.objects.count() == 1
    assert Control.objects.count() == len(given["keys"])


def test_coming_back_and_sending_again_makes_nothing_twice(at_controls):
    given = sent(at_controls)
    at_controls.post(CONTROLS_URL, given)
    fresh = at_controls.get(CONTROLS_URL)
    assert f"You have all {len(given['keys'])} controls that fit" in said(fresh)
    again = at_controls.post(CONTROLS_URL, {"keys": given["keys"]})
    assert "nothing was changed" in said(at_controls.get(again["Location"]))
    assert Control.objects.count() == len(given["keys"])


def test_only_what_is_lacking_is_offered(at_controls, manager):
    set_up(Plan(keys=["AC-001", "AC-002"], new_period=period(), in_scope_since=dt.date(2026, 1, 1)), actor=manager)
    at_controls.post(AUDIT_URL, AUDIT | {"period": "new"})
    page = said(at_controls.get(CONTROLS_URL))
    assert "You have 2 of them" in page
    assert 'id="key-AC-001"' not in page
    given = sent(at_controls)
    at_controls.post(CONTROLS_URL, given | {"keys": [*given["keys"], "AC-001", "AC-002"]})
    assert Control.objects.count() == len(given["keys"]) + 2


def test_answers_are_kept_as_they_are_given(client):
    kept = client.post(f"{BASE_URL}keep/", {"hosting": ["own", "moon"], "uptime": "none"})
    assert kept.status_code == 204
    page = said(client.get(BASE_URL))
    assert re.search(r'value="own"[^>]* checked', page)
    assert re.search(r'name="uptime" value="none"[^>]* checked', page)
    assert "moon" not in page


def test_a_question_left_out_is_asked_again(client):
    answer = client.post(BASE_URL, {name: value for name, value in ANSWERS.items() if name != "uptime"})
    assert answer.status_code == 422
    assert "Choose one." in said(answer)


@pytest.mark.parametrize("name", ["hosting", "data", "categories", "places", "people"])
def test_a_question_of_several_answers_wants_one_too_and_none_is_one(client, name):
    unsaid = client.post(BASE_URL, {key: value for key, value in ANSWERS.items() if key != name})
    assert (unsaid.status_code, "Choose what applies, or “N" in said(unsaid)) == (422, True)
    first = next(value for value, _ in next(one for one in QUESTIONS if one.key == name).options)
    both = client.post(BASE_URL, ANSWERS | {name: [first, "none"]})
    assert (both.status_code, "but not both." in said(both)) == (422, True)
    assert client.post(BASE_URL, ANSWERS | {name: ["none"]})["Location"] == AUDIT_URL


def test_nobody_comes_to_a_page_before_its_time(client):
    for url in (AUDIT_URL, CONTROLS_URL, DONE_URL):
        assert client.get(url)["Location"] == BASE_URL
    client.post(BASE_URL, ANSWERS)
    assert client.get(CONTROLS_URL)["Location"] == AUDIT_URL
    assert client.post(CONTROLS_URL, {"keys": ["AC-001"]})["Location"] == AUDIT_URL
    assert not Control.objects.exists()


def test_the_proposal_says_why(client):
    client.post(BASE_URL, ANSWERS)
    page = said(client.get(AUDIT_URL))
    assert "You promise an uptime." in page
    assert "Customers entrust you" in page
    assert re.search(r'value="availability"[^>]* checked', page)
    assert not re.search(r'value="privacy"[^>]* checked', page)


def test_other_answers_propose_anew(at_controls):
    at_controls.post(BASE_URL, ANSWERS | {"uptime": "none"})
    assert at_controls.get(CONTROLS_URL)["Location"] == AUDIT_URL
    assert not re.search(r'value="availability"[^>]* checked', said(at_controls.get(AUDIT_URL)))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": ""}, "needs an end"),
        ({"ends_on": "2026-12-31"}, "ends before it begins"),
        ({"ends_on": "2031-12-31"}, "at most two years"),
        ({"kind": "type1"}, "as of one day"),
        ({"in_scope_since": "2028-01-01"}, "no control would count in it"),
        ({"starts_on": "soon"}, "valid date"),
        ({"name": ""}, "required"),
        ({"name": "Taken"}, "of this name already"),
    ],
)
def test_a_wrong_audit_is_said_at_its_field(client, manager, changes, sentence):
    create_period(actor=manager, **period(name="Taken", starts_on=dt.date(2026, 1, 1)))
    client.post(BASE_URL, ANSWERS)
    answer = client.post(AUDIT_URL, AUDIT | {"period": "new"} | changes)
    assert answer.status_code == 422
    assert sentence in said(answer)


def test_a_type_1_needs_one_day_only(client):
    client.post(BASE_URL, ANSWERS)
    client.post(AUDIT_URL, AUDIT | {"kind": "type1", "ends_on": ""})
    client.post(CONTROLS_URL, sent(client))
    made = AuditPeriod.objects.get()
    assert (made.kind, made.starts_on, made.ends_on) == ("type1", dt.date(2027, 1, 1), dt.date(2027, 1, 1))


def test_a_period_that_is_there_decides_the_categories(client, manager):
    there = create_period(actor=manager, **period(categories=["confidentiality"]))
    client.post(BASE_URL, ANSWERS)
    assert re.search(rf'value="{there.pk}"[^>]* checked', said(client.get(AUDIT_URL)))
    given = {"period": str(there.pk), "in_scope_since": "2027-01-01", "categories": ["privacy"]}
    assert client.post(AUDIT_URL, given)["Location"] == CONTROLS_URL
    client.post(CONTROLS_URL, sent(client))
    keys = set(Control.objects.values_list("library_key", flat=True))
    assert "DAT-001" in keys
    assert not keys & {"AVL-001", "PRV-001"}
    assert AuditPeriod.objects.get() == there


def everybody_else_left(manager):
    for other in Person.objects.exclude(member=manager):
        altered(other, status="left", left_on=dt.date(2026, 1, 1))


def test_with_nobody_else_everything_is_mine(at_controls, manager):
    everybody_else_left(manager)
    page = said(at_controls.get(CONTROLS_URL))
    chosen = re.findall(r'<option value="([^"]*)" selected>', page)
    assert set(chosen) == {"me"}


def test_who_is_alone_brings_people_in_first_and_finds_everything_as_it_was(at_controls, manager):
    everybody_else_left(manager)
    page = said(at_controls.get(CONTROLS_URL))
    assert "Nobody else is on the roster yet" in page
    given = sent(at_controls)
    dropped = given["keys"].pop(0)
    answer = at_controls.post(CONTROLS_URL, {**given, "owner_0": "", "owner_1": owners.MYSELF, "people": "roster"})
    assert answer["Location"] == "/o/acme/access/people/rosters/new/"
    assert not Control.objects.exists()
    home = said(at_controls.get("/o/acme/"))
    assert "Go on where you left" in home
    assert CONTROLS_URL in home
    kim = create_person(actor=manager, name="Kim", email="kim@acme.example")
    page = said(at_controls.get(CONTROLS_URL))
    assert "Nobody else is on the roster yet" not in page
    assert str(kim.pk) in page
    assert sent(at_controls)["keys"] == given["keys"]
    assert f'value="{dropped}" id="key-{dropped}">' in page
    assert at_controls.get(CONTROLS_URL).context["form"]["owner_1"].value() == owners.MYSELF


def test_other_answers_choose_anew(at_controls):
    at_controls.post(CONTROLS_URL, {**sent(at_controls), "keys": ["AC-001"], "people": "person"})
    assert sent(at_controls)["keys"] == ["AC-001"]
    at_controls.post(BASE_URL, {**ANSWERS, "ai": "none"})
    at_controls.post(AUDIT_URL, AUDIT)
    assert len(sent(at_controls)["keys"]) > 1


def test_titles_suggest_owners(at_controls, manager, reviewer):
    create_person(actor=manager, name="Vera Pace", email="vera@acme.example", title="VP Engineering")
    altered(person_of(reviewer), title="Head of IT")
    page = said(at_controls.get(CONTROLS_URL))
    vera = Person.objects.get(name="Vera Pace")
    assert f'<option value="{vera.pk}" selected>' in page
    assert f'<option value="{person_of(reviewer).pk}" selected>' in page
    assert page.count(" selected>") == 8 - 2 + 2 - unasked(page)


def unasked(page: str) -> int:
    """Roles that no control of the page has."""
    return 8 - page.count("<select")


def test_of_a_long_roster_one_gives_addresses(at_controls, monkeypatch, reviewer):
    monkeypatch.setattr(owners, "MOST_LISTED", 2)
    assert "<option" not in said(at_controls.get(CONTROLS_URL)).split("<main")[1]
    given = sent(at_controls)
    wrong = at_controls.post(CONTROLS_URL, given | {"owner_0": "nobody@acme.example"})
    assert wrong.status_code == 422
    assert "Nobody on the roster has this address." in said(wrong)
    at_controls.post(CONTROLS_URL, given | {"owner_0": "Reviewer@Acme.example"})
    assert Control.objects.filter(owner=person_of(reviewer)).exists()


def test_the_done_page_counts_what_its_links_show(at_controls):
    made = at_controls.post(CONTROLS_URL, sent(at_controls, owner_0="me"))
    page = said(at_controls.get(made["Location"]))
    figures = re.findall(r'<a href="([^"]*/controls/\?[^"]*)">[^<]*</a></span>\s*<span class="stat-value">(\d+)', page)
    assert len(figures) == 2
    for url, count in figures:
        listed = at_controls.get(f"{url.replace('&amp;', '&')}&export=csv")
        listed.getvalue()
        assert listed["X-Table-Rows"] == count


def test_each_page_costs_few_queries(at_controls):
    frame = queries(at_controls, BASE_URL)
    assert queries(at_controls, AUDIT_URL) <= frame + 1
    assert queries(at_controls, CONTROLS_URL) <= frame + 5
    done = at_controls.post(CONTROLS_URL, sent(at_controls))["Location"]
    at_controls.get(done)
    assert queries(at_controls, done) <= frame + 9


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


def test_who_only_reads_has_no_business_here(client_of, viewer, in_acme):
    assert client_of(viewer).get(BASE_URL).status_code == 403


def period(**changes: Any) -> dict[str, Any]:
    fields = {"name": "2027", "kind": "type2", "starts_on": dt.date(2027, 1, 1), "ends_on": dt.date(2027, 12, 31)}
    return fields | {"categories": []} | changes
