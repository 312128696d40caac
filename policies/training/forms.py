"""Forms about courses and training."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person
from policies.acknowledging.forms import departments
from policies.models import Course
from ui.forms import DateInput, DropInput, TextArea
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm


class CourseForm(SeenForm, OnceForm):
    """What it is, and who has to take it until when."""

    name = forms.CharField(max_length=200, help_text="Such as Security awareness.")
    about = forms.CharField(
        label="What it teaches, and where to take it", required=False, widget=TextArea(rows=3), max_length=4_000
    )
    required = forms.BooleanField(label="People have to take it", required=False, initial=True)
    departments = forms.MultipleChoiceField(
        required=False, widget=forms.SelectMultiple({"size": 6}), help_text="None chosen: everybody on the roster at work."
    )
    required_from = forms.DateField(
        label="Required from", widget=DateInput(), help_text="Who joined before has their days from then on."
    )
    join_days = forms.IntegerField(label="Within so many days from joining", min_value=1, max_value=365, initial=30)
    months = forms.IntegerField(
        label="Again every so many months", required=False, min_value=1, max_value=120, initial=12, help_text="Empty: once."
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What it is", ("name", "about")),
        ("Who has to take it", ("required", "departments", "required_from")),
        ("Until when", ("join_days", "months")),
    )

    def __init__(self, *args: Any, course: Course | None = None, **kwargs: Any) -> None:
        """Offer the departments of people at work, and those it has."""
        super().__init__(*args, **kwargs)
        had = [(one, one) for one in (course.departments if course else [])]
        fields: Any = self.fields
        fields["departments"].choices = sorted({*departments(), *had})

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"once", "seen"}}


class TrainingFields(forms.Form):
    """When it was taken, and until when it counts."""

    completed_on = forms.DateField(label="Completed", widget=DateInput())
    expires_on = forms.DateField(label="Expires", required=False, widget=DateInput())
    note = forms.CharField(required=False, widget=TextArea(rows=2), max_length=2_000)
    certificate = forms.FileField(required=False, widget=DropInput(hint="As it came, such as a PDF"))


class NewTrainingForm(TrainingFields, OnceForm):
    """Who took which course."""

    person = forms.ModelChoiceField(Person.objects.none())
    course = forms.ModelChoiceField(Course.objects.none())
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Who took what", ("person", "course", "completed_on")),
        ("Until when it counts", ("expires_on", "note", "certificate")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people at work and courses in use."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["person"].queryset = Person.objects.filter(~Q(status=Person.Status.LEFT))
        fields["course"].queryset = Course.objects.filter(status=Course.Status.ACTIVE)
        fields["expires_on"].help_text = "Empty: as long as the course says."


class TrainingForm(SeenForm, TrainingFields, OnceForm):
    """One that is there."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what a file means here."""
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].help_text = "Empty: it counts for good."
        self.fields["certificate"].help_text = "In place of the one that is there, which stays in evidence."


class WithdrawForm(OnceReasonForm):
    """Why it counts no more."""


class RetireForm(OnceReasonForm):
    """Why nobody has to take it any more."""


class RestoreForm(OnceForm):
    """Why it is used again."""

    reason = forms.CharField(label="Why", required=False, widget=TextArea(rows=2), max_length=2_000)
