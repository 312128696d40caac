"""Forms about requests of people."""

from typing import Any, ClassVar

from django import forms

from accounts.factors import FactorFormMixin
from inventory.models import Person
from privacy.models import SubjectRequest
from privacy.screens import RecordForm
from privacy.subjects.due import WORDS
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm


def at_work() -> Any:
    """People who have not left."""
    return Person.objects.exclude(status=Person.Status.LEFT)


class IntakeForm(RecordForm):
    """Who asks for what."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Who asks", ("name", "email", "relation")),
        ("For what", ("kind", "details", "channel", "received_on")),
        ("With whom", ("owner",)),
    )

    class Meta:
        model = SubjectRequest
        fields: ClassVar = ["name", "email", "relation", "kind", "details", "channel", "received_on", "owner"]
        widgets: ClassVar = {"details": TextArea(rows=4), "received_on": DateInput()}
        help_texts: ClassVar = {
            "relation": "Such as former employee, user of a customer.",
            "channel": "Such as e-mail, letter, by telephone.",
            "received_on": WORDS,
        }


class VerifyForm(OnceForm):
    """How the identity was checked."""

    how = forms.CharField(
        label="How it was checked that they are who they say",
        widget=TextArea(rows=3),
        max_length=4000,
        help_text="Such as: they answered from the address on file and named their start date. Keep no copy of a passport.",
    )


class ExtendForm(OnceForm):
    """Why it takes longer."""

    due_on = forms.DateField(label="Due then", widget=DateInput(), help_text=WORDS)
    reason = forms.CharField(label="Why", widget=TextArea(rows=3), max_length=2000, help_text="Complexity, or many requests.")
    told_on = forms.DateField(label="They were told on", widget=DateInput())


class OwnerForm(OnceForm):
    """Who answers it."""

    owner = forms.ModelChoiceField(Person.objects.none(), label="With", required=False, empty_label="Nobody yet")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people at work."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = at_work()  # type: ignore[attr-defined]


class TaskForm(OnceForm):
    """Something to do."""

    title = forms.CharField(label="What has to be done", max_length=200, help_text="Name nobody here: it stands in mails.")
    due_on = forms.DateField(label="Due", widget=DateInput())
    owner = forms.ModelChoiceField(Person.objects.none(), label="With", required=False, empty_label="Nobody yet")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people at work."""
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = at_work()  # type: ignore[attr-defined]


class OutcomeForm(OnceForm):
    """What came of it."""

    outcome = forms.CharField(label="What came of it", widget=TextArea(rows=3), max_length=4000)


class AnswerForm(OnceForm):
    """What they are told."""

    words = forms.CharField(
        label="What they are told", widget=TextArea(rows=8), max_length=4000, help_text="It stands in the letter."
    )


class CorrectForm(OnceForm):
    """What is right."""

    name = forms.CharField(max_length=200)
    email = forms.EmailField(label="E-mail", max_length=320, required=False)
    title = forms.CharField(max_length=200, required=False)
    department = forms.CharField(max_length=200, required=False)


class EraseForm(FactorFormMixin, OnceForm):
    """Erase them."""

    sure = forms.BooleanField(label="Erase them for good", help_text="Nobody can bring it back.")
