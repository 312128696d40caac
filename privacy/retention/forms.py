"""Forms about schedules and legal holds."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from controls.models import Control
from privacy.models import LegalHold, RetentionSchedule
from privacy.retention.holding import kinds
from privacy.screens import RecordForm
from ui.forms import DateInput, TextArea
from workflow.retention import disposables


class ScheduleForm(RecordForm):
    """How long data stays, and why."""

    kind = forms.ChoiceField(
        label="Data of the product",
        required=False,
        help_text="What Plumbline itself keeps and may delete. Leave it empty for data elsewhere.",
    )
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What", ("name", "kind", "owner")),
        ("How long, and why", ("days", "counted_from", "reason", "method")),
        ("Deleted by Plumbline", ("automatic",)),
        ("Deleted elsewhere", ("system", "control", "report_days")),
    )

    class Meta:
        model = RetentionSchedule
        fields: ClassVar = [
            "name", "kind", "days", "counted_from", "reason", "method", "automatic", "system", "control", "report_days", "owner",
        ]  # fmt: skip
        widgets: ClassVar = {"reason": TextArea(rows=3)}
        help_texts: ClassVar = {
            "counted_from": "Such as the day it was sent, the end of the contract.",
            "automatic": "Every night, with a certificate. Only what Plumbline itself keeps.",
            "control": "Other systems log their deletions as control events of it, and name this schedule's number.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of data that may be deleted, and controls in use."""
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["kind"]
        chosen.choices = [("", "Data elsewhere"), *((key, one.label) for key, one in disposables().items())]
        controls: Any = self.fields["control"]
        of: Any = self.instance
        controls.queryset = Control.objects.filter(~Q(status=Control.Status.RETIRED) | Q(pk=of.control_id)).order_by("code")
        controls.empty_label = "None named"


class HoldForm(RecordForm):
    """What must stay, and why."""

    kinds = forms.MultipleChoiceField(
        label="Of which data",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: all of it.",
    )

    class Meta:
        model = LegalHold
        fields: ClassVar = ["matter", "reason", "kinds", "about", "since", "until"]
        widgets: ClassVar = {"reason": TextArea(rows=3), "since": DateInput(), "until": DateInput()}
        help_texts: ClassVar = {
            "about": "An e-mail address, or the name of a customer. Empty: everybody's. What does not say whose it is stays too.",
            "since": "Empty: from the beginning.",
            "until": "Empty: what is still to come, too.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer what there is."""
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["kinds"]
        chosen.choices = kinds()
