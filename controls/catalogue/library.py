"""The page of the starter controls."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.urls import reverse

from controls.catalogue.adopting import adopt, adopted_keys
from controls.catalogue.cadences import in_words
from controls.catalogue.detail import CRUMBS
from controls.criteria import CRITERIA
from controls.library import GROUPS, LIBRARY, StarterControl
from controls.models import Control
from controls.occurrences.calendar import first_fair_day
from inventory.models import Person
from ui.forms import DateInput
from ui.screens import FormScreen

ROLES = sorted({one.owner_role for one in LIBRARY.values()})


class AdoptForm(forms.Form):
    """Which starter controls, who owns them by role, and from when."""

    keys = forms.MultipleChoiceField(
        choices=[(key, key) for key in LIBRARY],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one control that is not adopted yet."},
    )
    in_scope_since = forms.DateField(
        label="In scope since", widget=DateInput(), help_text="Nothing is expected of them before this day."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = Person.objects.exclude(status=Person.Status.LEFT)
        for number, role in enumerate(ROLES):
            self.fields[f"owner_{number}"] = forms.ModelChoiceField(people, label=role, required=False, empty_label="Nobody yet")

    def role_fields(self) -> list[Any]:
        """The fields of the owners."""
        return [self[f"owner_{number}"] for number, _ in enumerate(ROLES)]

    def owners(self) -> dict[str, Person]:
        """The person for each role that has one."""
        given = {role: self.cleaned_data[f"owner_{number}"] for number, role in enumerate(ROLES)}
        return {role: person for role, person in given.items() if person is not None}


class Library(FormScreen):
    """Look through the starter controls, and adopt some."""

    permission = "controls.write"
    form_class = AdoptForm
    template_name = "controls/library.html"
    title = "Starter controls"
    breadcrumbs = CRUMBS
    submit_label = "Adopt the chosen ones"
    lede = "In our own words, for you to adopt and then to edit as your own. Later changes here never touch what you adopted."

    def get_initial(self) -> dict[str, Any]:
        """Those asked for in the address, or none; from the next working day."""
        asked = self.request.GET.getlist("key")
        if "all" in asked:
            asked = [key for key in LIBRARY if key not in adopted_keys()]
        return {"keys": asked, "in_scope_since": first_fair_day(self.request.organization.today())}

    def act(self, form: AdoptForm) -> str:
        """Adopt them."""
        made = adopt(
            form.cleaned_data["keys"],
            actor=self.request.member,
            owners=form.owners(),
            in_scope_since=form.cleaned_data["in_scope_since"],
        )
        messages.success(self.request, f"{len(made)} controls were adopted." if len(made) > 1 else f"{made[0]} was adopted.")
        return reverse("controls:list") if len(made) > 1 else made[0].get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The library by group, with what is adopted."""
        context = super().get_context_data(**kwargs)
        adopted = {one.library_key: one for one in Control.objects.exclude(library_key="")}
        chosen = set(context["form"]["keys"].value() or [])
        context["groups"] = [
            (name, [_shown(one, adopted.get(one.key), one.key in chosen) for one in starters])
            for name, starters in GROUPS.items()
        ]
        context["remaining"] = len(LIBRARY.keys() - adopted.keys())
        return context


def _shown(starter: StarterControl, adopted: Control | None, chosen: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        "starter": starter,
        "adopted": adopted,
        "chosen": chosen,
        "frequency": in_words(starter),
        "criteria": [(CRITERIA[key], note) for key, note in starter.criteria.items()],
        "texts": list(_texts(starter)),
    }


def _texts(starter: StarterControl) -> Iterator[tuple[str, str]]:
    yield "Objective", starter.objective
    yield "How it operates", starter.operation
    yield "Evidence expected", starter.evidence_expected
    yield "What to do when it is due", starter.instructions
    yield "How it is tested", starter.test
