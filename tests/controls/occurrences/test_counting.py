"""A day long past counts by evidence of that time, and is late by the owner's word alone, in every figure."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from controls.evidence import link_evidence, unlink_evidence
from controls.models import ControlEvidence, Occurrence
from controls.models.control import Cadence, Leg
from controls.models.occurrence import State, state_as_of
from controls.occurrences.actions import perform, supply
from controls.occurrences.counting import Dated, day_that_counts
from controls.occurrences.performing import perform_all
from controls.occurrences.states import of_state
from evidence.actions import add_evidence, revise_evidence, validate_evidence
from evidence.models import Evidence
from evidence.standing import supersede_evidence, withdraw_evidence
from inventory.models import Person
from reports.monthly.areas.operation import JUDGED
from tests.controls.occurrences.made import make_control, make_period
from tests.controls.status import rows as made
from tests.controls.status.world import Item

MARCH, APRIL, MAY = dt.date(2026, 3, 31), dt.date(2026, 4, 28), dt.date(2026, 5, 20)  # the last is today, see conftest
ROW: Any = SimpleNamespace(
    starts_on=dt.date(2026, 3, 1), ends_on=MARCH, opens_on=dt.date(2026, 3, 18), due_on=MARCH, missed_after=dt.date(2026, 4, 30)
)
days = st.dates(dt.date(2026, 3, 1), dt.date(2026, 7, 1))
in_acme = pytest.mark.usefixtures("in_acme", "on")


def day(text):
    return dt.date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize(
    ("stated", "told", "proofs", "counts"),
    [
        ("03-30", "04-06", [], "03-30"),  # five business days later: the word holds
        ("03-30", "04-07", [], "04-07"),  # one more: the day it was said
        ("03-10", "03-25", [], "03-25"),  # still on time
        ("03-30", "05-20", [], "04-30"),  # missed by then: late by the owner's word, and no more than late
        ("03-30", "05-20", ["03-31"], "03-30"),
        ("03-30", "05-20", ["03-02"], "03-30"),  # collected since it began
        ("03-30", "05-20", ["02-28"], "04-30"),  # before it began
        ("03-30", "05-20", ["04-20", "05-01"], "04-20"),  # the first that shows it
        ("04-10", "05-20", [], "04-30"),
        ("05-10", "05-20", [], "05-10"),  # stated as missed: it stays so
    ],
)
def test_the_day_that_counts(stated, told, proofs, counts):
    assert day_that_counts(ROW, day(stated), day(told), [Dated(day(one)) for one in proofs]) == day(counts)


def test_what_was_received_late_shows_no_earlier_day_however_early_it_says_it_was_collected():
    early, late = Dated(day("03-31"), received=day("04-06")), Dated(day("03-31"), received=day("04-07"))
    assert day_that_counts(ROW, day("03-30"), day("05-20"), [early]) == day("03-30")
    assert day_that_counts(ROW, day("03-30"), day("05-20"), [late]) == day("04-07")
    assert day_that_counts(ROW, day("03-30"), day("05-20"), [Dated(day("02-28"), received=day("03-02"))]) == day("04-30")


def test_a_period_that_is_vouched_for_tells_of_its_days():
    proof = Dated(day("05-20"), day("03-01"), day("03-31"))
    assert day_that_counts(ROW, day("03-30"), day("05-20"), [proof]) == day("03-30")
    assert day_that_counts(ROW, day("04-01"), day("05-20"), [proof]) == day("04-30")


@given(days, days, st.lists(days.map(Dated), max_size=3))
def test_no_day_counts_earlier_than_it_was_stated_and_more_evidence_never_later(stated, gap, collected):
    told = max(stated, gap)
    alone, shown = day_that_counts(ROW, stated, told, []), day_that_counts(ROW, stated, told, collected)
    assert stated <= shown <= alone <= max(stated, told)


def upload(name="april.txt"):
    return SimpleUploadedFile(name, b"Reviewed.")


def row(key="2026-03", code="AC-001"):
    return Occurrence.objects.select_related("control__owner").get(key=key, control__code=code)


def states(today=MAY):
    """The state of March by each of the three ways of asking."""
    kept = Occurrence.objects.filter(key="2026-03", control__code="AC-001")
    by_filter = [state for state in State if kept.filter(of_state(state, today)).exists()]
    return [row().state_on(today), kept.annotate(state=state_as_of(today)).get().state, *by_filter]


@pytest.fixture
def control(manager, employee):
    """A monthly control of 2026 that the employee owns."""
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return make_control(manager, owner=Person.objects.get(member=employee))


@in_acme
def test_what_was_said_long_after_is_late_however_it_is_asked_for(control, employee):
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    assert (row().told_on, row().counts_on, row().late_by_word) == (MAY, day("04-30"), True)
    assert states() == [State.LATE] * 3
    assert State.LATE in JUDGED  # and no share of what was done on time


@in_acme
def test_what_is_said_of_the_last_days_is_on_time(control, employee, on):
    on("2026-04-03")
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    assert row().counts_on is None
    assert states() == [State.PERFORMED] * 3


@in_acme
def test_the_month_does_not_turn_green_in_the_heat_map(control, employee, manager, client_of):
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    assert client_of(manager).get("/o/acme/controls/occurrences/?state=performed").context["listing"]["rows"] == []
    found = client_of(manager).get("/o/acme/controls/occurrences/?state=late").content.decode()
    assert "Late, by the owner&#x27;s word" in found
    page = client_of(manager).get(f"/o/acme/controls/occurrences/{row().pk}/").content.decode()
    assert "no evidence of that time shows it" in page


@in_acme
def test_several_at_once_are_no_way_around_it(control, employee):
    chosen = [row("2026-02"), row("2026-03"), row("2026-04")]
    perform_all(control, occurrences=chosen, actor=employee, uploads=[upload()])
    assert [one.late_by_word for one in (row("2026-02"), row("2026-03"), row("2026-04"))] == [True, True, True]
    assert Evidence.objects.get().period_to == day("04-30")  # which the form itself filled in


@in_acme
def test_evidence_that_was_collected_then_decides_also_afterwards(control, employee, manager):
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    item = made.evidence(Item(Leg.OPERATION, MARCH, MARCH), method="automatic")
    proof = link_evidence(control, item, "operation", actor=manager, occurrence=row())
    assert states() == [State.PERFORMED] * 3
    event = AuditEvent.objects.filter(verb="occurrence.count").latest("at")
    assert (event.data["before"], event.data["after"]) == ({"counts_on": "2026-04-30"}, {"counts_on": None})
    unlink_evidence(proof, actor=manager, reason="Of another control.")
    assert states() == [State.LATE] * 3


@in_acme
def test_withdrawing_what_showed_it_in_time_leaves_it_late(control, employee, manager):
    item = made.evidence(Item(Leg.OPERATION, MARCH, MARCH), method="automatic")
    perform(row(), actor=employee, performed_on=MARCH, evidence=[item], uploads=[upload()])
    assert states() == [State.PERFORMED] * 3
    withdraw_evidence(item, actor=manager, reason="Of another system.")
    assert states() == [State.LATE] * 3


@in_acme
def test_a_log_of_the_time_counts_once_somebody_else_has_validated_it(control, employee, manager):
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    validate_evidence(Evidence.objects.get(), actor=manager)
    assert states() == [State.PERFORMED] * 3


def added(actor, method="manual"):
    """An item that says it was collected in March."""
    known = {"title": "Log", "category": "other", "source": "Backup", "collector": "Backup", "actor": actor, "method": method}
    return add_evidence(**known, file=made.stored(), collected_at=dt.datetime(2026, 3, 31, 9, tzinfo=dt.UTC))


@in_acme
def test_a_new_revision_makes_nothing_late(control, employee, manager):
    item = added(manager, "automatic")
    perform(row(), actor=employee, performed_on=MARCH, evidence=[item])
    revise_evidence(item, actor=manager, file=made.stored(), note="A page was missing.")
    assert states() == [State.PERFORMED] * 3


@in_acme
def test_supplying_more_of_today_changes_nothing(control, employee):
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    supply(row(), actor=employee, uploads=[SimpleUploadedFile("b.txt", b"More.")])
    assert states() == [State.LATE] * 3
    assert ControlEvidence.objects.filter(occurrence=row()).count() == 2


@in_acme
def test_what_a_year_holds_may_be_said_later_while_it_is_not_due(manager, employee, control):
    yearly = make_control(manager, code="GV-1", cadence=Cadence.YEARLY, owner=Person.objects.get(member=employee))
    one = Occurrence.objects.select_related("control__owner").get(control=yearly)
    perform(one, actor=employee, performed_on=day("02-10"), uploads=[upload()])
    assert one.refreshed().state_on(MAY) == State.PERFORMED


@in_acme
def test_a_typed_day_of_collection_makes_nothing_on_time(control, employee, manager):
    perform(row(), actor=employee, performed_on=MARCH, uploads=[upload()])
    fresh, typed = Evidence.objects.get(), added(manager)
    link_evidence(control, typed, "operation", actor=manager, occurrence=row())
    supersede_evidence(fresh, actor=manager, by=typed)
    assert states() == [State.LATE] * 3
    perform(row("2026-02"), actor=employee, performed_on=day("02-27"), evidence=[typed])
    assert row("2026-02").late_by_word


@in_acme
def test_a_day_that_a_program_gave_makes_it_on_time(control, employee, manager):
    perform(row(), actor=employee, performed_on=MARCH, evidence=[added(manager, "automatic")])
    assert states() == [State.PERFORMED] * 3


@in_acme
def test_a_typed_day_holds_once_neither_who_added_it_nor_who_performed_has_validated_it(control, employee, manager, cast):
    make_control(manager, code="AC-2", owner=Person.objects.get(member=manager))
    typed, managers = added(cast.administrator), row(code="AC-2")
    validate_evidence(typed, actor=manager)
    perform(managers, actor=manager, performed_on=MARCH, evidence=[typed])
    supply(managers, actor=manager, uploads=[upload()])
    assert row(code="AC-2").late_by_word  # their own word, twice
    perform(row(), actor=employee, performed_on=MARCH, evidence=[typed])
    assert states() == [State.PERFORMED] * 3
