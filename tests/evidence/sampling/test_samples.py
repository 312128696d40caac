"""Drawing and choosing: what is kept, what is refused, and the screens."""

import datetime as dt

import pytest
from django.db import IntegrityError

from audit.models import AuditEvent
from evidence.models import Sample
from evidence.populations.actions import begin_freezing
from evidence.sampling.actions import choose_sample, draw_sample
from evidence.sampling.algorithm import draw
from evidence.sampling.reading import drawn
from tests.evidence.sampling.conftest import ROWS
from ui.refusals import ActionRefused

POPULATIONS = "/o/acme/evidence/populations/"
KEYS = [key for key, _ in ROWS]


def drawn_by(manager, population, **fields):
    return draw_sample(population, actor=manager, **{"seed": "2026-Q1", "seed_from": "Ruth Adler, Hollis", "size": 5, **fields})


def test_a_draw_is_kept_with_seed_giver_algorithm_and_event(population, manager):
    sample = drawn_by(manager, population)
    assert sample.keys == draw("2026-Q1", KEYS, 5)
    assert (sample.number, sample.algorithm, sample.seed_from) == (1, "plumbline-sample-1", "Ruth Adler, Hollis")
    event = AuditEvent.objects.get(object_id=sample.pk)
    assert (event.verb, event.actor_id, event.data["metadata"]["digest"]) == ("sample.draw", manager.id, population.digest)
    assert event.data["after"]["seed"] == "2026-Q1"


def test_it_is_read_back_and_drawn_again_from_the_file(population, manager):
    sample = drawn_by(manager, population)
    found = drawn(sample)
    assert found.same is True
    assert found.header == ("Key", "Name")
    assert found.rows == [(key, dict(ROWS)[key]) for key in sample.keys]
    sample.seed = "another"
    assert drawn(sample).same is False


def test_a_second_sample_needs_a_reason_and_leaves_the_first(population, manager):
    first = drawn_by(manager, population)
    with pytest.raises(ActionRefused, match="say why another is drawn"):
        drawn_by(manager, population, seed="new")
    second = drawn_by(manager, population, seed="new", reason="Five rows were of a test system.")
    assert (second.number, second.reason) == (2, "Five rows were of a test system.")
    assert Sample.objects.get(pk=first.pk).keys == first.keys
    assert AuditEvent.objects.get(object_id=second.pk).verb == "sample.draw_again"


def test_a_sample_cannot_be_changed_even_past_the_program(population, manager):
    sample = drawn_by(manager, population)
    with pytest.raises(IntegrityError, match="immutable"):
        Sample.objects.filter(pk=sample.pk).update(seed="better")


def test_the_auditors_own_selection_is_kept_in_their_order(population, manager):
    sample = choose_sample(population, actor=manager, keys=["E-030", "E-002"], chosen_by="Ruth Adler, Hollis")
    assert (sample.method, sample.keys, sample.size, sample.algorithm) == ("chosen", ["E-030", "E-002"], 2, "")
    assert AuditEvent.objects.get(object_id=sample.pk).verb == "sample.choose"
    assert drawn(sample).same is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"seed": "  "}, "seed"), ({"size": 0}, "size"), ({"size": 51}, "size")],
)
def test_a_draw_that_cannot_be_is_refused_at_its_field(population, manager, fields, field):
    with pytest.raises(ActionRefused) as refused:
        drawn_by(manager, population, **fields)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"keys": []}, "keys"),
        ({"keys": ["E-001", "E-999", "E-998"]}, "keys"),
        ({"keys": ["E-001", "E-001"]}, "keys"),
        ({"keys": KEYS * 21}, "keys"),
        ({"chosen_by": " "}, "chosen_by"),
    ],
)
def test_a_selection_that_cannot_be_is_refused_at_its_field(population, manager, fields, field):
    with pytest.raises(ActionRefused) as refused:
        choose_sample(population, actor=manager, **{"keys": ["E-001"], "chosen_by": "Ruth", **fields})
    assert refused.value.field == field


def test_nothing_is_drawn_by_a_role_without_the_right_or_from_what_is_not_frozen(population, manager, viewer):
    with pytest.raises(ActionRefused, match="Your role"):
        drawn_by(viewer, population)
    waiting = begin_freezing("events", dt.date(2026, 1, 1), dt.date(2026, 3, 31), actor=manager)
    with pytest.raises(ActionRefused, match="nothing to draw from"):
        drawn_by(manager, waiting)


def test_the_auditor_draws_under_their_own_name(population, auditor, client_of):
    client = client_of(auditor)
    address = f"/o/acme/evidence/populations/{population.pk}/"
    assert "Draw a sample" in client.get(address).content.decode()
    assert client.get(f"{address}draw/").context["form"]["seed_from"].value() == auditor.name
    assert client.get(f"{address}choose/").context["form"]["chosen_by"].value() == auditor.name
    answer = client.post(f"{address}draw/", {"seed": "4417", "seed_from": auditor.name, "size": 1})
    assert (answer.status_code, Sample.objects.get().made_by) == (303, auditor)


def test_a_sample_of_ones_own_needs_nobody_who_gave_the_seed(population, manager, client_of):
    answer = client_of(manager).post(f"{POPULATIONS}{population.pk}/draw/", {"seed": "2026-Q1", "seed_from": "", "size": "5"})
    assert answer.status_code == 303
    assert Sample.objects.get().seed_from == manager.name


def test_who_may_not_freeze_is_told_whom_to_ask(population, manager, auditor, client_of):
    words = "Manager Acme (compliance manager) can freeze one for you"
    assert words in client_of(auditor).get(POPULATIONS).content.decode()
    assert words not in client_of(manager).get(POPULATIONS).content.decode()


def test_the_screens_freeze_draw_and_show(population, manager, auditor, client_of):
    client = client_of(manager)
    form = client.get(f"{POPULATIONS}{population.pk}/draw/").content.decode()
    assert 'value="25"' in form  # what is customary for so many in a quarter
    sent = {"seed": "2026-Q1", "seed_from": "Ruth Adler", "size": "5"}
    answer = client.post(f"{POPULATIONS}{population.pk}/draw/", sent)
    assert answer.status_code == 303
    page = client_of(auditor).get(answer["Location"]).content.decode()
    for words in ("The draw comes out the same", "2026-Q1", "Ruth Adler", "E-027", "Event 27"):
        assert words in page
    again = client.post(f"{POPULATIONS}{population.pk}/draw/", sent)
    assert again.status_code == 422
    chosen = {"keys": " E-003 \n\nE-001\n", "chosen_by": "Ruth Adler", "reason": "The auditor chose others."}
    answer = client.post(f"{POPULATIONS}{population.pk}/choose/", chosen)
    assert answer.status_code == 303
    assert Sample.objects.get(number=2).keys == ["E-003", "E-001"]
    shown = client.get(f"{POPULATIONS}{population.pk}/").content.decode()
    assert "The auditor chose others." in shown
    assert population.digest[:8] in shown
    assert client.get(POPULATIONS).content.decode().count(population.reference) >= 1


def test_the_list_costs_the_same_for_many(population, manager, auditor, client_of, django_assert_max_num_queries):
    for _ in range(12):
        begin_freezing("events", dt.date(2026, 1, 1), dt.date(2026, 3, 31), actor=manager)
    client = client_of(auditor)
    client.get(POPULATIONS)
    with django_assert_max_num_queries(12):
        assert client.get(f"{POPULATIONS}?status=freezing").status_code == 200


def test_the_workbook_can_be_downloaded_by_who_reads_evidence(population, auditor, employee, client_of):
    answer = client_of(auditor).get(f"{POPULATIONS}{population.pk}/file/")
    assert answer.status_code == 200
    assert answer.getvalue().startswith(b"PK")
    assert population.reference in answer["Content-Disposition"]
    assert client_of(employee).get(f"{POPULATIONS}{population.pk}/file/").status_code == 403


def test_one_that_was_not_frozen_has_no_file_and_no_form(population, manager, client_of):
    waiting = begin_freezing("events", dt.date(2026, 1, 1), dt.date(2026, 3, 31), actor=manager)
    client = client_of(manager)
    assert client.get(f"{POPULATIONS}{waiting.pk}/file/").status_code == 404
    assert client.get(f"{POPULATIONS}{waiting.pk}/draw/").status_code == 409
    assert "It is being frozen" in client.get(f"{POPULATIONS}{waiting.pk}/").content.decode()
