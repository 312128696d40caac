"""What an organization chooses about its incidents: by when they are acknowledged and reviewed, and its security team."""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.about import LIST, able_members
from incidents.models import IncidentSettings, SecurityTeamMember
from incidents.reporting.events import clean
from incidents.rights import RUN
from incidents.settings import named_team, settings_of_incidents
from tenancy.models import Organization
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused
from ui.screens import FormScreen
from workflow.changes import change, differing

VERB = "incident_settings.edit"
_MINUTES = ("acknowledge_critical", "acknowledge_high", "acknowledge_medium", "acknowledge_low")
MONTH = 31 * 24 * 60


def choose_settings(*, actor: Actor, team: Collection[Member], **fields: Any) -> IncidentSettings:
    """Choose; what is open keeps when it is due. Nothing is done when nothing differs."""
    current = settings_of_incidents()
    same = {one.pk for one in team} == set(SecurityTeamMember.objects.values_list("member", flat=True))
    return current if same and not differing(current, fields) else _choose(actor, team, fields)


@action
def _choose(actor: Actor, team: Collection[Member], fields: dict[str, Any]) -> IncidentSettings:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")
    Organization.objects.select_for_update().get(pk=current_tenant_id())
    current = IncidentSettings.objects.first()
    if current is None:
        current = IncidentSettings()
        clean(current, set(fields))
        current.save(force_insert=True)
        record(VERB, current, actor=actor)
    current = change(current, VERB, actor=actor, fields=fields)
    _name_team(current, team, actor)
    return current


def _name_team(chosen: IncidentSettings, team: Collection[Member], actor: Actor) -> None:
    """Make the security team these."""
    rows = {row.member_id: row for row in SecurityTeamMember.objects.select_related("member__user")}
    wanted = {one.pk: one for one in team}
    if rows.keys() == wanted.keys():
        return
    before = sorted(row.member.name for row in rows.values())
    for key, row in rows.items():
        if key not in wanted:
            row.delete()
    SecurityTeamMember.objects.bulk_create([SecurityTeamMember(member=one) for key, one in wanted.items() if key not in rows])
    after = sorted(one.name for one in wanted.values())
    record(VERB, chosen, actor=actor, before={"security_team": before}, after={"security_team": after})


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What is chosen."""

    team = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label="Security team",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=(
            "Told of every report and every incident, and sees confidential reports. Where nobody is named, whoever may run "
            "incidents is told, and confidential reports are seen by administrators only."
        ),
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Who is told", ("team",)),
        ("Minutes until an incident is to be acknowledged", _MINUTES),
        ("Afterwards", ("review_days",)),
    )

    class Meta:
        model = IncidentSettings
        fields: ClassVar = [*_MINUTES, "review_days"]
        labels: ClassVar = {
            "acknowledge_critical": "Critical",
            "acknowledge_high": "High",
            "acknowledge_medium": "Medium",
            "acknowledge_low": "Low",
            "review_days": "Business days to the review",
        }
        help_texts: ClassVar = {
            "acknowledge_medium": "A day has 1,440 minutes.",
            "review_days": "From 1 to 60, counted from the day a critical or high incident was resolved.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the limits, and those who may work on incidents."""
        super().__init__(*args, **kwargs)
        for name, most in (*((one, MONTH) for one in _MINUTES), ("review_days", 60)):
            made: Any = self.fields[name]
            self.fields[name] = forms.IntegerField(
                min_value=1, max_value=most, label=made.label, help_text=made.help_text, initial=made.initial
            )
        self.fields["team"].queryset = able_members()  # type: ignore[attr-defined]
        self.fields["team"].label_from_instance = lambda one: f"{one.name} ({one.email})"  # type: ignore[attr-defined]
        self.initial.setdefault("team", [one.pk for one in named_team()])

    def _post_clean(self) -> None:
        """The action judges and saves: the instance stays as it is."""


class SettingsScreen(FormScreen):
    """Who is told, and by when what is to be done."""

    permission = RUN
    form_class = SettingsForm
    title = "Incident settings"
    breadcrumbs = (LIST,)
    explain = "Incidents that are open already keep when they are due."
    success_message = "The settings were saved."

    def load(self) -> None:
        """The organization's row, or the defaults."""
        self.object = settings_of_incidents()

    def act(self, form: SettingsForm) -> str:
        """Choose."""
        choose_settings(actor=self.request.member, **form.cleaned_data)
        return "incidents:settings"
