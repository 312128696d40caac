"""What the PDF of a change says: of its review, of its window, and of the answers about its risk."""

import datetime as dt

import pytest
from django.utils.html import strip_tags

from changes.drafting.risk import QUESTIONS
from changes.lifecycle import actions
from changes.outputs.paper import change_html
from changes.outputs.sheet import sheet_of
from tenancy.scope import now
from tests.changes.making import GRAVE, HARMLESS, a_draft, approved, person_of

pytestmark = pytest.mark.usefixtures("in_acme")
HOUR = dt.timedelta(hours=1)


def printed(change) -> str:
    """The document as words."""
    return " ".join(strip_tags(change_html(sheet_of(change)).split("</style>")[1].replace("<", " <")).split())


def windowed(employee, approver, billing, *, begins):
    """Approved for an hour from `begins`; its implementer is whoever asked for it."""
    window = {"window_from": now() + begins, "window_until": now() + begins + HOUR}
    return approved(employee, approver, [billing], implementer=person_of(employee), **window)


def test_a_review_that_is_awaited_says_until_when(done):
    assert f"Reviewed Not yet due {done.review_due_on.day}" in printed(done)


def test_a_review_that_was_done_names_its_reviewer_and_what_was_learned(done, employee):
    actions.review(done, actor=employee, outcome="as_planned", effect="Faster.", lessons="Nothing new.", close=True)
    words = printed(done)
    assert f"Reviewed {employee.name}" in words
    assert "What was learned Nothing new." in words
    assert "Not yet" not in words


def test_a_change_closed_without_a_review_does_not_say_that_one_is_awaited(done, employee):
    actions.close(done, actor=employee)
    assert "Reviewed Not needed closed without a review" in printed(done)


def test_a_change_that_is_withdrawn_awaits_neither_work_nor_review(billing, employee):
    change = actions.withdraw(a_draft(employee, [billing]), actor=employee, reason="Not wanted.")
    words = printed(change)
    assert "Carried out No Deployments" in words
    assert "Reviewed Not needed it was not carried out" in words


def test_what_was_done_before_its_window_says_so_with_the_reason(billing, employee, approver):
    change = windowed(employee, approver, billing, begins=3 * HOUR)
    actions.implement(change, actor=employee, reason="The disk was filling up.")
    words = printed(change)
    assert ", before its window began." in words
    assert "Outside of its window Its window begins on" in words
    assert f"as {employee.name} said: “The disk was filling up.”" in words


def test_what_was_done_inside_its_window_says_nothing_of_it(billing, employee, approver):
    change = windowed(employee, approver, billing, begins=-HOUR / 2)
    actions.implement(change, actor=employee)
    assert "its window" not in printed(change)


def test_each_answer_about_its_risk_stands_with_what_it_added(billing, employee):
    words = printed(a_draft(employee, [billing], answers={**GRAVE, "undo": "hour"}))
    assert "Who notices if it goes wrong? Most or all customers 3 points" in words
    assert "How long does it take to undo? Up to an hour 1 point" in words
    assert "How often has the team done this? Often Nothing" in words
    assert "Its risk is high. 4 points." in words
    assert all(question.text in words for question in QUESTIONS)


def test_an_open_question_says_that_it_is_open(billing, employee):
    answers = {key: answer for key, answer in HARMLESS.items() if key != "undo"}
    words = printed(a_draft(employee, [billing], answers=answers))
    assert "How long does it take to undo? Not answered Open" in words
    assert "Nobody answered" in printed(a_draft(employee, [billing], answers={}))
