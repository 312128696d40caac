"""Forms about exceptions."""

from typing import Any, ClassVar

from django import forms

from controls.models.control import Priority
from inventory.models import Person
from policies.exceptions.rights import people_for
from policies.models import Policy, PolicyVersion
from policies.models.exception import LONGEST
from policies.rights import visible_to
from ui.forms import DateInput, TextArea
from workflow.once import OnceForm


def _text(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST, widget=TextArea(rows=3))


class ExceptionForm(OnceForm):
    """From what, for whom, why, and until when."""

    policy = forms.ModelChoiceField(Policy.objects.none(), help_text="One that is in force.")
    person = forms.ModelChoiceField(Person.objects.none(), label="For whom")
    what = _text("What is not kept to", "Which rule, and where: the system, the team, the place.")
    why = _text("Why")
    compensating = _text("What makes up for it", "What is done instead, so that the risk stays small.")
    risk = _text("What could happen", "What remains possible in spite of that.")
    severity = forms.ChoiceField(
        label="How grave that would be",
        choices=Priority.choices,
        initial=Priority.MEDIUM,
        help_text="Of the finding, if it expires.",
    )
    ends_on = forms.DateField(label="Until", widget=DateInput(), help_text="The last day, within a year.")
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("From what, and for whom", ("policy", "person", "what", "why")),
        ("The risk", ("compensating", "risk", "severity")),
        ("Until when", ("ends_on",)),
    )

    def __init__(self, *args: Any, member: Any = None, **kwargs: Any) -> None:
        """Offer what is in force, and for whom this member may ask."""
        super().__init__(*args, **kwargs)
        if member is not None:
            in_force = PolicyVersion.objects.filter(status=PolicyVersion.Status.PUBLISHED).values("policy")
            self.fields["policy"].queryset = visible_to(member).filter(pk__in=in_force)  # type: ignore[attr-defined]
            self.fields["person"].queryset = people_for(member)  # type: ignore[attr-defined]


class ApproveForm(OnceForm):
    """What to say with it."""

    note = forms.CharField(required=False, max_length=LONGEST, widget=TextArea(rows=2), help_text="Such as a condition.")
