"""What the page of an occurrence says, in each of its states."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from audit.sentences import did, record_name
from controls.models import Occurrence
from controls.models.control import Cadence
from controls.occurrences.actions import excuse_all, not_applicable, perform, reopen
from controls.occurrences.guidance import next_step
from controls.occurrences.rights import authorise
from controls.occurrences.states import badge_of
from inventory.models import Person
from tests.controls.occurrences.made import change_cadence, make_control, make_period
from tests.controls.occurrences.test_actions import upload
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of

pytestmark = pytest.mark.usefixtures("in_acme", "on")


@pytest.fixture
def control(manager):
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return make_control(manager, cadence=Cadence.QUARTERLY)


def row(key="2026-Q1"):
    return Occurrence.objects.select_related("control__owner").get(key=key)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-02-01", "It is asked for from 1 March 2026 and due on 31 March 2026. It may be done before."),
        ("2026-03-05", "Do it, and add the evidence that shows it, by 31 March 2026."),
        ("2026-07-01", "It was due on 31 March 2026 and counts as missed since 1 July 2026."),
    ],
)
def test_what_is_open(control, today, words):
    assert next_step(row(), dt.date.fromisoformat(today))[1].startswith(words)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-03-30", ("Nothing more: it was performed on 30 March 2026 by Manager Acme.", "Performed")),
        ("2026-04-02", ("by Manager Acme, late: it was due on 31 March 2026.", "Performed late")),
        ("2026-07-02", ("after it had been missed: it was due on 31 March 2026.", "Performed after missed")),
    ],
)
def test_what_was_performed(control, manager, on, day, said):
    on(day)
    words, badge = said
    perform(row(), actor=manager, performed_on=dt.date.fromisoformat(day), uploads=[upload()])
    on("2026-08-01")
    assert next_step(row(), dt.date(2026, 8, 1))[1].endswith(words)
    assert str(badge_of(row(), dt.date(2026, 8, 1))) == badge


def test_what_was_performed_in_time_by_the_owners_word_alone(control, manager, on):
    on("2026-08-01")
    perform(row(), actor=manager, performed_on=dt.date(2026, 3, 30), uploads=[upload()])
    tone, words = next_step(row(), dt.date(2026, 8, 1))
    assert words.startswith(
        "It counts as late: that it was performed on 30 March 2026 was said on 1 August 2026 by Manager Acme,"
    )
    assert (tone, str(badge_of(row(), dt.date(2026, 8, 1)))) == ("warn", "Late, by the owner's word")


def test_what_is_excused_or_not_expected_any_more(control, manager):
    not_applicable(row(), actor=manager, reason="Before the product.")
    assert next_step(row(), dt.date(2026, 5, 20))[1] == "Nothing more: it is stated by Manager Acme that it does not apply."
    change_cadence(control, Cadence.MONTHLY, dt.date(2026, 7, 1), manager)
    gone = row("2026-Q3")
    assert next_step(gone, dt.date(2026, 5, 20))[1].startswith("Nothing: the control's frequency or scope changed")
    assert str(badge_of(gone, dt.date(2026, 5, 20))) == "Not expected any more"


def test_nobody_owns_it(control, employee):
    with pytest.raises(ActionRefused, match="nobody owns it yet"):
        authorise(employee, control)


def test_excusing_several_wants_a_reason_and_something_open(control, manager):
    first = Occurrence.objects.filter(key="2026-Q1")
    with pytest.raises(ActionRefused, match="Say why"):
        excuse_all(first, actor=manager, reason=" ")
    excuse_all(first, actor=manager, reason="Before the product.")
    with pytest.raises(ActionRefused, match="None of these is open"):
        excuse_all(first, actor=manager, reason="Again.")


def test_the_trail_reads_well(control, manager):
    perform(row(), actor=manager, performed_on=dt.date(2026, 3, 30), uploads=[upload()])
    reopen(row(), actor=manager, reason="The wrong file.")
    not_applicable(row(), actor=manager, reason="Before the product.")
    change_cadence(control, Cadence.MONTHLY, dt.date(2026, 7, 1), manager)
    said = {(did(event), record_name(event)) for event in AuditEvent.objects.all()}
    assert {
        ("laid out what is expected", "Control AC-001 Access is reviewed"),
        ("performed", "Occurrence AC-001 Q1 2026"),
        ("opened it again", "Occurrence AC-001 Q1 2026"),
        ("set as not applicable", "Occurrence AC-001 Q1 2026"),
        ("does not expect it any more", "Occurrence AC-001 Q3 2026"),
        ("linked the evidence", "Evidence of a control AC-001 Access is reviewed, Q1 2026 for AC-001 Access is reviewed"),
    } <= said


def test_page_and_inbox_name_the_same_day_of_being_missed(manager, employee, on):
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    make_control(manager, cadence=Cadence.QUARTERLY, owner=Person.objects.get(member=employee))
    on("2026-07-02")
    (late,) = [entry for entry in inbox_of(employee) if "Q1 2026" in entry.title]
    assert late.why == "you own the control, and it counts as missed since 1 July 2026"
    assert "counts as missed since 1 July 2026." in next_step(row(), dt.date(2026, 7, 2))[1]


def test_a_statement_that_something_refuted_says_so(manager):
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    make_control(manager, cadence=Cadence.PER_EVENT, population="vendor_changes")
    one = row("none:vendor_changes:2026-Q1")
    one.status = Occurrence.Status.WITHDRAWN
    assert "something did occur in that time" in next_step(one, dt.date(2026, 5, 20))[1]
