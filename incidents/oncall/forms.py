"""Forms about who is on call and whom an alarm reaches."""

import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from accounts.factors import FactorFormMixin
from accounts.models import Member
from incidents.about import able_members
from incidents.models import AlertChannel, Kind, OnCallSchedule, Severity
from incidents.models.oncall import OnCallRotation, Unit
from incidents.oncall.stretches import NAMES, stretches
from incidents.oncall.targets import WORDS
from tenancy.scope import now
from ui.forms import DateInput, TextArea
from ui.moments import LocalMomentField, name_zone
from workflow.absences.forms import MemberField
from workflow.once import OnceForm

SPARE, FEWEST = 2, 4  # empty places that a rotation's form shows, and how many it shows at least


class OrderedSelects(forms.SelectMultiple):
    """One choice after the other, each in a list of its own: their order is what counts."""

    template_name = "incidents/ordered_selects.html"
    use_fieldset = True

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """A list for each that is chosen, and some to spare."""
        context = super().get_context(name, [], attrs)
        chosen = [str(getattr(one, "pk", one)) for one in value or ()]
        offered = [(str(key), label) for key, label in self.choices]
        slots = [*chosen, *[""] * max(SPARE, FEWEST - len(chosen))]
        context["widget"]["slots"] = [
            {"number": number, "options": [(key, label, key == slot) for key, label in offered]}
            for number, slot in enumerate(slots, start=1)
        ]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What was chosen, without the empty places."""
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [one for one in given if one]


class OrderedMembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """Members in an order; the same one may come more than once. Cleans to a list."""

    widget = OrderedSelects

    def clean(self, value: Any) -> Any:
        """The members as given. Raises ValidationError."""
        found = {str(member.pk): member for member in super().clean(value)}
        return [found[str(getattr(one, "pk", one))] for one in value or ()]

    def label_from_instance(self, obj: Any) -> str:
        """Name and e-mail: names are not unique."""
        return f"{obj.name} ({obj.email})"


def zones() -> list[tuple[str, str]]:
    """Zones of the world, by name."""
    known = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone or zone == "UTC")
    return [(zone, zone.replace("_", " ")) for zone in known if not zone.startswith(("Etc/", "SystemV/", "posix/", "right/"))]


class ScheduleForm(OnceForm):
    """A schedule and its rotation."""

    name = forms.CharField(max_length=120, help_text="Such as Platform, or Security.")
    members = OrderedMembersField(Member.objects.none(), label="Who, one after the other")
    every = forms.IntegerField(label="Hands over every", min_value=1, max_value=366, initial=1)
    unit = forms.ChoiceField(label="Days or weeks", choices=Unit.choices, initial=Unit.WEEK)
    starts_on = forms.DateField(
        label="First hand-over", widget=DateInput(), help_text="By weeks, its weekday is that of every hand-over."
    )
    hands_over_at = forms.TimeField(
        label="At",
        initial="09:00",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Local time of the zone.",
    )
    zone = forms.ChoiceField(choices=zones)
    fallback = MemberField(
        queryset=Member.objects.none(),
        help_text="Is told when nobody is on call, or who is has left or is away. Never nobody.",
    )
    is_default = forms.BooleanField(label="Critical incidents go by this schedule", required=False)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("The schedule", ("name", "fallback", "is_default")),
        ("Who and when", ("members", "every", "unit", "starts_on", "hands_over_at", "zone")),
    )

    def __init__(self, *args: Any, schedule: OnCallSchedule | None = None, **kwargs: Any) -> None:
        """Offer who may work on incidents."""
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = able_members()  # type: ignore[attr-defined]
        self.fields["fallback"].queryset = able_members()  # type: ignore[attr-defined]
        if schedule is not None and schedule.is_default:
            self.fields["is_default"].disabled = True
            self.fields["is_default"].help_text = "Make another one the default to change this."

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class TakeOverForm(OnceForm):
    """Somebody on call for a while."""

    member = MemberField(
        queryset=Member.objects.none(), required=False, label="Who", empty_label="Myself", help_text="They are told by mail."
    )
    stretch = forms.ChoiceField(label="For how long", choices=NAMES, required=False, widget=forms.RadioSelect)
    starts_at = LocalMomentField(label="From", required=False)
    ends_at = LocalMomentField(label="Until", ends=True, required=False)
    reason = forms.CharField(label="Why", required=False, max_length=300, help_text="Such as a swap with somebody.")

    def __init__(self, *args: Any, rotation: OnCallRotation, for_others: bool = True, **kwargs: Any) -> None:
        """Offer others to those who run the schedules, and weeks as the rotation hands them over."""
        super().__init__(*args, **kwargs)
        if for_others:
            self.fields["member"].queryset = able_members()  # type: ignore[attr-defined]
        else:
            del self.fields["member"]
        weekday = rotation.starts_on.weekday() if rotation.unit == Unit.WEEK else 0
        self.stretches = stretches(now(), weekday, rotation.hands_over_at)
        dated = {key: one.label for key, one in self.stretches.items()}
        self.fields["stretch"].choices = [(key, dated.get(key, name)) for key, name in NAMES]  # type: ignore[attr-defined]
        for name in {"member", "stretch", "starts_at", "ends_at"} & self.fields.keys():
            self.fields[name].one_of = True  # type: ignore[attr-defined] # one or the other is needed
        name_zone(self, "starts_at", "ends_at")

    def clean(self) -> dict[str, Any]:
        """It ends after it begins."""
        super().clean()
        if chosen := self.stretches.get(self.cleaned_data.pop("stretch", "")):
            self.cleaned_data |= {"starts_at": chosen.starts_at, "ends_at": chosen.ends_at}
        for name in ("starts_at", "ends_at"):
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, "Give a time, or choose a while above.")
        starts, ends = self.cleaned_data.get("starts_at"), self.cleaned_data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", "It ends before it begins.")
        return self.cleaned_data


class PolicyForm(OnceForm):
    """Which incidents, and how often it begins again."""

    name = forms.CharField(max_length=120, help_text="Such as Outages at night.")
    severities = forms.MultipleChoiceField(choices=Severity.choices, widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(
        choices=Kind.choices, required=False, widget=forms.CheckboxSelectMultiple, help_text="None chosen: every kind."
    )
    repeats = forms.IntegerField(
        label="Begins again", min_value=0, max_value=10, initial=2, help_text="So many times, while nobody acknowledges."
    )

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class StepForm(OnceForm):
    """Whom a step tells, and how long it waits."""

    targets = forms.MultipleChoiceField(label="Tells", widget=forms.CheckboxSelectMultiple)
    minutes = forms.IntegerField(
        label="Then waits",
        min_value=1,
        max_value=1440,
        initial=10,
        help_text="Minutes until the next step, unless somebody acknowledges.",
    )
    place = forms.IntegerField(label="Place", required=False, min_value=1, max_value=10, help_text="Left empty: the last.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer schedules, channels and people."""
        super().__init__(*args, **kwargs)
        self.fields["targets"].choices = target_choices()  # type: ignore[attr-defined]

    def clean_place(self) -> int:
        """0 for the end."""
        return int(self.cleaned_data.get("place") or 0)


def target_choices() -> list[Any]:
    """Whom a step may tell, in groups."""
    schedules = OnCallSchedule.objects.filter(status=OnCallSchedule.Status.ACTIVE)
    channels = AlertChannel.objects.filter(status=AlertChannel.Status.ACTIVE)
    groups = [
        ("By role", [*WORDS.items(), *[(f"schedule:{one.pk}", f"Whoever is on call for {one.name}") for one in schedules]]),
        ("Channels", [(f"channel:{one.pk}", f"{one.name} ({one.get_kind_display()})") for one in channels]),
        ("People", [(f"member:{one.pk}", f"{one.name} ({one.email})") for one in able_members()]),
    ]
    return [(name, offered) for name, offered in groups if offered]


class AddressesField(forms.CharField):
    """E-mail addresses, one a line; cleans to a list."""

    widget = TextArea(rows=3)

    def prepare_value(self, value: Any) -> Any:
        """Lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        """The addresses, each once. Raises ValidationError."""
        if isinstance(value, list | tuple):
            value = "\n".join(map(str, value))
        lines = [line.strip() for line in str(super().clean(value)).replace(",", "\n").splitlines() if line.strip()]
        one = forms.EmailField()
        for line in lines:
            try:
                one.clean(line)
            except ValidationError:
                raise ValidationError(f"{line[:80]} is no e-mail address.") from None
        return list(dict.fromkeys(lines))


class ChannelEditForm(OnceForm):
    """Its name, and where it leads."""

    name = forms.CharField(max_length=120, help_text="Such as Operations, or #incidents.")
    addresses = AddressesField(required=False, help_text="Of an e-mail list: one a line.")
    url = forms.CharField(
        label="Address of the webhook",
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text="Begins with https://. It is kept sealed; with Slack, whoever knows it can post.",
    )

    def __init__(self, *args: Any, channel: AlertChannel | None = None, **kwargs: Any) -> None:
        """Ask for what its kind needs."""
        super().__init__(*args, **kwargs)
        if channel is not None:
            del self.fields["addresses" if channel.is_webhook else "url"]
        if channel is not None and channel.is_webhook:
            self.fields["url"].help_text = f"Leads to {channel.host} now. Left empty, it stays."

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class ChannelForm(ChannelEditForm):
    """A new one."""

    kind = forms.ChoiceField(choices=AlertChannel.Kind.choices)
    field_order = ("name", "kind", "addresses", "url")


class NewSecretForm(FactorFormMixin):
    """A new secret, made here."""


class AlertSettingsForm(forms.Form):
    """How grave an alert opens an incident by itself."""

    opens = forms.MultipleChoiceField(
        label="Open an incident for alerts that are",
        choices=Severity.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Others become security events, which somebody evaluates.",
    )
