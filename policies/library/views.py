"""Taking starters from the page."""

from typing import Any

from django import forms
from django.urls import reverse

from policies.library.actions import offered, take_starters
from policies.library.starters import STARTERS
from policies.register.views import LIST
from policies.rights import WRITE
from ui.refusals import ActionRefused
from workflow.once import OnceForm, OnceScreen


class StartersForm(OnceForm):
    """Which ones."""

    starters = forms.MultipleChoiceField(
        label="Begin with",
        choices=[(one.key, one.title) for one in STARTERS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what to begin with."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those that are not in use here."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["starters"]
        field.choices = [(one.key, one.title) for one in offered()]


class Starters(OnceScreen):
    """Take policies and procedures to start with."""

    permission = WRITE
    form_class = StartersForm
    title = "Starters"
    breadcrumbs = (LIST,)
    submit_label = "Make drafts of them"
    explain = (
        "Each becomes a draft with the name of your organization, its systems and who answers for what, mapped to your controls "
        "and to the criteria. Read it, change what is not true of you, and have it approved: nothing holds before that."
    )
    success_message = "The drafts are made. Each is to be read, submitted and approved by somebody else."

    def load(self) -> None:
        """Nothing is asked where there is nothing to choose. Raises ActionRefused."""
        super().load()
        if not offered():
            raise ActionRefused("All starters are in use here already.")

    def get_initial(self) -> dict[str, Any]:
        """All of them."""
        return {"starters": [one.key for one in offered()]}

    def act(self, form: StartersForm) -> str:
        """Make the drafts."""
        take_starters(form.cleaned_data["starters"], actor=self.request.member)
        return f"{reverse('policies:list')}?state=draft"
