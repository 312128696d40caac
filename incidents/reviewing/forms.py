"""The forms of a review."""

from typing import Any, ClassVar

from django import forms

from accounts.models import Member
from controls.models import Control
from incidents.models import IncidentReview
from incidents.reviewing.rights import outside
from ui.forms import TextArea
from workflow.absences.forms import MemberField
from workflow.once import OnceForm, OnceReasonForm
from workflow.seen import SeenForm

# Needed to submit it, of what went well and badly one.
_NEEDED = ("summary", "root_cause", "went_well", "went_badly", "control_failed", "commitment_missed", "disclose")
_YES_NO = [one for one in IncidentReview.Answer.choices if one[0]]


def _words(label: str, *, rows: int = 3, longest: int = 10_000, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, widget=TextArea(rows=rows), help_text=help_text)


def _answer(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=_YES_NO, widget=forms.RadioSelect)


class ReviewForm(SeenForm, OnceForm):
    """What the incident was, why, and what is learned. It can be kept unfinished."""

    summary = _words("What happened", rows=5, longest=20_000, help_text="For somebody who was not there.")
    root_cause = _words(
        "Root cause", rows=4, longest=20_000, help_text="Why it could happen, not who. It is that of the incident."
    )
    went_well = _words("What went well", help_text="One of the two is needed to submit it.")
    went_badly = _words("What went badly")
    control_failed = _answer("Did a control fail?")
    controls = forms.ModelMultipleChoiceField(
        Control.objects.none(), label="Which controls", required=False, widget=forms.SelectMultiple({"size": 6})
    )
    control_note = _words("How it failed", rows=2, longest=5_000)
    commitment_missed = _answer("Was a commitment missed?")
    commitment_note = _words(
        "Which, and to whom", rows=2, longest=5_000, help_text="Such as availability promised in a contract."
    )
    disclose = _answer("Disclose it in the system description?")
    disclose_note = _words("In what words, or why not", rows=2, longest=5_000)

    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("What happened", ("summary", "root_cause")),
        ("What is learned", ("went_well", "went_badly")),
        ("What an auditor asks", (
            "control_failed", "controls", "control_note", "commitment_missed", "commitment_note", "disclose", "disclose_note",
        )),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the controls in use."""
        super().__init__(*args, **kwargs)
        for name in _NEEDED:
            self.fields[name].one_of = True  # type: ignore[attr-defined] # what the field's template asks for
        in_use = Control.objects.exclude(status=Control.Status.RETIRED).order_by("code")
        self.fields["controls"].queryset = in_use  # type: ignore[attr-defined]


class SubmitForm(OnceForm):
    """Nothing to be said."""


class ApproverForm(OnceForm):
    """Who is to approve it, and does not see it yet."""

    member = MemberField(Member.objects.none(), label="Who approves it")

    def __init__(self, *args: Any, review: IncidentReview | None = None, **kwargs: Any) -> None:
        """Offer those who approve reviews, had no part in it and do not see it."""
        super().__init__(*args, **kwargs)
        offered = [member.pk for member in outside(review)] if review is not None else []
        self.fields["member"].queryset = Member.objects.filter(pk__in=offered).select_related("user", "organization")  # type: ignore[attr-defined]


class ApproveForm(OnceForm):
    """What was seen."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=64)


class ReturnForm(OnceReasonForm):
    """What is missing."""
