"""What a call may say."""

from django import forms


class CallForm(forms.Form):
    """A heartbeat needs to say nothing; a value has one."""

    failed = forms.BooleanField(label="The job has failed", required=False)
    value = forms.FloatField(label="The value, of a check that is sent one", required=False)
    detail = forms.CharField(label="A word on it", max_length=300, required=False)
