"""Forms about gap analyses."""

from django import forms

from controls.models import AuditPeriod
from workflow.once import OnceForm


class RunForm(OnceForm):
    """Which period is analysed."""

    period = forms.ModelChoiceField(AuditPeriod.objects.all(), label="Audit period", empty_label=None)
