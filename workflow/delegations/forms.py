"""The form of handing a record over."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Member
from accounts.roles import ONLY_READ
from ui.forms import DateInput, TextArea
from workflow.absences.forms import MemberField, people_here
from workflow.once import OnceForm


class HandOverForm(OnceForm):
    """To whom, until when, and why."""

    guardian = MemberField(
        queryset=Member.objects.none(),
        label="Hand it to",
        help_text="Acts in their own name. Auditors and viewers are not offered.",
    )
    until = forms.DateField(label="Until", widget=DateInput(), help_text="That day included; at most a year from now.")
    reason = forms.CharField(label="Why", widget=TextArea(rows=2), max_length=500)

    def __init__(self, *args: Any, giver: Member | None = None, **kwargs: Any) -> None:
        """Offer the people of the organization who may act, but for whoever gives."""
        super().__init__(*args, **kwargs)
        people = people_here().exclude(Q(roles__overlap=[*ONLY_READ]))
        offered = people.exclude(pk=giver.pk) if giver else people
        self.fields["guardian"].queryset = offered  # type: ignore[attr-defined]
