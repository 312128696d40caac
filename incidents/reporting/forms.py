"""The forms of what is reported, and of evaluating it."""

from typing import Any

from django import forms

from incidents.about import systems_in_use
from incidents.lifecycle.responding import responder
from incidents.models import Incident, IncidentImpact, Kind, Severity
from incidents.models.incident import PENDING
from incidents.models.severity import NOT_STATED_WORDS
from incidents.rights import visible_to
from incidents.settings import named_team
from inventory.models import System
from tenancy.scope import now
from ui.forms import TextArea
from ui.moments import LocalMomentField, keep_untouched, name_zone
from workflow.once import OnceForm

LONGEST = 20_000
IMPACT = ("customer", "personal", "health")
DUTIES = "Whose data: duties to notify, and their time, follow from it"
GRAVE = (
    ("", "I do not know"),
    ("critical", "Critical: customers cannot work, or data got out"),
    ("high", "High: something important is broken or exposed"),
    ("medium", "Medium: a part is affected, or it may become worse"),
    ("low", "Low: it can wait"),
)
CONFIDENTIAL_HELP = "Only the security team and administrators see it, besides yourself. Such as for what is about a person."


class ReportForm(OnceForm):
    """What somebody noticed. Only the first line is needed."""

    title = forms.CharField(
        label="What did you notice?",
        max_length=200,
        widget=forms.TextInput({"autofocus": True}),
        help_text="A sentence, such as “A customer sees somebody else's invoices”.",
    )
    description = forms.CharField(
        label="More, if you know it", required=False, max_length=LONGEST, widget=TextArea(rows=4), strip=True
    )
    system = forms.ModelChoiceField(System.objects.none(), label="Where", required=False, empty_label="I do not know")
    severity = forms.ChoiceField(label="How grave does it look?", choices=GRAVE, required=False)
    occurred_at = LocalMomentField(label="Since when", required=False, help_text="Left empty: not known.")
    confidential = forms.BooleanField(label="Keep it confidential", required=False, help_text=CONFIDENTIAL_HELP)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the systems in use, and say who sees what is confidential."""
        super().__init__(*args, **kwargs)
        self.fields["confidential"].help_text = f"{who_sees()} Such as for what is about a person."
        self.fields["system"].queryset = systems_in_use()  # type: ignore[attr-defined]
        name_zone(self, "occurred_at")

    def facts(self) -> dict[str, Any]:
        """As report_event takes them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


def who_sees() -> str:
    """Who sees a confidential report: those named as the security team, if anybody is."""
    team = ", ".join(member.name for member in named_team())
    if not team:
        return "Only administrators see it, besides yourself: nobody is named as the security team."
    return f"Only the security team ({team}) and administrators see it, besides yourself."


class RuleOutForm(OnceForm):
    """Why it is no incident."""

    reason = forms.CharField(
        label="Why it is no incident",
        max_length=5_000,
        widget=TextArea(rows=3),
        help_text="Whoever reported it is told, and an auditor may ask.",
    )


class AgainForm(OnceForm):
    """Why it is evaluated again."""

    reason = forms.CharField(label="Why it is evaluated again", max_length=2_000, widget=TextArea(rows=3))


class IncidentField(forms.ModelChoiceField):  # type: ignore[type-arg] # generic for the type checker only
    """An incident by number and title."""

    def label_from_instance(self, obj: Any) -> str:
        """What it is about."""
        return f"{obj.reference}: {obj.title}"


class JoinForm(OnceForm):
    """Which incident it is part of."""

    incident = IncidentField(
        Incident.objects.none(),
        label="Incident",
        empty_label="Choose an incident",
        help_text="Those that are not over. An older one is opened again first.",
    )

    def __init__(self, *args: Any, member: Any = None, **kwargs: Any) -> None:
        """Offer those the member may see and that go on."""
        super().__init__(*args, **kwargs)
        if member is not None:
            self.fields["incident"].queryset = visible_to(member).filter(status__in=PENDING)  # type: ignore[attr-defined]


def answer(label: str) -> forms.ChoiceField:
    """Whether such data are affected, as far as that is known."""
    unknown = IncidentImpact.Answer.UNKNOWN
    choices = IncidentImpact.Answer.choices
    field = forms.ChoiceField(label=label, choices=choices, initial=unknown, required=False, widget=forms.RadioSelect)
    field.one_of = True  # type: ignore[attr-defined] # one is always chosen
    return field


class OpenForm(OnceForm):
    """A new incident."""

    title = forms.CharField(max_length=200, widget=forms.TextInput({"autofocus": True}))
    kind = forms.ChoiceField(choices=Kind, initial=Kind.SECURITY)
    severity = forms.ChoiceField(
        choices=[("", NOT_STATED_WORDS), *Severity.choices],
        required=False,
        help_text="A critical one is with whoever is on call at once; a high one too needs a review before it is closed.",
    )
    description = forms.CharField(label="What happened", required=False, max_length=LONGEST, widget=TextArea(rows=4), strip=True)
    systems = forms.ModelMultipleChoiceField(
        System.objects.none(), required=False, label="Systems affected", widget=forms.CheckboxSelectMultiple
    )
    data_affected = forms.CharField(
        label="Which data are affected", required=False, max_length=10_000, widget=TextArea(rows=2), strip=True
    )
    customer = answer("Customer data")
    personal = answer("Personal data")
    health = answer("Health data")
    occurred_at = LocalMomentField(label="Occurred", required=False, help_text="When it began, if that is known.")
    detected_at = LocalMomentField(label="Detected", required=False, help_text="Left empty: when it was reported.")
    detected_by = forms.CharField(label="Detected by", required=False, max_length=200, help_text="A person, a tool, a customer.")
    confidential = forms.BooleanField(
        required=False, help_text="Only its team and those who may see all confidential incidents see it, wherever they look."
    )
    fieldsets = (
        ("What it is", ("title", "kind", "severity", "description", "confidential")),
        ("What is affected", ("systems", "data_affected")),
        (DUTIES, IMPACT),
        ("When", ("occurred_at", "detected_at", "detected_by")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the systems in use."""
        super().__init__(*args, **kwargs)
        self.fields["systems"].queryset = systems_in_use()  # type: ignore[attr-defined]
        name_zone(self, "occurred_at", "detected_at")
        if not self.is_bound:
            self._name_who_answers()

    def _name_who_answers(self) -> None:
        """Who has a critical one, by name; asked for where the form is shown, not where it is sent."""
        member = responder(now())
        if member is not None:
            self.fields["severity"].help_text = (
                f"A critical one is with {member.name} at once, and the security team is told; "
                "a high one too needs a review before it is closed."
            )

    def clean(self) -> dict[str, Any]:
        """What was not touched keeps its seconds."""
        keep_untouched(self, "occurred_at", "detected_at")
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """As open_incident takes them."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"once", *IMPACT}}
        impact = {name: self.cleaned_data[name] or IncidentImpact.Answer.UNKNOWN for name in IMPACT}
        return {**given, "impact": impact}
