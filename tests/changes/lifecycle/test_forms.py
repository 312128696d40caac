"""What the forms of a change ask for: what is needed says so, and when."""

import datetime as dt

import pytest

from changes.calendar.actions import set_freeze
from changes.lifecycle import actions, forms
from tenancy.scope import now
from tests.changes.making import a_draft, a_system, approved, person_of
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def ready(manager, employee, approver):
    """`ready(**fields)`: an approved change."""
    return lambda **fields: approved(employee, approver, [a_system(manager)], **fields)


def drawn(form, name: str) -> str:
    """A field as its form draws it."""
    return str(form[name].as_field_group())


def test_a_change_that_went_well_is_asked_for_lessons_only_where_it_did_not(ready, employee):
    change = actions.implement(ready(), actor=employee)
    field = drawn(forms.ReviewForm(change=change), "lessons")
    assert "needed if it failed or was rolled back" in field
    assert 'data-needed-by="outcome" data-needed-for="failed rolled_back"' in field
    assert "optional" not in drawn(forms.ReviewForm(change=change), "effect").replace('"optional"', "")
    with pytest.raises(ActionRefused, match="Say what was learned"):
        actions.review(change, actor=employee, outcome="failed", effect="Nothing works.")
    actions.review(change, actor=employee, outcome="as_planned", effect="Faster.")


def test_what_failed_is_asked_what_was_learned_at_the_field(ready, employee):
    change = actions.fail(ready(), actor=employee, reason="No space left.")
    form = forms.ReviewForm({"outcome": "failed", "effect": "None.", "close": "on"}, change=change)
    assert form.errors == {"lessons": ["Say what was learned."]}
    assert 'class="optional"' not in drawn(form, "lessons")


def test_a_note_is_asked_for_outside_of_the_window_and_not_called_optional(ready):
    begins = now() + 3 * HOUR
    field = drawn(forms.CarriedOutForm(change=ready(window_from=begins, window_until=begins + HOUR)), "reason")
    assert ">needed outside of its window (" in field
    assert "data-needed-outside=" in field
    assert ">optional<" not in field


def test_a_note_is_asked_for_in_a_freeze(ready, manager):
    change = ready()
    system = change.systems.get().system
    set_freeze(actor=manager, name="Year end", starts_at=now() - HOUR, ends_at=now() + HOUR, systems=[system], reason="Books.")
    field = drawn(forms.CarriedOutForm(change=change), "reason")
    assert ">needed in the freeze Year end<" in field
    assert "data-needed-inside=" in field


def test_without_window_and_freeze_a_note_is_optional(ready):
    assert ">optional<" in drawn(forms.CarriedOutForm(change=ready()), "reason")


def test_scheduling_asks_for_what_it_needs(ready, employee):
    form = forms.ScheduleForm({}, change=ready(implementer=person_of(employee)))
    assert form.errors == {
        "window_from": ["Say from when."],
        "window_until": ["Say until when."],
        "implementer": ["Say who carries it out."],
    }


def test_a_draft_says_what_it_needs_to_be_submitted_as_its_type_is_chosen(client_of, manager, employee):
    change = a_draft(employee, [a_system(manager)])
    page = client_of(employee).get(f"/o/acme/changes/{change.pk}/edit/").content.decode()
    assert 'data-needed-by="type" data-needed-for="normal standard" data-needed-words="needed to submit"' in page
