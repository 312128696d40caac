"""Events are found by the rare words of names: through the records and people that have them, without reading the trail whole."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.actions import action
from audit.actors import SCHEDULE
from audit.models import AuditEvent, AuditLearned, AuditWord
from audit.record import Entry, record_many
from audit.words import FEW, SETTLED, having, learn
from tenancy.scope import now, tenant

LATER = SETTLED + dt.timedelta(minutes=1)


@action
def happen(actor, *names: str, key: uuid.UUID | None = None) -> None:
    """An event about a record of each name."""
    record_many("test.happen", actor=actor, entries=[Entry("test.record", key or uuid.uuid4(), name) for name in names])


def found(text: str) -> set[str]:
    """The names in what the search leaves to look through, of those that happened here."""
    return set(having(AuditEvent.objects.filter(verb="test.happen"), text).values_list("object_name", flat=True))


@pytest.fixture
def learned(in_acme, acme, manager) -> None:
    """Two records, learned, and as if long ago: nothing counts as new."""
    happen(manager, "Payroll export", "Größe of INC-2026-0007")
    learn(acme, now() + LATER)


def test_only_events_of_records_that_have_the_word_are_looked_through(learned):
    assert found("payroll") == {"Payroll export"}
    assert found("PAY") == {"Payroll export"}
    assert found("größe") == found("inc-2026") == found("0007") == {"Größe of INC-2026-0007"}
    assert found("payroll größe") == found("nowhere") == found("ayroll") == set()


def test_so_are_events_of_a_person_who_has_it(learned, manager):
    first = manager.name.split()[0]
    assert found(first) == {"Payroll export", "Größe of INC-2026-0007"}


def test_the_latest_events_are_looked_through_before_they_are_learned(learned, acme, manager):
    AuditLearned.objects.update(until=now() - LATER)
    happen(manager, "Brand-new thing")
    assert "Brand-new thing" in found("brand-new")
    learn(acme, now() + LATER)
    assert found("brand-new") == {"Brand-new thing"}


def test_a_former_name_still_finds_it(learned, acme, manager):
    key = uuid.uuid4()
    happen(manager, "Old harbour", key=key)
    happen(manager, "New harbour", key=key)
    learn(acme, now() + LATER)
    assert found("old") >= {"Old harbour"}


def test_a_word_that_many_have_is_read_in_the_order_of_the_trail(in_acme, acme, manager):
    happen(manager, *(f"Common {number}" for number in range(FEW + 1)))
    learn(acme, now() + LATER)
    assert len(found("common")) == FEW + 1


def test_what_has_no_id_is_found_too(in_acme, acme):
    @action
    def nobody() -> None:
        record_many("test.happen", actor=SCHEDULE, entries=[Entry("test.record", None, "Stranger at the door")])

    nobody()
    learn(acme, now() + LATER)
    assert found("stranger") == {"Stranger at the door"}


def test_learning_again_changes_nothing_and_never_goes_back(learned, acme):
    words, until = AuditWord.objects.count(), AuditLearned.objects.get().until
    learn(acme, now())
    assert (AuditWord.objects.count(), AuditLearned.objects.get().until) == (words, until)


def test_before_anything_is_learned_the_whole_trail_is_read(in_acme, manager):
    happen(manager, "Payroll export")
    assert found("nowhere") == {"Payroll export"}, "the search itself then narrows it"


def test_words_are_of_one_organization(learned, globex):
    with tenant(globex):
        assert not AuditWord.objects.exists()


def test_the_page_finds_and_asks_one_query_more(learned, client_of, manager):
    client = client_of(manager)
    with CaptureQueriesContext(connection) as without:
        client.get("/o/acme/audit/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/o/acme/audit/", {"q": "payroll export"}).content.decode()
    assert "Payroll export" in page
    assert "INC-2026-0007" not in page.split("<tbody")[1]
    assert len(asked) <= len(without) + 1
