"""Accepting by name that something stays as it is, and ending that: the forms, whatever it is about."""

from collections.abc import Callable
from typing import Any, ClassVar

from ui.refusals import ActionRefused
from workflow.once import OnceReasonForm
from workflow.screens import TransitionScreen
from workflow.transitions import Transition


class _ByRole(TransitionScreen, abstract=True):
    """Before the screen of a record that it is about: for those whose role allows the move, whatever part they have in it."""

    transition: ClassVar[Transition]
    action: ClassVar[Callable[..., Any]]  # (record, *, actor, **given)

    def allowed(self) -> bool:
        """By role only."""
        return bool(self.request.member.can(self.transition.permission))

    def act(self, form: Any) -> Any:
        """Do it, and show the record."""
        type(self).action(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class AcceptScreen(_ByRole, abstract=True):
    """Accept by name that it stays."""

    verb = "Accept"
    submit_label = "Accept under my name"
    tone = "danger"
    explain = "It stays as it is, under your name, for this reason and until this day. An auditor sees it as an accepted risk."
    success_message = "It is accepted under your name."

    def why_not(self) -> str:
        """Why whoever asks is not independent of it; empty where they are."""
        raise NotImplementedError

    def check(self) -> None:
        """Refuse those who are not independent of it in words."""
        super().check()
        if refusal := self.why_not():
            raise ActionRefused(refusal)


class LapseScreen(_ByRole, abstract=True):
    """Take an acceptance back."""

    form_class = OnceReasonForm
    verb = "End the acceptance of"
    submit_label = "Open it again"
    success_message = "It is open again."
