"""What the screens of privacy share: a page of facts, and forms that make, change and move a record."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from inventory.models import Person, System
from privacy.writing import move
from tenancy.models import TenantModel
from ui.forms import TextArea
from ui.screens import DetailScreen, Filter, FormScreen
from workflow.brought import Brought
from workflow.once import OnceForm, OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen
from workflow.seen import SeenForm
from workflow.transitions import Transition

SOON = dt.timedelta(days=30)


def due_filter(today: dt.date, owed: Q) -> Filter:
    """By the day of what is still owed."""
    where = {"late": owed & Q(due_on__lt=today), "soon": owed & Q(due_on__range=(today, today + SOON))}
    return Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Within 30 days")], where=where)


@dataclass(frozen=True, slots=True)
class Button:
    """A way on from a record's page."""

    label: str
    url: str
    primary: bool = False
    dialog: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that belong to a record; a cell may be a badge, a day or text, and the first leads where `urls` say."""

    heading: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    empty: str
    urls: Sequence[str] = ()

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        """Each row with where it leads, and its cells with their headers."""
        urls = self.urls or [""] * len(self.rows)
        return [(url, list(zip(self.headers, row, strict=True))) for url, row in zip(urls, self.rows, strict=True)]


class RecordScreen(DetailScreen, abstract=True):
    """A record as facts, texts and tables, what happens next, and what this member may do."""

    template_name = "privacy/record.html"
    object: Any

    def get_facts(self) -> list[tuple[str, Any]]:
        """Label and value; what is empty is left out."""
        return []

    def get_texts(self) -> list[tuple[str, str]]:
        """Heading and text; what is empty is left out."""
        return []

    def get_tables(self) -> list[Table]:
        """What belongs to it."""
        return []

    def get_buttons(self) -> list[Button]:
        """What this member may do now."""
        return []

    def get_next_step(self) -> str:
        """What happens next, in a sentence; empty when nothing has to."""
        return ""

    def get_origin(self) -> str:
        """That it came from elsewhere, in a sentence; empty for what was done here."""
        return self.object.origin if isinstance(self.object, Brought) else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All of them."""
        return super().get_context_data(
            facts=[(label, value) for label, value in self.get_facts() if value not in (None, "", [])],
            texts=[(heading, text) for heading, text in self.get_texts() if text],
            tables=self.get_tables(),
            buttons=self.get_buttons(),
            next_step=self.get_next_step(),
            origin=self.get_origin(),
            **kwargs,
        )

    def can(self, permission: str) -> bool:
        """Whether this member may."""
        return bool(self.request.member.can(permission))


class LinesField(forms.CharField):
    """Several values, each on a line of its own."""

    longest_line = 120

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", TextArea(rows=3))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """As a list. Raises ValidationError for a line that is too long."""
        lines = list(dict.fromkeys(line.strip() for line in super().clean(value).splitlines() if line.strip()))
        if any(len(line) > self.longest_line for line in lines):
            raise forms.ValidationError(f"A line has at most {self.longest_line} characters.")
        return lines


class RecordForm(SeenForm, OnceForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """The fields of a record: people at work and systems in use are offered, and those it has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                kept = Q(pk=getattr(self.instance, f"{name}_id", None))
                model = field.queryset.model  # type: ignore[union-attr] # made from a foreign key
                if model is Person:
                    field.queryset, field.empty_label = Person.objects.filter(~Q(status=Person.Status.LEFT) | kept), "Nobody yet"
                elif model is System:
                    field.queryset = System.objects.filter(Q(status=System.Status.ACTIVE) | kept)
                    field.empty_label = "None named"

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("once", "seen")}


class CreateScreen(OnceScreen, abstract=True):
    """Makes a record."""

    submit_label = "Save"


class AboutScreen(FormScreen, abstract=True):
    """A form about one record: `verb` and its name are the title, its page is the way back."""

    object: Any
    verb: ClassVar[str] = "Change"
    up: ClassVar[tuple[str, str]]

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the record."""
        return (self.up, (str(self.object), self.object.get_absolute_url()))


class EditScreen(AboutScreen, OnceScreen, abstract=True):
    """Changes a record."""

    success_message = "The changes were saved."


class MoveScreen(TransitionScreen, AboutScreen, OnceScreen, abstract=True):
    """Moves a record's state, with a reason unless the form is another."""

    transition: ClassVar[Transition]
    form_class: Any = OnceReasonForm

    def act(self, form: Any) -> Any:
        """Move it, for the reason given."""
        return move(self.object, self.transition, actor=self.request.member, note=form.cleaned_data["reason"])


def owner_name(one: TenantModel) -> str:
    """Who has it, or nobody."""
    owner = getattr(one, "owner", None)
    return str(owner.name) if owner else "Nobody"
