"""Forms about requests."""

import uuid
from collections.abc import Collection
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Member
from controls.criteria import CRITERION_CHOICES
from controls.findings.forms import at_work
from controls.models import AuditRequest, Control
from controls.requests.giving import Given
from evidence import words
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence, Population, Sample
from inventory.models import Person
from ui.forms import DateInput, FilesField, TextArea
from ui.values import spelled
from workflow.once import OnceForm

LONGEST = 4000
OFFERED = 10  # of each kind; a search finds the others


class RequestFields(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What is asked for."""

    description = forms.CharField(required=False, max_length=LONGEST, widget=TextArea(rows=4))
    criteria = forms.MultipleChoiceField(choices=CRITERION_CHOICES, required=False)
    controls = forms.ModelMultipleChoiceField(Control.objects.none(), required=False)
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What is asked for", ("title", "description", "category")),
        ("Where it belongs", ("period", "reference", "controls", "criteria")),
        ("By whom and by when", ("requested_by", "requested_on", "due_on")),
    )

    class Meta:
        model = AuditRequest
        fields: ClassVar = [
            "title", "description", "category", "period", "reference", "criteria", "requested_by", "requested_on", "due_on",
        ]  # fmt: skip
        widgets: ClassVar = {"due_on": DateInput(), "requested_on": DateInput()}
        help_texts: ClassVar = {
            "reference": "As the auditor's list has it.",
            "category": "As the auditor's list has it, such as Access control.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer controls in service, and the present ones."""
        super().__init__(*args, **kwargs)
        offered = Control.objects.filter(
            Q(status=Control.Status.ACTIVE) | Q(requests__request=self.instance.pk if self.instance.raised_at else None)
        )
        self.fields["controls"].queryset = offered.distinct()  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {**{name: value for name, value in self.cleaned_data.items() if name != "once"}}


class RequestForm(RequestFields):
    """One that is there."""


class NewRequestForm(RequestFields, OnceForm):
    """A new one."""

    reference = forms.CharField(
        label="Number",
        required=False,
        max_length=40,
        help_text="As the auditor's list has it. Left empty, it gets the next number of ours.",
    )
    requested_on = forms.DateField(required=False, widget=DateInput(), help_text="Left empty: today.")
    assignee = forms.ModelChoiceField(
        Person.objects.none(), required=False, label="With", empty_label="Nobody yet", help_text="Who answers it."
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        *RequestFields.fieldsets[:2],
        ("By whom and by when", ("requested_by", "requested_on", "due_on", "assignee")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["requested_by"].help_text = "Left empty: you."
        self.fields["assignee"].queryset = at_work()  # type: ignore[attr-defined]


class BulkAssignForm(forms.Form):
    """To whom."""

    assignee = forms.ModelChoiceField(Person.objects.none(), label="To whom")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = at_work()  # type: ignore[attr-defined]


class AssignForm(BulkAssignForm, OnceForm):
    """The same, for one."""


class DueForm(forms.Form):
    """By when."""

    due_on = forms.DateField(label="Due", widget=DateInput())


class NoteForm(forms.Form):
    """What the auditor says of what is accepted."""

    note = forms.CharField(label="Note", required=False, max_length=2000, widget=TextArea(rows=2))


class AcceptForm(NoteForm, OnceForm):
    """The same, for one."""


class CommentForm(OnceForm):
    """What is said."""

    text = forms.CharField(label="Comment", max_length=LONGEST, widget=TextArea(rows=3))


class _Records(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """Records by number, title and day, as the choice is made by them."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        """Such as EV-2026-0183 Leavers of October, collected 3 November 2026."""
        if isinstance(obj, Evidence):
            return f"{obj.reference} {obj.title}, collected {spelled(timezone.localdate(obj.collected_at))}"
        if isinstance(obj, Population):
            return f"{obj.reference} {obj.title}, {obj.row_count:,} rows"
        return f"{obj}: {obj.size:,} rows of {obj.population.title}"


class SupplyForm(OnceForm):
    """Files, and records that are here already."""

    files = FilesField(label="New files", required=False, hint="One file or several")  # type: ignore[assignment] # it is a field
    evidence = _Records(Evidence.objects.none(), label="Evidence", required=False)
    populations = _Records(Population.objects.none(), label="Populations", required=False)
    samples = _Records(Sample.objects.none(), label="Samples", required=False)
    fieldsets: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("Add files", ("files",)),
        ("Or choose from what is here", ("evidence", "populations", "samples")),
    )

    def __init__(self, *args: Any, offered: "dict[str, QuerySet[Any]] | None" = None, **kwargs: Any) -> None:
        """Offer records by field, to those who may see evidence; a field without any is left out."""
        super().__init__(*args, **kwargs)
        for name in ("evidence", "populations", "samples"):
            rows = (offered or {}).get(name)
            if rows is None:
                del self.fields[name]
            else:
                self.fields[name].queryset = rows  # type: ignore[attr-defined]
        placed = [(legend, tuple(name for name in names if name in self.fields)) for legend, names in self.fieldsets]
        self.fieldsets = tuple((legend, names) for legend, names in placed if names)

    def given(self) -> Given:
        """As the actions take it."""
        names = ("files", "evidence", "populations", "samples")
        return Given(**{name: list(self.cleaned_data.get(name) or ()) for name in names})


class SubmitForm(SupplyForm):
    """What is said of it, and what is given with it."""

    statement = forms.CharField(
        required=False,
        max_length=LONGEST,
        widget=TextArea(rows=3),
        label="What you say of it",
        help_text="How what is given answers the request, or why there is nothing to give.",
    )
    fieldsets = (("", ("statement",)), *SupplyForm.fieldsets)


def offered_to(
    request: AuditRequest, sought: str, chosen: dict[str, Collection[str]], member: Member
) -> dict[str, "QuerySet[Any]"]:
    """What may be given: the latest that has the words, of each kind, and what was ticked; kinds without any are left out.

    Without words it is the evidence of the request's own controls, where there is some.
    """
    taken = request.proofs.filter(status="linked")
    current = evidence_seen_by(member).filter(status=Evidence.Status.CURRENT).exclude(pk__in=_given(taken, "evidence"))
    items = words.having(current, sought)
    own = items.filter(controls__control__requests__request=request, controls__status="linked")
    first = [] if sought else list(own.distinct().order_by("-collected_at")[:OFFERED])
    latest = [one.pk for one in first or items.order_by("-collected_at")[:OFFERED]]
    frozen = Population.objects.filter(status=Population.Status.FROZEN).exclude(pk__in=_given(taken, "population"))
    samples = Sample.objects.exclude(pk__in=_given(taken, "sample"))
    for word in sought.split():
        frozen = frozen.filter(Q(reference__icontains=word) | Q(title__icontains=word))
        samples = samples.filter(Q(population__reference__icontains=word) | Q(population__title__icontains=word))
    found = {
        "evidence": (Evidence.objects.order_by("-collected_at"), latest),
        "populations": (Population.objects.all(), list(frozen.values_list("pk", flat=True)[:OFFERED])),
        "samples": (Sample.objects.select_related("population"), list(samples.values_list("pk", flat=True)[:OFFERED])),
    }
    keys = {name: {*shown, *_keys(chosen.get(name, ()))} for name, (_, shown) in found.items()}
    return {name: rows.filter(pk__in=keys[name]) for name, (rows, _) in found.items() if keys[name]}


def _given(taken: Any, name: str) -> Any:
    return taken.filter(**{f"{name}__isnull": False}).values(name)


def _keys(texts: Collection[str]) -> list[uuid.UUID]:
    """Those that are keys at all; the field itself says what it thinks of the others."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(uuid.UUID(text))
    return found
