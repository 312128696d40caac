"""The trail on screen, and the activity of one record."""

import datetime as dt

import pytest
from django.template import Context, Template

from audit.models import AuditEvent
from audit.sentences import deed, readable
from inventory.people.actions import create_person, edit_person
from inventory.systems.actions import create_system, retire_system

LIST = "/o/acme/audit/"


@pytest.fixture
def person(in_acme, manager):
    """Created, then changed."""
    made = create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
    return edit_person(made, actor=manager, department="Finance")


def test_the_trail_shows_who_did_what_and_what_changed(client_of, auditor, person, manager):
    page = client_of(auditor).get(LIST).content.decode()
    assert "Ada Adams" in page
    assert manager.email in page
    assert "<ins>" in page
    assert "Finance" in page


@pytest.mark.parametrize("who", ["viewer", "reviewer", "employee"])
def test_the_trail_is_for_those_who_may_read_it(client_of, cast, who):
    assert client_of(getattr(cast, who)).get(LIST).status_code == 403


def test_filters_narrow_the_trail(client_of, auditor, person, manager, administrator):
    create_system(actor=administrator, name="Console")
    client = client_of(auditor)

    def named(**query: str) -> set[str]:
        page = client.get(LIST, query).content.decode()
        return {
            name
            for name in ("Ada Adams", "Console")
            if f"{name}\n" in page or f">{name}<" in page or name in page.split("<tbody", 1)[-1]
        }

    assert named(area="system") == {"Console"}
    assert named(actor=str(manager.pk)) == {"Ada Adams"}
    assert named(kind="inventory.person") == {"Ada Adams"}
    assert named(verb="person.edit") == {"Ada Adams"}
    assert named(object=str(person.pk)) == {"Ada Adams"}
    assert named(q="consol") == {"Console"}
    assert named(when="today") == {"Ada Adams", "Console"}
    assert named(result="failure") == set()
    assert named(object="nonsense") == {"Ada Adams", "Console"}


def test_one_event_shows_its_record_and_leaf(client_of, auditor, person):
    event = AuditEvent.objects.get(verb="person.edit")
    page = client_of(auditor).get(f"{LIST}{event.pk}/").content.decode()
    assert bytes(event.leaf).hex() in page
    assert "&quot;verb&quot;: &quot;person.edit&quot;" in page
    assert "edited" in page


def test_the_list_asks_the_database_little(client_of, auditor, person, django_assert_max_num_queries):
    client = client_of(auditor)
    client.get(LIST)
    with django_assert_max_num_queries(15):
        client.get(LIST)


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
    ],
)
def test_verbs_become_the_past(verb, words):
    assert deed(verb) == words


def test_bare_keys_are_left_out_and_dates_are_dates():
    shown = readable({"by": "01a2002b-0246-7b7d-b22c-c20b355bc957", "on": "2026-11-02", "at": "2026-11-21T22:12:55.384Z", "n": 3})
    assert shown == {
        "on": dt.date(2026, 11, 2),
        "at": dt.datetime(2026, 11, 21, 22, 12, 55, 384000, tzinfo=dt.UTC),
        "n": 3,
    }
    assert readable(None) == {}


def test_words_that_look_like_a_day_that_does_not_exist_are_shown_as_they_are(client_of, auditor, in_acme, manager):
    made = create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
    edit_person(made, actor=manager, department="2026-02-31", title="2026-01-01T99:00:00Z")
    assert "2026-02-31" in client_of(auditor).get(LIST).content.decode()


def test_a_key_beyond_the_calendar_is_no_event(client_of, auditor):
    assert client_of(auditor).get(f"{LIST}ffffffff-ffff-7fff-bfff-ffffffffffff/").status_code == 404
