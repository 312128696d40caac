"""What an organization chooses about its changes."""

from typing import Any, ClassVar

from django import forms

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.approving.choices import chosen
from changes.drafting.about import LIST
from changes.drafting.actions import clean
from changes.models import ChangeSettings
from tenancy.models import Organization
from tenancy.scope import current_tenant_id
from ui.refusals import ActionRefused
from ui.screens import FormScreen
from workflow.changes import change, differing

RULES = "change_rules.write"


def choose_settings(*, actor: Actor, **fields: Any) -> ChangeSettings:
    """Choose; open changes keep what held when they were submitted. Nothing is done when nothing differs."""
    current = chosen()
    return _choose(actor, fields) if differing(current, fields) else current


@action
def _choose(actor: Actor, fields: dict[str, Any]) -> ChangeSettings:
    if not actor.can(RULES):
        raise ActionRefused("Your role does not allow this.")
    Organization.objects.select_for_update().get(pk=current_tenant_id())
    current = ChangeSettings.objects.first()
    if current is not None:
        return change(current, "change_settings.edit", actor=actor, fields=fields)
    made = ChangeSettings(**fields)
    before = {name: getattr(ChangeSettings(), name) for name in fields}
    clean(made, set(fields))
    made.save(force_insert=True)
    record("change_settings.edit", made, actor=actor, before=before, after=fields)
    return made


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """What is chosen."""

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Who does what", ("separate_implementer", "separate_verifier")),
        ("How long", ("approval_days", "review_days")),
    )

    class Meta:
        model = ChangeSettings
        fields: ClassVar = ["separate_implementer", "separate_verifier", "approval_days", "review_days"]
        labels: ClassVar = {
            "separate_implementer": "Who approves a change does not carry it out",
            "separate_verifier": "Who carries out a change does not review it",
        }
        help_texts: ClassVar = {
            "separate_implementer": "For an emergency it is always so.",
            "approval_days": "From 1 to 365. An approval that was not used by then has to be given again.",
            "review_days": "From 1 to 60, counted from the day it was carried out.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the limits that the database holds as well."""
        super().__init__(*args, **kwargs)
        for name, most in (("approval_days", 365), ("review_days", 60)):
            made: Any = self.fields[name]
            self.fields[name] = forms.IntegerField(
                min_value=1, max_value=most, label=made.label, help_text=made.help_text, initial=made.initial
            )

    def _post_clean(self) -> None:
        """The action judges and saves: the instance stays as it is."""


class SettingsScreen(FormScreen):
    """Who may not do both, and how long approvals and reviews take."""

    permission = RULES
    form_class = SettingsForm
    title = "Settings of changes"
    breadcrumbs = (LIST,)
    explain = "Changes that are submitted already keep what held when they were submitted."
    success_message = "The settings were saved."

    def load(self) -> None:
        """The organization's row, or the defaults."""
        self.object = chosen()

    def act(self, form: SettingsForm) -> str:
        """Choose."""
        choose_settings(actor=self.request.member, **form.cleaned_data)
        return "changes:settings"
