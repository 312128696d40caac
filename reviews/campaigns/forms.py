"""Forms of preparing a review."""

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from inventory.models import Person, Snapshot, System
from inventory.models.system import Route
from inventory.people.deciding import routable_people
from reviews.models import Campaign, CampaignSystem
from reviews.quarters import Period, default_due, quarter_of
from tenancy.models import Organization
from ui.forms import ANYTHING, DateInput, TextArea, needed_when
from workflow.once import OnceForm

if TYPE_CHECKING:  # The field takes a type argument in the stubs only.
    _PersonField = forms.ModelChoiceField[Person]
    _SnapshotField = forms.ModelChoiceField[Snapshot]
else:
    _PersonField = _SnapshotField = forms.ModelChoiceField

PLACES = ("first", "second", "third", "fourth")


class PersonChoice(_PersonField):
    """A person, with department, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and department."""
        return f"{obj.name} ({obj.department})" if obj.department else obj.name


class DraftForm(forms.Form):
    """A draft that is there already: all but its quarter."""

    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("What is reviewed", ("name", "quarter", "due_on", "all_systems", "systems")),
        ("What reviewers read", ("instructions",)),
        ("Where nobody else independent exists", ("second_reviewer", "second_reviewer_reason")),
    )

    name = forms.CharField(max_length=200)
    due_on = forms.DateField(label="Due", widget=DateInput, help_text="Due means the end of that day.")
    all_systems = forms.BooleanField(label="All active systems, whatever is ticked below", required=False)
    systems = forms.ModelMultipleChoiceField(
        System.objects.filter(status=System.Status.ACTIVE),
        widget=forms.CheckboxSelectMultiple,
        help_text="Each with its latest imported population and its own order of reviewers. Both can be changed next.",
    )
    instructions = forms.CharField(
        required=False, max_length=4000, widget=TextArea(rows=4), help_text="Shown above the reviewer's list."
    )
    second_reviewer = PersonChoice(
        Person.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Decides what would otherwise fall to the person themself or to nobody. For small organizations.",
    )
    second_reviewer_reason = needed_when(
        forms.CharField(
            label="Why nobody else can",
            required=False,
            max_length=1000,
            widget=TextArea(rows=2),
            help_text="Needed with a second reviewer; it stands in the report.",
        ),
        "second_reviewer",
        ANYTHING,
        says="needed with a second reviewer",
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.fieldsets = tuple((legend, tuple(n for n in names if n in self.fields)) for legend, names in self.fieldsets)
        self.fields["second_reviewer"].queryset = routable_people(organization.today())  # type: ignore[attr-defined]
        self.fields["systems"].required = not self.data.get("all_systems")

    def clean_due_on(self) -> dt.date | None:
        """A day that reviewers can still keep."""
        due: dt.date | None = self.cleaned_data["due_on"]
        if due and due < self.organization.today():
            raise forms.ValidationError("This day has passed: the review would be overdue before it begins.")
        return due

    def clean(self) -> dict[str, Any]:
        """All systems are systems."""
        given = self.cleaned_data
        if given.pop("all_systems"):
            given["systems"] = self.fields["systems"].queryset  # type: ignore[attr-defined]
        return given


class CampaignForm(DraftForm, OnceForm):
    """A new draft: it offers the first quarter from now on that has no review, and says which have one."""

    quarter = forms.TypedChoiceField(label="Quarter")
    field_order = ("name", "quarter", "due_on")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, organization=organization, **kwargs)
        today = organization.today()
        now = quarter_of(today)
        self.quarters: dict[str, Period] = {period.label: period for period in (now.previous(), now, now.next())}
        self.taken = _taken(self.quarters.values())
        field = self.fields["quarter"]
        field.choices = [(label, self._offer(period, today)) for label, period in self.quarters.items()]  # type: ignore[attr-defined]
        field.initial = next((one.label for one in (now, now.next()) if one not in self.taken), now.label)
        for name, otherwise in _OTHERWISE.items():
            self.fields[name].required, self.fields[name].help_text = False, otherwise

    def _offer(self, period: Period, today: dt.date) -> str:
        there = f" ({self.taken[period]} is there already)" if period in self.taken else ""
        return f"{period.name}, due {default_due(period, today):%-d %B %Y}{there}"

    def clean_quarter(self) -> Period:
        """The period itself."""
        return self.quarters[self.cleaned_data["quarter"]]


_OTHERWISE = {
    "name": "Left empty, it is named after its quarter.",
    "due_on": "Left empty, it is the day beside the quarter: its day 30, or two weeks from today once that has passed.",
}


def _taken(periods: Iterable[Period]) -> dict[Period, str]:
    """The references of the reviews that these quarters have, those given up left out."""
    by_day = {period.first: period for period in periods}
    present = Campaign.objects.filter(period_from__in=by_day).exclude(status=Campaign.Status.CANCELLED)
    found: dict[Period, str] = {}
    for first, reference in present.order_by("created_at").values_list("period_from", "reference"):
        period = by_day[first]
        found[period] = f"{found[period]}, {reference}" if period in found else reference
    return found


class SnapshotChoice(_SnapshotField):
    """An imported population, and whether it is complete."""

    def label_from_instance(self, obj: Any) -> str:
        """As of when, how many rows, and whether it was found complete."""
        complete = "complete" if obj.complete else "not complete"
        return f"As of {obj.as_of:%-d %b %Y %H:%M} UTC, {obj.rows_accepted:,} entitlements, {complete}"


class ScopeForm(forms.Form):
    """One system of a draft: its population and the order in which reviewers are looked for."""

    fieldsets = (("Population", ("snapshot", "incomplete_reason")), ("Who is asked", PLACES))

    snapshot = SnapshotChoice(Snapshot.objects.none(), label="Imported population", empty_label=None)
    incomplete_reason = forms.CharField(
        label="Why it is reviewed although it is not complete",
        required=False,
        max_length=2000,
        widget=TextArea(rows=2),
        help_text="For a compliance manager to say. It stands in the report; such a population never verifies a removal.",
    )
    first = forms.ChoiceField(label="First", choices=Route)
    second = forms.ChoiceField(label="If that is impossible", choices=[("", "Nobody"), *Route.choices], required=False)
    third = forms.ChoiceField(label="Then", choices=[("", "Nobody"), *Route.choices], required=False)
    fourth = forms.ChoiceField(label="At last", choices=[("", "Nobody"), *Route.choices], required=False)

    def __init__(self, *args: Any, scoped: CampaignSystem, **kwargs: Any) -> None:
        order = dict(zip(PLACES, scoped.reviewer_order, strict=False))
        initial = {"snapshot": scoped.snapshot, "incomplete_reason": scoped.incomplete_reason, **order}
        super().__init__(*args, **{**kwargs, "initial": {**initial, **(kwargs.get("initial") or {})}})
        imported = Snapshot.objects.filter(system=scoped.system_id, status=Snapshot.Status.IMPORTED).order_by(
            "-as_of", "-created_at"
        )
        self.fields["snapshot"].queryset = imported  # type: ignore[attr-defined]

    def chosen_order(self) -> list[str]:
        """The ways in order, without the empty ones."""
        return [self.cleaned_data[place] for place in PLACES if self.cleaned_data[place]]
