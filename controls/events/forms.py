"""Forms of alert rules, and of a look at an alert."""

import uuid
from typing import Any, ClassVar

from django import forms

from accounts.models import Member
from controls.models import Alert, AlertRule
from tenancy.scope import current_tenant_id
from ui.forms import TextArea
from workflow.once import OnceForm


class MembersField(forms.MultipleChoiceField):
    """Members who may look at alerts, by name and e-mail."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[uuid.UUID]:
        """Their ids."""
        return [uuid.UUID(one) for one in super().clean(value)]


class RuleForm(forms.ModelForm):  # type: ignore[type-arg] # generic for the type checker only
    """A rule."""

    recipients = MembersField(required=False, label="Told by mail", help_text="Members whose role may look at alerts.")

    class Meta:
        model = AlertRule
        fields: ClassVar = ["name", "watches", "threshold", "minutes", "by", "recipients"]
        help_texts: ClassVar = {
            "threshold": "1 for an alert about each event; several within the minutes that follow belong to one alert.",
            "minutes": "From 1 to 1,440, which is a day. Within this time after its first event an alert is not raised again.",
            "by": "Events that have this in common are counted together.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who may look."""
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = recipient_choices()  # type: ignore[attr-defined]
        if self.instance.pk and not self.instance._state.adding:  # noqa: SLF001 - Django documents it
            self.initial["recipients"] = [str(one) for one in self.instance.recipients]


def recipient_choices() -> list[tuple[str, str]]:
    """Members in force who may look at alerts."""
    members = Member.objects.active().filter(organization_id=current_tenant_id()).select_related("user")
    return [(str(one.pk), f"{one.name} ({one.email})") for one in members if one.can(Alert.LOOK.permission)]


class NewRuleForm(RuleForm, OnceForm):
    """A new one."""


class LookForm(OnceForm):
    """What was found."""

    note = forms.CharField(
        label="What you found",
        max_length=4000,
        widget=TextArea(rows=4),
        help_text="What happened, whether it was expected, and what was done. It stays with the alert.",
    )
