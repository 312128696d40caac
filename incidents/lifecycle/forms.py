"""Forms about what happens to an incident."""

from typing import Any, ClassVar

from django import forms

from accounts.models import Member
from incidents.about import able_members, systems_in_use
from incidents.models import Incident, IncidentTime, Severity
from incidents.models.incident import PENDING
from incidents.reporting.forms import IncidentField
from incidents.rights import visible_to
from inventory.models import System
from ui.forms import NOTHING, TextArea, needed_when
from ui.moments import LocalMomentField, keep_untouched, name_zone
from workflow.absences.forms import MemberField
from workflow.once import OnceForm
from workflow.seen import SeenForm

LONGEST = 20_000


def words(label: str, *, required: bool = True, rows: int = 3, help_text: str = "", longest: int = 5_000) -> forms.CharField:
    """A text of some lines."""
    return forms.CharField(
        label=label, required=required, max_length=longest, widget=TextArea(rows=rows), help_text=help_text, strip=True
    )


class WhenForm(OnceForm):
    """With a moment, now if none is given."""

    at = LocalMomentField(label="When", required=False, help_text="Left empty: now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say which zone it is."""
        super().__init__(*args, **kwargs)
        name_zone(self, "at")


class ContainForm(WhenForm):
    """It does no more harm."""

    note = words("How", required=False, help_text="What stops the harm, such as the account that was locked.")
    field_order = ("note", "at")


class ResolveForm(WhenForm):
    """It is put right."""

    resolution = words("How it was resolved", rows=4, longest=LONGEST)
    root_cause = words(
        "Root cause",
        required=False,
        rows=4,
        longest=LONGEST,
        help_text="Why it could happen. Needed to close a critical or high one.",
    )
    field_order = ("resolution", "root_cause", "at")


class CloseForm(OnceForm):
    """Why it is closed although a notice is open."""

    reason = words("Why it is closed all the same", required=False, help_text="Needed while a notice is undecided or unsent.")

    def __init__(self, *args: Any, held: bool = True, **kwargs: Any) -> None:
        """Ask where something holds it open."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].one_of = held  # type: ignore[attr-defined] # not "optional" then; the action has the last word
        if not held:
            self.fields["reason"].label, self.fields["reason"].help_text = "What is to be said of it", ""


class DismissForm(OnceForm):
    """Why it is none, or which it is."""

    reason = words("Why it is no incident", required=False, help_text="Not needed where it is the same as another one.")
    duplicate_of = IncidentField(
        Incident.objects.none(),
        label="The same as",
        required=False,
        empty_label="None",
        help_text="What was reported is handed over to that one, and both are linked.",
    )

    def __init__(self, *args: Any, member: Any = None, **kwargs: Any) -> None:
        """Offer those the member may see and that go on."""
        super().__init__(*args, **kwargs)
        self.fields["duplicate_of"].one_of = True  # type: ignore[attr-defined] # one of both is needed
        needed_when(self.fields["reason"], "duplicate_of", NOTHING, says="needed unless it is the same as another one")
        if member is not None:
            self.fields["duplicate_of"].queryset = visible_to(member).filter(status__in=PENDING)  # type: ignore[attr-defined]


class ReopenForm(OnceForm):
    """Why it is opened again."""

    reason = words("Why it is opened again")


class SeverityForm(OnceForm):
    """How grave it is."""

    severity = forms.ChoiceField(choices=Severity)
    reason = words("Why", help_text="An auditor may ask.")


class PeopleForm(SeenForm, OnceForm):
    """Who is on it."""

    assigned_to = MemberField(Member.objects.none(), label="Assigned to", required=False, empty_label="Nobody")
    commander = MemberField(
        Member.objects.none(), label="Commander", required=False, empty_label="Nobody", help_text="Decides while it goes on."
    )
    scribe = MemberField(
        Member.objects.none(), label="Scribe", required=False, empty_label="Nobody", help_text="Writes the timeline."
    )
    team = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label="Team",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="May work on it. While it is confidential only these, and those named above, see it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who may work on incidents."""
        super().__init__(*args, **kwargs)
        able = able_members()
        for name in ("assigned_to", "commander", "scribe", "team"):
            self.fields[name].queryset = able  # type: ignore[attr-defined]
        self.fields["team"].label_from_instance = lambda one: f"{one.name} ({one.email})"  # type: ignore[attr-defined]


class TimeForm(OnceForm):
    """When something was, or really was."""

    what = forms.ChoiceField(label="Which time", choices=IncidentTime.What)
    at = LocalMomentField(label="When it was", required=False, help_text="Left empty: it is not known.")
    reason = words(
        "Why it is corrected",
        required=False,
        rows=2,
        help_text="Needed where a time is recorded already. What was recorded before stays beside it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say which zone it is."""
        super().__init__(*args, **kwargs)
        name_zone(self, "at")
        for name in ("at", "reason"):  # needed or not as the help says: neither is "optional"
            self.fields[name].one_of = True  # type: ignore[attr-defined] # what the field's template asks for

    def clean(self) -> dict[str, Any]:
        """What was not touched keeps its seconds."""
        keep_untouched(self, "at")
        return self.cleaned_data


class ConfideForm(OnceForm):
    """Why it is made confidential, or is so no more."""

    reason = words("Why")


class IncidentForm(SeenForm, forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What is written of an incident."""

    systems = forms.ModelMultipleChoiceField(
        System.objects.none(), required=False, label="Systems affected", widget=forms.CheckboxSelectMultiple
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What happened", ("title", "kind", "description", "detected_by")),
        ("What is affected", ("systems", "data_affected")),
        ("Why, and how it was put right", ("root_cause", "resolution")),
    )

    class Meta:
        model = Incident
        fields: ClassVar = ["title", "kind", "description", "detected_by", "data_affected", "root_cause", "resolution"]
        widgets: ClassVar = {
            "description": TextArea(rows=6),
            "data_affected": TextArea(rows=3),
            "root_cause": TextArea(rows=4),
            "resolution": TextArea(rows=4),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the systems in use, and those it has."""
        super().__init__(*args, **kwargs)
        had = System.objects.filter(incidents__incident=self.instance.pk) if self.instance.pk else System.objects.none()
        offered = System.objects.filter(
            pk__in=[*systems_in_use().values_list("pk", flat=True), *had.values_list("pk", flat=True)]
        )
        self.fields["systems"].queryset = offered.order_by("name")  # type: ignore[attr-defined]
        self.initial.setdefault("systems", [system.pk for system in had])

    def _post_clean(self) -> None:
        """The action judges and saves: the instance stays as it is."""
