"""The forms of clocks, of the rules behind them and of holidays."""

from typing import Any, ClassVar

from django import forms

from incidents.clocks.deciding import MOMENTS
from incidents.clocks.holidays import countries, this_year
from incidents.models import IncidentImpact, Kind, NotificationRule, Trigger, Unit
from incidents.models.clock import Data
from ui.forms import DateInput, DropInput, FilesField, TextArea, needed_when
from ui.moments import LocalMomentField, name_zone
from workflow.once import OnceForm, OnceReasonForm

_NONE = [("", "None")]


class MomentForm(OnceReasonForm):
    """From when on the time of a duty runs."""

    what = forms.ChoiceField(label="What", choices=MOMENTS)
    at = LocalMomentField(label="When", required=False, help_text="Left empty: not determined.")
    field_order = ("what", "at", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "On what grounds"
        self.fields["reason"].max_length = 1_000  # type: ignore[attr-defined]
        name_zone(self, "at")


class ImpactForm(OnceForm):
    """Whose data are affected."""

    customer = forms.ChoiceField(label="Customer data", choices=IncidentImpact.Answer, widget=forms.RadioSelect)
    personal = forms.ChoiceField(label="Personal data", choices=IncidentImpact.Answer, widget=forms.RadioSelect)
    health = forms.ChoiceField(label="Health data", choices=IncidentImpact.Answer, widget=forms.RadioSelect)
    reason = forms.CharField(label="How that is known", required=False, max_length=1_000, widget=TextArea(rows=2))


class DecideForm(OnceForm):
    """Whether somebody is notified."""

    notify = forms.TypedChoiceField(
        label="Decision",
        choices=[("yes", "Notify them"), ("no", "Do not notify them")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = needed_when(
        forms.CharField(
            label="Why", required=False, max_length=5_000, widget=TextArea(rows=3), help_text="Needed for a decision against it."
        ),
        "notify",
        "no",
        says="needed for a decision against it",
    )

    def clean(self) -> dict[str, Any]:
        """A decision against it has a reason."""
        given = super().clean() or self.cleaned_data
        if given.get("notify") is False and not given.get("reason", "").strip():
            self.add_error("reason", "Give a reason: an auditor will ask for it.")
        return given


class NotifiedForm(OnceForm):
    """When the notice went out, to whom, and what proves it."""

    whom = forms.CharField(
        label="Whom, and how", max_length=300, help_text="Such as: the authority, through its form, case 4711."
    )
    at = LocalMomentField(label="When", required=False, help_text="Left empty: now.")
    files = FilesField(  # type: ignore[assignment] # it is a field
        label="Proof", required=False, widget=DropInput(hint="The notice as it was sent, or its receipt; kept as evidence.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_zone(self, "at")


class RuleForm(OnceForm):
    """A duty to notify."""

    name = forms.CharField(max_length=120)
    recipient = forms.CharField(label="Who is to be notified", max_length=200)
    basis = forms.CharField(label="Basis", max_length=300, required=False, help_text="A contract, a law, an article.")
    advice = forms.CharField(label="Advice", max_length=5_000, required=False, widget=TextArea(rows=3))
    trigger = forms.ChoiceField(label="The time runs from", choices=Trigger)
    amount = forms.IntegerField(label="Time allowed", min_value=1, max_value=9_999)
    unit = forms.ChoiceField(label="Counted in", choices=Unit)
    follows = forms.ModelChoiceField(
        NotificationRule.objects.none(),
        label="After which notice",
        required=False,
        empty_label="None",
        help_text="Only where it runs from a notice.",
    )
    cap_trigger = forms.ChoiceField(label="At the latest, from", required=False, choices=[*_NONE, *Trigger.choices[:4]])
    cap_amount = forms.IntegerField(label="Time allowed from then", required=False, min_value=1, max_value=9_999)
    cap_unit = forms.ChoiceField(label="Counted in", required=False, choices=[*_NONE, *Unit.choices])
    kinds = forms.MultipleChoiceField(label="Kinds of incidents", choices=Kind, widget=forms.CheckboxSelectMultiple)
    data = forms.ChoiceField(  # type: ignore[assignment] # it is a field
        label="Data it is about",
        choices=Data,
        help_text="Of other kinds it runs once such data are known to be affected, and of these unless they are known not to be.",
    )

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The duty", ("name", "recipient", "basis", "advice")),
        ("The time", ("trigger", "amount", "unit", "follows")),
        ("A limit beside it", ("cap_trigger", "cap_amount", "cap_unit")),
        ("When it applies", ("kinds", "data")),
    )

    def __init__(self, *args: Any, rule: NotificationRule | None = None, **kwargs: Any) -> None:
        """Offer the other rules as the notice before it."""
        super().__init__(*args, **kwargs)
        others = NotificationRule.objects.exclude(pk=rule.pk) if rule else NotificationRule.objects.all()
        self.fields["follows"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A limit is whole, and what follows a notice says which."""
        given = super().clean() or self.cleaned_data
        if (given.get("trigger") == Trigger.NOTICE) != bool(given.get("follows")):
            self.add_error("follows", "Choose the notice that it runs from, and only for one that runs from a notice.")
        limit = [given.get(name) for name in ("cap_trigger", "cap_amount", "cap_unit")]
        if any(limit) and not all(limit):
            self.add_error("cap_trigger", "A limit needs all three: from when, how much, counted in what.")
        return given


class ConfirmForm(OnceForm):
    """Who of counsel confirmed it."""

    counsel = forms.CharField(label="Who confirmed it", max_length=200, help_text="A lawyer or a firm.")
    on = forms.DateField(label="When", widget=DateInput)


class OffForm(OnceForm):
    """Why a rule is turned off."""

    reason = forms.CharField(label="Why", required=False, max_length=2_000, widget=TextArea(rows=2))


class HolidayForm(OnceForm):
    """A day without business."""

    day = forms.DateField(label="Day", widget=DateInput)
    name = forms.CharField(label="What day it is", max_length=120)


class CountryForm(OnceForm):
    """A country's public holidays of a year."""

    country = forms.ChoiceField(label="Country")
    part = forms.CharField(
        label="Part of it",
        required=False,
        max_length=10,
        help_text="Its code, such as BE for Berlin in Germany, or CA in the US.",
    )
    year = forms.IntegerField(label="Year", min_value=2000, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "Choose"), *((one.code, one.name) for one in countries().values())]  # type: ignore[attr-defined]
        self.fields["year"].initial = this_year()
