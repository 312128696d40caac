"""Forms about customers who left."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from privacy.models import CustomerStep, DataSet, EndedCustomer, InUse
from privacy.models.customers import MOST_RECORDS
from privacy.screens import RecordForm
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm


class CaseForm(RecordForm):
    """Who left, when, and by when their data is returned or destroyed."""

    class Meta:
        model = EndedCustomer
        fields: ClassVar = ["name", "ended_on", "due_on", "agreed", "owner"]
        widgets: ClassVar = {"ended_on": DateInput(), "due_on": DateInput(), "agreed": TextArea(rows=3)}
        help_texts: ClassVar = {"agreed": "What the contract says of returning and destroying their data."}


class StepForm(RecordForm):
    """Data of theirs in one place."""

    class Meta:
        model = CustomerStep
        fields: ClassVar = ["place", "what", "dataset", "owner"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the data of the inventory."""
        super().__init__(*args, **kwargs)
        sets: Any = self.fields["dataset"]
        of: Any = self.instance
        sets.queryset = DataSet.objects.filter(Q(status=InUse.ACTIVE) | Q(pk=of.dataset_id))
        sets.empty_label = "None named"


class DoneForm(OnceForm):
    """That it was returned or destroyed."""

    done_on = forms.DateField(label="Done on", widget=DateInput())
    method = forms.CharField(label="How", max_length=300, help_text="Such as: schema dropped, backups expire by 30 May.")
    records = forms.IntegerField(
        label="Records", min_value=0, max_value=MOST_RECORDS, required=False, help_text="How many, where it is known."
    )
    verified = forms.CharField(label="How it was checked", max_length=300, required=False)
