"""Forms about systems."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.formats.registry import FORMATS
from inventory.models import Person, System
from inventory.models.system import Route
from inventory.people.deciding import routable_people
from tenancy.models import current_organization
from ui.forms import TextArea

_PLACES = (("route_1", "First"), ("route_2", "Then"), ("route_3", "Then"), ("route_4", "Then"))
MOST_STATES = 50
NOT_DECIDING = "Choose somebody at work who has an account here with a role that decides in reviews."


class LinesField(forms.CharField):
    """A list of short texts, one a line; compared in lower case, as the sources are."""

    widget = TextArea(rows=4)

    def prepare_value(self, value: Any) -> Any:
        """Show a list as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """Read the lines, without blank and repeated ones."""
        lines = (line.strip().lower() for line in (super().to_python(value) or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, value: Any) -> None:
        """Each has to fit."""
        super().validate(value)
        if len(value) > MOST_STATES:
            raise forms.ValidationError(f"Name at most {MOST_STATES} states.")
        if any("\x00" in line for line in value):  # Django's own check looks at one text, not at a list
            raise forms.ValidationError("Null characters are not allowed.")
        if any(len(line) > 60 for line in value):
            raise forms.ValidationError("A state has at most 60 characters.")


class SystemForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """Everything about a system but its state. An empty list of states on a new system takes the format's."""

    source_format = forms.ChoiceField(label="Export format", help_text="What its populations are imported from.")
    account_meaning = forms.CharField(
        label="What an account there can do",
        required=False,
        max_length=2000,
        widget=TextArea(rows=3),
        help_text="In words a reviewer understands. Shown beside every decision.",
    )
    no_access_states = LinesField(
        label="Account states that count as no access",
        required=False,
        help_text="One a line, as the export writes them. Leave it empty on a new system to take the format's usual ones.",
    )
    route_1 = forms.ChoiceField(label="First", choices=Route.choices)
    route_2 = forms.ChoiceField(label="Then", required=False)
    route_3 = forms.ChoiceField(label="Then, third", required=False)
    route_4 = forms.ChoiceField(label="Then, fourth", required=False)

    fieldsets: ClassVar = (
        ("The system", ("name", "kind", "criticality", "account_meaning")),
        ("People", ("owner", "backup_reviewer")),
        ("Populations", ("source_format", "no_access_states")),
        ("Who reviews an item, in this order", tuple(name for name, _ in _PLACES)),
    )

    class Meta:
        model = System
        fields: ClassVar = ["name", "kind", "criticality", "account_meaning", "owner", "backup_reviewer", "no_access_states"]
        help_texts: ClassVar = {
            "owner": "Gets removals, and is asked where the order below says so.",
            "backup_reviewer": "Decides where nobody else may: somebody with an account here, whose role decides in reviews.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the known formats, and people who work here."""
        super().__init__(*args, **kwargs)
        self.fields["source_format"].choices = format_choices()  # type: ignore[attr-defined]
        self.initial.setdefault("source_format", self.instance.source_format)
        deciding = routable_people(current_organization().today()).values("pk")
        fitting = {"owner": ~Q(status=Person.Status.LEFT), "backup_reviewer": Q(pk__in=deciding)}
        for name, fits in fitting.items():
            present = Q(pk=getattr(self.instance, f"{name}_id"))
            self.fields[name].queryset = Person.objects.filter(fits | present)  # type: ignore[attr-defined]
        self.fields["backup_reviewer"].error_messages["invalid_choice"] = NOT_DECIDING
        order = self.instance.reviewer_order
        for place, (name, _) in enumerate(_PLACES):
            if place:
                self.fields[name].choices = [("", "Nobody else"), *Route.choices]  # type: ignore[attr-defined]
            self.initial.setdefault(name, order[place] if place < len(order) else "")

    def clean_name(self) -> str:
        """Two systems whose names differ in capitals only would be taken for one."""
        name: str = self.cleaned_data["name"]
        others = System.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).values_list("name", flat=True)
        if (other := others.first()) and other != name:  # the same name is refused by the database, in its own words
            raise forms.ValidationError(f"There is “{other}” already: a name may not differ from it in capitals only.")
        return name

    def clean(self) -> dict[str, Any]:
        """Put the order together, and take the format's states on a new system."""
        cleaned = super().clean() or self.cleaned_data
        order = [cleaned.get(name) for name, _ in _PLACES if cleaned.get(name)]
        if len(set(order)) < len(order):
            self.add_error("route_2", "Each may stand in the order once.")
        cleaned["reviewer_order"] = order
        if self.instance._state.adding and not cleaned.get("no_access_states"):  # noqa: SLF001 - Django documents _state
            cleaned["no_access_states"] = usual_states(cleaned.get("source_format", ""))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """The system's fields, as the actions take them."""
        places = {name for name, _ in _PLACES}
        return {name: value for name, value in self.cleaned_data.items() if name not in places}


def format_choices() -> list[tuple[str, str]]:
    """The known formats, and any table."""
    return [(key, known.label) for key, known in FORMATS.items()]


def usual_states(key: str) -> list[str]:
    """What counts as no access in a known format."""
    return list(FORMATS[key].no_access_states) if key in FORMATS else []
