"""Screens of legal holds."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.factors import FactorFormMixin, FactorScreenMixin
from privacy.models import LegalHold
from privacy.retention import forms
from privacy.retention.holding import lift_hold, place_hold
from privacy.retention.listing import covered
from privacy.rights import HOLD, READ
from privacy.screens import Button, CreateScreen, MoveScreen, RecordScreen
from workflow.once import OnceReasonForm

HOLDS = ("Legal holds", "privacy:hold-list")


class HoldDetail(RecordScreen):
    """One hold: what it keeps from being deleted, and why."""

    permission = READ
    breadcrumbs = (HOLDS,)
    model = LegalHold
    object: LegalHold

    def get_queryset(self) -> QuerySet[Any]:
        """With who placed and lifted it."""
        return LegalHold.objects.select_related("placed_by__user", "lifted_by__user", "brought_by__user")

    def get_title(self) -> str:
        """Number and matter."""
        return f"{self.object.reference}: {self.object.matter}"

    def get_facts(self) -> list[tuple[str, Any]]:
        """What it covers, and since when."""
        one = self.object
        return [
            ("Of which data", covered(one)),
            ("Whose", (one.about if self.can(HOLD) else "Somebody's") if one.about else "Everybody's"),
            ("Data from", one.since),
            ("Data to", one.until),
            ("Placed by", one.who("placed_by") or "Plumbline"),
            ("Placed", one.placed_at),
            ("Lifted by", one.who("lifted_by")),
            ("Lifted", one.lifted_at),
        ]

    def get_texts(self) -> list[tuple[str, str]]:
        """Why it was placed and lifted."""
        return [("Why", self.object.reason), ("Why it was lifted", self.object.lifted_reason)]

    def get_buttons(self) -> list[Button]:
        """To lift it."""
        one = self.object
        return (
            [Button("Lift", reverse("privacy:hold-lift", args=[one.pk]))]
            if LegalHold.LIFT.allows(one, self.request.member)
            else []
        )


class HoldCreate(CreateScreen):
    """Place a legal hold."""

    permission = HOLD
    form_class = forms.HoldForm
    title = "Place a legal hold"
    breadcrumbs = (HOLDS,)
    submit_label = "Place it"
    explain = "It holds at once. A deletion that runs meanwhile is undone."
    success_message = "The hold is in force."

    def act(self, form: Any) -> LegalHold:
        """Place it."""
        return place_hold(actor=self.request.member, **form.facts())


class LiftForm(FactorFormMixin, OnceReasonForm):
    """Why it is lifted."""


class HoldLift(FactorScreenMixin, MoveScreen):
    """Lift a hold. Asks for a recent second factor."""

    permission = HOLD
    model = LegalHold
    transition = LegalHold.LIFT
    form_class = LiftForm
    verb, up = "Lift", HOLDS
    submit_label = "Lift it"
    tone = "danger"
    explain = "What it covered is deleted again when it is due."
    success_message = "The hold is lifted."

    def act(self, form: Any) -> LegalHold:
        """Lift it."""
        return lift_hold(self.object, actor=self.request.member, reason=form.cleaned_data["reason"])
