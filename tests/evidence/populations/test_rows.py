"""The rows of a frozen population on its page: by the page, searched, and only when the file is what was frozen."""

import datetime as dt

import pytest

from evidence.files import open_file
from evidence.populations import registry, workbook
from evidence.populations.actions import begin_freezing, freeze
from evidence.populations.registry import Table

ROWS = [(f"E-{number:03d}", f"Event {number}", "Zürich" if number % 2 else "Bern") for number in range(1, 121)]
OKTA = "Okta: extracted by Jane; report or query: Users; filters: none; the source's own count: 120 accounts."


@pytest.fixture
def population(in_acme, manager, monkeypatch):
    """A hundred and twenty events of the first quarter."""
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    table = Table(("Key", "Name", "Place"), ROWS, sources=[OKTA])
    registry.register_population("events", "Events", "From a list.", lambda *_: table)
    return freeze(begin_freezing("events", dt.date(2026, 1, 1), dt.date(2026, 3, 31), actor=manager))


@pytest.fixture
def read(client_of, auditor, population):
    """The page as an auditor reads it."""

    def get(**address):
        return client_of(auditor).get(f"/o/acme/evidence/populations/{population.pk}/", address)

    return get


def test_an_auditor_reads_the_first_rows_with_the_count_and_the_hash_as_frozen(read, population):
    answer = read()
    page = answer.content.decode()
    assert [row[0] for row in answer.context["listing"].rows] == [key for key, *_ in ROWS[:50]]
    for words in ("E-001", "Event 50", "120 rows, as frozen", population.digest, "50 of 120 rows"):
        assert words in page
    assert "E-051" not in page


def test_the_last_page_holds_the_rest_and_a_page_past_the_end_is_the_last(read):
    for number in (3, 99):
        listing = read(page=number).context["listing"]
        assert (listing.first, listing.last, len(listing.rows), listing.next) == (101, 120, 20, "")
    assert listing.previous == "?page=2"


def test_every_word_of_a_search_must_be_in_the_row(read):
    answer = read(q="zürich event", page=2)
    listing = answer.context["listing"]
    assert (listing.found, listing.first, listing.previous) == (60, 51, "?q=z%C3%BCrich+event&page=1")
    assert "60 of 60 rows that match, of 120" in answer.content.decode()
    assert "No row holds these words" in read(q="nowhere").content.decode()


def test_htmx_gets_the_rows_alone(read, client_of, auditor, population):
    answer = client_of(auditor).get(f"/o/acme/evidence/populations/{population.pk}/?page=2", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "E-051" in page
    assert "<h1" not in page
    assert "HX-Request" in answer["Vary"]


def test_the_limits_say_who_extracted_it_how_and_what_the_source_counted(read, manager):
    page = read().content.decode()
    for words in (
        "From a list.",
        f"asked by {manager.name}",
        "None but these days",
        "Count stated by the source",
        "extracted by Jane",
    ):
        assert words in page


def test_of_a_file_that_is_not_what_was_frozen_no_row_is_shown(read, manager, monkeypatch):
    other = freeze(begin_freezing("evidence", dt.date(2026, 1, 1), dt.date(2026, 1, 2), actor=manager))
    monkeypatch.setattr(workbook, "open_file", lambda _: open_file(other.file))
    answer = read()
    assert "is not what was frozen" in answer.content.decode()
    assert "E-001" not in answer.content.decode()


def test_without_rows_there_is_nothing_to_search(in_acme, manager, auditor, client_of):
    empty = freeze(begin_freezing("evidence", dt.date(2026, 1, 1), dt.date(2026, 1, 2), actor=manager))
    page = client_of(auditor).get(f"/o/acme/evidence/populations/{empty.pk}/").content.decode()
    assert "There are none." in page
    assert 'id="list-q"' not in page
