"""Forms about what happens to a change."""

from typing import Any, cast

from django import forms

from accounts.factors import FactorFormMixin
from changes.lifecycle.ending import FELL_SHORT, LEARN, needs_review
from changes.lifecycle.timing import when_against
from changes.models import Change
from changes.rights import NO_WORKER, at_work, workers
from inventory.models import Person
from ui.forms import TextArea, needed_when
from ui.moments import LocalMomentField
from workflow.once import OnceForm

LONGEST = 5_000
_WORKERS = ("implementer", "by")
_NOBODY = "Choose somebody who works here."


def words(label: str, *, required: bool = True, rows: int = 3, help_text: str = "") -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, widget=TextArea(rows=rows), help_text=help_text, strip=True
    )


class AnswerForm(OnceForm):
    """What somebody says of what they saw."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=64)


class ApproveForm(AnswerForm):
    """An approval."""

    note = words("Note", required=False, help_text="Kept with your approval.")


class RejectForm(AnswerForm):
    """A rejection."""

    reason = words("Why it is rejected", help_text="Whoever asked for it is told.")


class ApproveWithFactorForm(ApproveForm, FactorFormMixin):
    """An approval of what is of high risk."""


class RejectWithFactorForm(RejectForm, FactorFormMixin):
    """A rejection of what is of high risk."""


class MoveForm(OnceForm):
    """About one change, which says what is needed."""

    def __init__(self, *args: Any, change: Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_of(change)

    def ask_of(self, change: Change) -> None:
        """Ask what this change needs."""


class PersonForm(MoveForm):
    """With the people who work here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = workers(self.initial.get(name)) if name in _WORKERS else at_work()
                field.error_messages["invalid_choice"] = NO_WORKER if name in _WORKERS else _NOBODY


class ScheduleForm(PersonForm):
    """When it is carried out, and by whom."""

    window_from = LocalMomentField(label="From", required=False, error_messages={"required": "Say from when."})
    window_until = LocalMomentField(label="Until", required=False, ends=True, error_messages={"required": "Say until when."})
    implementer = forms.ModelChoiceField(
        Person.objects.none(),
        label="Carried out by",
        required=False,
        empty_label="Choose somebody",
        error_messages={"required": "Say who carries it out."},
    )

    def ask_of(self, change: Change) -> None:
        """All of it; a program leaves out what is planned already."""
        for name in ("window_from", "window_until", "implementer"):
            self.fields[name].required = True


class AgreeForm(PersonForm):
    """Who agreed by word."""

    agreed_by = forms.ModelChoiceField(Person.objects.none(), label="Who agreed", empty_label="Choose somebody")
    agreed_at = LocalMomentField(label="When they agreed")
    reason = words("Why it could not wait")


class NotAgreedForm(OnceForm):
    """What is not so."""

    reason = words("What is not so", help_text="Kept with the change. Whoever asked for it is told.")


class CarriedOutForm(PersonForm):
    """When it was carried out, and by whom."""

    at = LocalMomentField(label="When", required=False, help_text="Left empty: now.")
    by = forms.ModelChoiceField(Person.objects.none(), label="By", required=False, empty_label="You, if nobody else was to")
    reason = words(
        "Note", required=False, help_text="Needed outside of its window or in a freeze: why it went ahead all the same."
    )

    def ask_of(self, change: Change) -> None:
        """Why it went ahead, where the calendar is against it; whether it is shows as the time is chosen."""
        against, field = when_against(change), cast("Any", self.fields["reason"])
        if not against:
            field.help_text = ""
            return
        field.help_text = f"Needed {against.words}: why it went ahead all the same."
        field.wanted = f"needed {against.words}"
        field.needed = {"needed-by": "at", "needed-words": "needed", **against.times}


class FailForm(MoveForm):
    """What went wrong."""

    reason = words("What went wrong")
    at = LocalMomentField(label="When", required=False, help_text="Left empty: now.")


class RollBackForm(MoveForm):
    """Why it was undone."""

    reason = words("Why it was undone")
    at = LocalMomentField(label="When", required=False, help_text="Left empty: now.")


class ReviewForm(MoveForm):
    """How it went."""

    outcome = forms.ChoiceField(label="How it went", choices=Change.Outcome.choices, widget=forms.RadioSelect)
    effect = words("What it did", help_text="What is different now, and how you know.")
    lessons = needed_when(
        words("What was learned", required=False, help_text="Needed for what failed, was undone, or could not wait."),
        "outcome",
        *FELL_SHORT,
        says="needed if it failed or was rolled back",
    )
    close = forms.BooleanField(label="Close it as well", required=False, initial=True)

    def ask_of(self, change: Change) -> None:
        """What was learned of this one is needed whatever is chosen, where it cannot be closed without a review."""
        if needs_review(change):
            field: Any = self.fields["lessons"]
            field.required, field.needed = True, None
            field.error_messages["required"] = LEARN
            field.help_text = f"Needed: {'it was an emergency' if change.type == Change.Type.EMERGENCY else 'it did not work'}."
