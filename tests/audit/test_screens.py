"""The trail on screen, and the activity of one record."""

import datetime as dt

import pytest
from django.template import Context, Template

from audit.actors import SCHEDULE, WORKER
from audit.models import AuditEvent
from audit.record import record
from audit.sentences import actor, deed, did
from inventory.people.actions import create_person, edit_person
from inventory.systems.actions import create_system, retire_system
from tenancy.models import Organization

LIST = "/o/acme/audit/"


@pytest.fixture
def person(in_acme, manager):
    """Created, then changed."""
    made = create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
    return edit_person(made, actor=manager, department="Finance")


def test_the_trail_shows_who_did_what_and_what_changed(client_of, auditor, person, manager):
    page = client_of(auditor).get(LIST).content.decode()
    assert "Ada Adams" in page
    assert "Manager Acme" in page
    assert manager.email not in page
    assert "<ins>" in page
    assert "Finance" in page


@pytest.mark.parametrize("who", ["viewer", "reviewer", "employee"])
def test_the_trail_is_for_those_who_may_read_it(client_of, cast, who):
    assert client_of(getattr(cast, who)).get(LIST).status_code == 403


def test_filters_narrow_the_trail(client_of, auditor, person, manager, administrator):
    create_system(actor=administrator, name="Console")
    client = client_of(auditor)

    def named(**query: str) -> set[str]:
        rows = client.get(LIST, query).content.decode().partition("<tbody")[2]
        return {name for name in ("Ada Adams", "Console") if name in rows}

    assert named(area="system") == {"Console"}
    assert named(actor=str(manager.pk)) == {"Ada Adams"}
    assert named(verb="person.edit") == {"Ada Adams"}
    assert named(object=str(person.pk)) == {"Ada Adams"}
    assert named(q="consol") == {"Console"}
    assert named(when="today") == {"Ada Adams", "Console"}
    assert named(result="failure") == set()
    assert named(object="nonsense") == {"Ada Adams", "Console"}


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ({"from": 0}, ["Its first minute", "Its last minute", "The day after"]),
        ({"to": 0}, ["The day before", "Its first minute", "Its last minute"]),
        ({"from": 0, "to": 0}, ["Its first minute", "Its last minute"]),
        ({"from": 1, "to": -1}, []),
    ],
)
def test_from_and_to_are_days_of_the_organizations_zone(client_of, auditor, acme, in_acme, monkeypatch, *, query, seen):
    day = acme.today() - dt.timedelta(days=5)
    begin, end = acme.end_of(day - dt.timedelta(days=1)), acme.end_of(day)
    minute = dt.timedelta(minutes=1)
    moments = {"The day before": begin - minute, "Its first minute": begin, "Its last minute": end - minute, "The day after": end}
    for name, at in moments.items():
        monkeypatch.setattr("audit.record.event_instant", lambda at=at: at)
        record("test.note", Organization(pk=acme.pk, name=name), actor=SCHEDULE)
    asked = {name: (day + dt.timedelta(days=days)).isoformat() for name, days in query.items()}
    page = client_of(auditor).get(LIST, {"verb": "test.note", **asked}).content.decode()
    assert [name for name in moments if name in page] == seen


@pytest.mark.parametrize("typed", ["0202-11-03", "20261103", "2026-02-31", "tomorrow"])
def test_what_is_no_day_is_no_filter(client_of, auditor, person, typed):
    page = client_of(auditor).get(LIST, {"from": typed}).content.decode()
    assert "Ada Adams" in page
    assert typed not in page


def test_one_event_shows_its_record_and_leaf(client_of, auditor, manager, person):
    event = AuditEvent.objects.get(verb="person.edit")
    page = client_of(auditor).get(f"{LIST}{event.pk}/").content.decode()
    assert bytes(event.leaf).hex() in page
    assert "&quot;verb&quot;: &quot;person.edit&quot;" in page
    assert "Person: edited" in page
    assert "Person Ada Adams" in page
    assert "Compliance manager" in page
    assert manager.email in page
    assert "None" not in page


def test_the_product_says_which_of_its_parts_acted(client_of, auditor, acme, in_acme):
    done = record("test.note", acme, actor=WORKER)
    page = client_of(auditor).get(f"{LIST}{done.pk}/").content.decode()
    assert "Plumbline (background work) noted: Acme" in page
    assert "None" not in page
    assert "In the role of" not in page


def test_the_list_asks_the_database_little(client_of, auditor, person, django_assert_max_num_queries):
    client = client_of(auditor)
    client.get(LIST)
    with django_assert_max_num_queries(15):
        client.get(LIST, {"from": "2026-01-01", "to": "2999-12-31"})


def test_an_export_of_the_trail_is_an_event(client_of, auditor, person):
    answer = client_of(auditor).get(f"{LIST}?export=csv")
    assert b"person.edit" in b"".join(answer.streaming_content)
    event = AuditEvent.objects.get(verb="list.export")
    assert event.data["metadata"]["sha256"] == answer["X-Table-SHA256"]
    answer.close()


def test_activity_reads_like_sentences(in_acme, person, manager, viewer):
    draw = Template("{% load audit %}{% activity person %}")
    for member, link in ((manager, True), (viewer, False)):
        text = draw.render(Context({"person": person, "member": member}))
        assert "edited" in text
        assert "Finance" in text
        assert ("audit trail" in text) is link


def test_a_note_is_shown(in_acme, manager):
    system = create_system(actor=manager, name="Console")
    retire_system(system, actor=manager, reason="Replaced by the new one")
    text = Template("{% load audit %}{% activity system %}").render(Context({"system": system, "member": manager}))
    assert "Replaced by the new one" in text
    assert "retired" in text


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("campaign.sign_off", "signed off"),
        ("campaign.close", "closed"),
        ("item.decide", "decided"),
        ("roster.apply", "applied"),
        ("removal.unclaim", "took the claim back"),
        ("member.invite", "invited"),
        ("item.not_decided", "recorded as not decided"),
    ],
)
def test_verbs_become_the_past(verb, words):
    assert deed(verb) == words


@pytest.mark.parametrize(("result", "words"), [("success", "signed in"), ("failure", "failed to sign in")])
def test_what_failed_is_not_told_as_done(result, words):
    event = AuditEvent(tenant_id=None, verb="session.sign_in", result=result)
    assert (actor(event), did(event)) == ("Somebody not signed in", words)


def test_words_that_look_like_a_day_that_does_not_exist_are_shown_as_they_are(client_of, auditor, in_acme, manager):
    made = create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
    edit_person(made, actor=manager, department="2026-02-31", title="2026-01-01T99:00:00Z")
    assert "2026-02-31" in client_of(auditor).get(LIST).content.decode()


def test_a_key_beyond_the_calendar_is_no_event(client_of, auditor):
    assert client_of(auditor).get(f"{LIST}ffffffff-ffff-7fff-bfff-ffffffffffff/").status_code == 404
