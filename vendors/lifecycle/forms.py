"""Forms about the life of a vendor."""

from django import forms

from ui.forms import DateInput, DropInput, TextArea
from vendors.models import Vendor
from workflow.once import OnceForm


class DecideForm(OnceForm):
    """Why it was decided so."""

    reason = forms.CharField(label="Why", widget=TextArea(rows=3), max_length=4000)


class UseForm(OnceForm):
    """Since when it is used."""

    since = forms.DateField(label="In use since", widget=DateInput())
    reason = forms.CharField(
        label="Why it is or was used although something was missing",
        required=False,
        widget=TextArea(rows=2),
        max_length=2000,
        help_text="Needed where something is missing, or it was decided on after this day: that becomes a finding.",
    )


class OffboardForm(OnceForm):
    """Why it leaves, and by when."""

    leaving_on = forms.DateField(label="Leaves by", widget=DateInput())
    reason = forms.CharField(label="Why", widget=TextArea(rows=3), max_length=4000)


class AccessEndForm(OnceForm):
    """What shows that its access is removed."""

    ended_on = forms.DateField(label="Removed on", widget=DateInput())
    file = forms.FileField(label="What shows it", widget=DropInput(hint="Such as a screenshot or an export without its accounts"))


class DataEndForm(OnceForm):
    """What became of the data."""

    outcome = forms.ChoiceField(label="What became of it", choices=Vendor.Data.choices, widget=forms.RadioSelect)
    ended_on = forms.DateField(label="On", widget=DateInput())
    file = forms.FileField(label="What shows it", required=False, widget=DropInput(hint="Such as its certificate of destruction"))
