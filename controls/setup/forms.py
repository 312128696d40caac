"""The three forms of the first hour: the questions, the audit, the controls with their owners."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html
from django.utils.safestring import SafeString

from controls.criteria import Category
from controls.library import LIBRARY
from controls.library.questions import NOTHING, QUESTIONS, Proposal, Question
from controls.models import AuditPeriod
from controls.periods.actions import LONGEST
from controls.periods.forms import OPTIONAL
from controls.setup.draft import NEW
from controls.setup.owners import Roster
from evidence.tables.text import email_key
from inventory.models import Person
from ui.forms import DateInput
from ui.values import spelled
from workflow.once import OnceForm


class QuestionsForm(forms.Form):
    """A field for each question."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, question in enumerate(QUESTIONS, 1):
            label = f"{number}. {question.text}"
            if question.multiple:
                self.fields[question.key] = forms.MultipleChoiceField(
                    label=label,
                    help_text=question.help,
                    choices=question.options,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages={"required": f"Choose what applies, or “{_nothing(question)}”."},
                )
            else:
                self.fields[question.key] = forms.ChoiceField(
                    label=label,
                    help_text=question.help,
                    choices=question.options,
                    widget=forms.RadioSelect,
                    error_messages={"required": "Choose one."},
                )

    def clean(self) -> dict[str, Any]:
        """Nothing and something are not both true."""
        for question in QUESTIONS:
            given = self.cleaned_data.get(question.key) or ()
            if question.multiple and NOTHING in given and len(given) > 1:
                self.add_error(question.key, f"Choose what applies, or “{_nothing(question)}”, but not both.")
        return self.cleaned_data


def _nothing(question: Question) -> str:
    return dict(question.options)[NOTHING]


class ScopeForm(forms.Form):
    """Which audit: a period that is there or a new one, its categories, and since when the controls are in scope."""

    period = forms.ChoiceField(label="Audit period", widget=forms.RadioSelect)
    categories = forms.MultipleChoiceField(
        label="Categories besides Security",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Security is always in scope. What your answers speak for is ticked.",
    )
    kind = forms.ChoiceField(
        label="Type",
        choices=AuditPeriod.Kind.choices,
        widget=forms.RadioSelect,
        help_text="Type I looks at one day, Type II at a span.",
    )
    starts_on = forms.DateField(label="From", widget=DateInput(), help_text="For Type I the as-of date.")
    ends_on = forms.DateField(
        label="To", required=False, widget=DateInput(), help_text="Left empty, a Type I ends on the day it begins."
    )
    name = forms.CharField(max_length=120, help_text="As people will speak of it.")
    in_scope_since = forms.DateField(
        label="Controls in scope since",
        widget=DateInput(),
        help_text="Nothing is expected before this day. The next working day leaves today for the set-up: what is done "
        "daily is first due then. Choose a day in the past only if the controls have worked since then.",
    )

    def __init__(self, *args: Any, proposal: Proposal, periods: Sequence[AuditPeriod], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.periods = {str(one.pk): one for one in periods}
        fields: dict[str, Any] = self.fields
        fields["categories"].choices = [(value, _with_reason(value, proposal)) for value, _ in OPTIONAL]
        if not periods:
            del fields["period"]
            return
        fields["period"].choices = [*((key, _in_words(one)) for key, one in self.periods.items()), (NEW, "A new period")]
        if self.is_bound and self.data.get("period") in self.periods:
            for name in ("kind", "starts_on", "name"):
                fields[name].required = False

    def clean(self) -> dict[str, Any]:
        """A new period as its own form would have it; the controls begin before the period ends."""
        given = self.cleaned_data
        if self.chosen is None:
            self._check_days(given)
            self._check_name(given)
        ends = self.chosen.ends_on if self.chosen else given.get("ends_on")
        if ends and given.get("in_scope_since") and given["in_scope_since"] > ends:
            self.add_error("in_scope_since", f"The period ends on {spelled(ends)}: no control would count in it.")
        return given

    def _check_days(self, given: dict[str, Any]) -> None:
        begins = given.get("starts_on")
        if given.get("kind") == AuditPeriod.Kind.TYPE_1:
            if begins and given.get("ends_on") not in (None, begins):
                self.add_error("ends_on", "A Type I report is as of one day: leave this empty.")
            given["ends_on"] = begins
        elif not given.get("ends_on"):
            if "ends_on" not in self.errors:
                self.add_error("ends_on", "A Type II period needs an end.")
        elif begins and given["ends_on"] < begins:
            self.add_error("ends_on", "It ends before it begins.")
        elif begins and given["ends_on"] - begins > LONGEST:
            self.add_error("ends_on", "A period is at most two years long.")

    def _check_name(self, given: dict[str, Any]) -> None:
        same = Q(kind=given.get("kind"), starts_on=given.get("starts_on"), ends_on=given.get("ends_on"), status="open")
        if given.get("name") and AuditPeriod.objects.filter(name=given["name"]).exclude(same).exists():
            self.add_error("name", "There is a period of this name already.")

    @property
    def chosen(self) -> AuditPeriod | None:
        """The period that is there, if that is what was chosen."""
        return self.periods.get(self.cleaned_data.get("period", ""))

    @property
    def categories_in_scope(self) -> list[str]:
        """Of the chosen period, or of the new one."""
        if self.chosen:
            return list(self.chosen.categories)
        return [Category.SECURITY.value, *self.cleaned_data["categories"]]

    @property
    def new_period(self) -> dict[str, Any]:
        """The fields of a new period; nothing where one was chosen that is there."""
        if self.chosen:
            return {}
        names = ("name", "kind", "starts_on", "ends_on", "categories")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def since(self) -> dt.date:
        """Since when the controls are in scope."""
        day: dt.date = self.cleaned_data["in_scope_since"]
        return day

    def given(self) -> dict[str, list[str]]:
        """What was said, as it came, to be kept."""
        data: Any = self.data
        return {name: data.getlist(name) for name in self.fields}


def _with_reason(value: str, proposal: Proposal) -> SafeString | str:
    label, reason = Category(value).label, proposal.reasons.get(Category(value))
    return format_html('{} <span class="muted">{}</span>', label, reason) if reason else str(label)


def _in_words(period: AuditPeriod) -> str:
    if period.kind == AuditPeriod.Kind.TYPE_1:
        return f"{period.name} (as of {spelled(period.starts_on)})"
    return f"{period.name} ({spelled(period.starts_on)} to {spelled(period.ends_on)})"


class ControlsForm(OnceForm):
    """Which controls, and who owns those of each role."""

    keys = forms.MultipleChoiceField(
        label="Controls",
        choices=[(key, key) for key in LIBRARY],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one control."},
    )

    def __init__(self, *args: Any, roles: list[tuple[str, int]], roster: Roster, member: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._roles = {f"owner_{number}": role for number, (role, _) in enumerate(roles)}
        self._member = member
        choices = [] if roster.is_long else roster.choices(member)
        for name, (role, count) in zip(self._roles, roles, strict=True):
            help_text = f"{count} control{'' if count == 1 else 's'}"
            if roster.is_long:
                self.fields[name] = forms.EmailField(label=role, required=False, help_text=f"{help_text}; an e-mail address")
            else:
                self.fields[name] = forms.ChoiceField(
                    label=role, required=False, choices=choices, initial=roster.suggested(role), help_text=help_text
                )
        self._by_address = roster.is_long

    def chosen_so_far(self) -> dict[str, list[str]]:
        """Controls and owners as they came, by role, to be kept."""
        data: Any = self.data
        return {"keys": data.getlist("keys"), **{role: data.getlist(name) for name, role in self._roles.items()}}

    def take_up(self, kept: Mapping[str, list[str]]) -> None:
        """Begin with what was chosen before; of the roles, where somebody was."""
        for name, role in self._roles.items():
            if owner := "".join(kept.get(role, [])):
                self.initial[name] = owner

    def owner_fields(self) -> list[Any]:
        """The fields of the owners."""
        return [self[name] for name in self._roles]

    def clean(self) -> dict[str, Any]:
        """Addresses become the people who have them."""
        if self._by_address:
            keys = {name: email_key(self.cleaned_data.get(name, "")) for name in self._roles}
            working = Person.objects.exclude(status=Person.Status.LEFT).filter(email_key__in=set(keys.values()) - {""})
            people = {key: str(pk) for key, pk in working.values_list("email_key", "pk")}
            for name, key in keys.items():
                if key and key not in people:
                    self.add_error(name, "Nobody on the roster has this address.")
                elif key:
                    self.cleaned_data[name] = people[key]
        return self.cleaned_data

    def owners(self) -> dict[str, str]:
        """What was chosen for each role."""
        return {role: self.cleaned_data.get(name, "") for name, role in self._roles.items()}
