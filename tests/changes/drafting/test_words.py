"""Changes are found by the beginnings of their words, and by who asked for them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.drafting.actions import create_change, edit_change
from changes.drafting.words import MOST_SOUGHT, having
from changes.models import Change, ChangeWord
from inventory.people.actions import edit_person
from tenancy.scope import tenant
from tests.changes.making import a_draft, person_of

LIST = "/o/acme/changes/"


@pytest.fixture
def change(in_acme, manager) -> Change:
    """Of a title, a number and a repository."""
    return create_change(actor=manager, title="Größere Datenbank (billing)", repository="larkfield/billing-api", number=12)


def found(text: str) -> list[Change]:
    return list(having(Change.objects.all(), text))


@pytest.mark.parametrize(
    "text",
    ["größ", "GRÖSSERE", "datenbank", "bill", "(billing)", "“billing”", "larkfield/bill", "api", "chg-", "0001", "größ api", " "],
)
def test_a_change_is_found_by_the_beginning_of_a_word(change, text):
    assert found(text) == [change]


@pytest.mark.parametrize("text", ["atenbank", "nowhere", "größere nowhere", "%", "_", "((", "😀", "x" * 300])
def test_nothing_else_finds_it(change, text):
    assert found(text) == []


def test_words_follow_what_is_edited(change, manager):
    edit_change(change, actor=manager, title="Smaller disk")
    assert (found("datenbank"), found("smaller"), found("larkfield")) == ([], [change], [change])
    before = ChangeWord.objects.count()
    edit_change(change, actor=manager, description="Only words that are not searched.")
    assert ChangeWord.objects.count() == before


def test_who_asked_finds_it_also_under_a_new_name(in_acme, manager):
    change = a_draft(manager, [])
    assert change.requester == person_of(manager)
    edit_person(person_of(manager), actor=manager, name="Zora Quince")
    assert found("quince") == [change]
    assert found("quince larger") == [change]
    assert found("quince nowhere") == []


def test_a_long_search_is_bounded(change):
    with CaptureQueriesContext(connection) as asked:
        assert found("billing " * 200) == [change]
    assert len(asked) == 2
    assert asked[1]["sql"].count("changes_changeword") <= 3 * MOST_SOUGHT


def test_words_are_of_one_organization(change, globex):

    with tenant(globex):
        assert found("billing") == []
        assert not ChangeWord.objects.exists()


def test_the_list_asks_no_more_for_a_search(change, client_of, manager):
    with CaptureQueriesContext(connection) as asked:
        page = client_of(manager).get(LIST, {"q": "billing"}).content.decode()
    assert change.reference in page
    assert len([one for one in asked if "changes_change" in one["sql"]]) <= 4
