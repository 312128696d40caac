"""Forms about controls."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from controls.catalogue.actions import mark_of, stamp_of
from controls.catalogue.cadences import MOST_GRACE
from controls.catalogue.drafts import LONGEST_NOTE, LONGEST_TEXT
from controls.criteria import CRITERIA, FAMILIES, Criterion
from controls.models import Control
from controls.models.control import Cadence, Leg
from controls.occurrences.events import kinds
from inventory.models import Person, System
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm

_LEGS_HELP = "Untick what this control cannot have, such as monitoring of a yearly meeting, and say why below."


def _events() -> list[tuple[str, str]]:
    return [("", "Not per event"), *kinds()]


def _text(rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(required=False, max_length=LONGEST_TEXT, widget=TextArea(rows=rows), **kwargs)


class FactsForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What is written about a control."""

    objective = _text(2, help_text="What would go wrong without it.")
    operation = _text(4, label="How it operates", help_text="Who does what, with what, so that a stranger could repeat it.")
    evidence_expected = _text(2)
    test_procedure = _text(3, label="How it is tested")
    instructions = _text(3, label="What to do when it is due", help_text="Shown to the owner beside each due occurrence.")

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The control", ("code", "title", "objective", "operation", "priority")),
        ("When", ("in_scope_since",)),
        ("Who", ("owner_role",)),
        ("Evidence and test", ("evidence_expected", "instructions", "test_procedure")),
    )

    class Meta:
        model = Control
        fields: ClassVar = [
            "code", "title", "objective", "operation", "owner_role", "in_scope_since", "evidence_expected", "test_procedure",
            "instructions", "priority",
        ]  # fmt: skip
        labels: ClassVar = {"code": "Code", "owner_role": "Role that owns it"}
        widgets: ClassVar = {"in_scope_since": DateInput()}
        help_texts: ClassVar = {
            "code": "Such as AC-001; unique.",
            "in_scope_since": "Nothing is expected of it before this day.",
            "owner_role": "Such as IT lead; the person is assigned separately.",
            "priority": "How urgent a gap in this control is.",
        }

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("once", "stamp")}


class ControlForm(FactsForm):
    """A control that is there; the page remembers what it looked like."""

    reason = forms.CharField(
        label="Why it came into scope on another day",
        required=False,
        max_length=2000,
        widget=TextArea(rows=2),
        help_text="Needed when that day changes: what is expected, and what was missed, begins with it.",
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = tuple(
        (title, (*names, "reason") if "in_scope_since" in names else names) for title, names in FactsForm.fieldsets
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = stamp_of(self.instance)

    def facts(self) -> dict[str, Any]:
        """With what the page showed."""
        return {**super().facts(), "stamp": self.cleaned_data["stamp"]}


class OwnerForm(forms.Form):
    """Who owns a control."""

    owner = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="Nobody")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here, and the present owner."""
        super().__init__(*args, **kwargs)
        present = self.initial.get("owner")
        people = Person.objects.filter(~Q(status=Person.Status.LEFT) | Q(pk=present))
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]


class CadenceFields(forms.Form):
    """When it is performed."""

    cadence = forms.ChoiceField(label="Frequency", choices=Cadence.choices)
    population = forms.ChoiceField(
        label="Its events", choices=_events, required=False, help_text="For a control that runs per event: each of these."
    )
    grace_days = forms.IntegerField(
        label="Days of grace",
        min_value=0,
        max_value=MOST_GRACE,
        initial=0,
        help_text="So many days after an interval are still on time; after an event, so many business days, one at least.",
    )

    def clean(self) -> dict[str, Any]:
        """Events belong to a control that runs per event."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("cadence") == Cadence.PER_EVENT and not given.get("population"):
            self.add_error("population", "Say what its events are.")
        return given


class LegFields(forms.Form):
    """What it stands on."""

    legs = forms.MultipleChoiceField(
        label="It needs", choices=Leg.choices, initial=Leg.values, widget=forms.CheckboxSelectMultiple, help_text=_LEGS_HELP
    )
    legs_reason = forms.CharField(
        label="Why the others are not needed", required=False, max_length=LONGEST_TEXT, widget=TextArea(rows=2)
    )


class NewControlForm(CadenceFields, LegFields, OwnerForm, FactsForm, OnceForm):
    """A new control; which criteria it answers is asked next."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The control", ("code", "title", "objective", "operation", "priority")),
        ("When", ("cadence", "population", "grace_days", "in_scope_since")),
        ("Who", ("owner", "owner_role")),
        ("Evidence and test", ("legs", "legs_reason", "evidence_expected", "instructions", "test_procedure")),
    )


class CadenceForm(CadenceFields):
    """Another frequency from a day on."""

    from_date = forms.DateField(label="From", widget=DateInput())
    reason = forms.CharField(widget=TextArea(rows=2), max_length=2000)
    field_order = ("cadence", "population", "grace_days", "from_date", "reason")


class RetireForm(forms.Form):
    """The last day, and why."""

    retired_on = forms.DateField(label="Out of service since", widget=DateInput())
    reason = forms.CharField(widget=TextArea(rows=3), max_length=2000)


class SystemsForm(forms.Form):
    """Which systems a control covers."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, label="Systems"
    )

    def __init__(self, *args: Any, covered: list[Any], **kwargs: Any) -> None:
        """Offer those in use, and those it covers already."""
        super().__init__(*args, **kwargs)
        found = System.objects.filter(Q(status=System.Status.ACTIVE) | Q(pk__in=covered))
        self.fields["systems"].queryset = found  # type: ignore[attr-defined]
        self.initial["stamp"] = mark_of(sorted(covered))


class CriteriaForm(forms.Form):
    """Which criteria a control answers, with a note on how: a tick and a note for each of the 61."""

    def __init__(self, *args: Any, present: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stamp"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=mark_of(dict(present)))
        for key, criterion in CRITERIA.items():
            self.fields[_tick(key)] = forms.BooleanField(label=str(criterion), required=False, initial=key in present)
            self.fields[_note(key)] = forms.CharField(
                label=f"How it answers {key}",
                required=False,
                max_length=LONGEST_NOTE,
                initial=present.get(key, ""),
                widget=TextArea(rows=2),
            )

    def clean(self) -> dict[str, Any]:
        """A note without its tick would be lost."""
        given = self.cleaned_data
        for key in CRITERIA:
            if given.get(_note(key), "").strip() and not given.get(_tick(key)):
                self.add_error(_tick(key), f"Tick {key}, or take its note away.")
        return given

    def answers(self) -> dict[str, str]:
        """Notes by criterion."""
        return {key: self.cleaned_data[_note(key)] for key in CRITERIA if self.cleaned_data[_tick(key)]}

    def families(self) -> Iterator[tuple[str, list[tuple[Criterion, Any, Any]], int]]:
        """Each family with the fields of its criteria, and how many are ticked or wrong, so that it must be open."""
        for family, title in FAMILIES.items():
            rows = [(one, self[_tick(one.key)], self[_note(one.key)]) for one in CRITERIA.values() if one.family == family]
            open_ones = sum(bool(tick.value() or note.value() or tick.errors or note.errors) for _, tick, note in rows)
            yield f"{family} {title}", rows, open_ones


def _tick(key: str) -> str:
    return f"answers_{key.lower().replace('.', '_')}"


def _note(key: str) -> str:
    return f"note_{key.lower().replace('.', '_')}"
