"""The list of exceptions."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from controls.sheets.screens import SheetList
from policies.exceptions.rights import visible_to
from policies.exceptions.sheet import REGISTER
from policies.models import Policy, PolicyException
from policies.rights import ACKNOWLEDGE, EVERYBODY, READ
from ui.screens import Column, Empty, Filter, ListScreen

SOON = dt.timedelta(days=30)
Status = PolicyException.Status


def _policies(screen: Any) -> list[tuple[Any, str]]:
    if not screen.request.member.can(READ):
        return []
    named = PolicyException.objects.values("policy")
    return [(one.pk, one.title) for one in Policy.objects.filter(pk__in=named).only("title")]


class ExceptionList(SheetList, RecordsExports, ListScreen):
    """Who may depart from what, why, and until when."""

    permission = EVERYBODY
    register = REGISTER
    title = "Exceptions"
    noun = "exceptions"
    noun_one = "exception"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("policy.title", "Policy", sort="policy__title"),
        Column("person.name", "For", sort="person__name", hide_below=700),
        Column("what", "Not kept to", wide=True, hide_below=1000),
        Column("why", "Why", hide_below=1500),
        Column("compensating", "What makes up for it", hide_below=1500),
        Column("severity_badge", "Risk", sort="severity", text=lambda one: one.get_severity_display(), hide_below=1300),
        Column("asked_by", "Asked by", value=lambda one: one.who("asked_by"), sort="asked_by__user__name", hide_below=1300),
        Column(
            "decided_by", "Decided by", value=lambda one: one.who("decided_by"), sort="decided_by__user__name", hide_below=1300
        ),
        Column("ends_on", "Until", sort="ends_on"),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-asked_at",)
    search_fields = ("reference", "policy__title", "person__name", "what")
    search_hint = "Number, policy, person or words"
    primary_action = ("Ask for an exception", "policies:exception-ask", ACKNOWLEDGE)
    empty = Empty(
        "No exceptions",
        "Who cannot keep to a policy asks for an exception, with what makes up for it and an end. Somebody else approves it.",
        ("Ask for an exception", "policies:exception-ask"),
    )

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "Who may depart from which policy, what makes up for it, and until when. What expires becomes a finding."
        return "What you asked for, and what is for you."

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).select_related("decided_by__user")

    def get_filters(self) -> tuple[Filter, ...]:
        """What ends soon depends on the organization's day."""
        soon = {"soon": Q(status=Status.APPROVED, ends_on__lte=self.request.organization.today() + SOON)}
        mine = {"mine": Q(person__member=self.request.member.pk) | Q(asked_by=self.request.member.pk)}
        return (
            Filter("state", "State", choices=Status.choices, lookup="status"),
            Filter("ends", "Ends", choices=[("soon", "Within 30 days")], where=soon),
            Filter("view", "View", choices=[("mine", "Mine")], where=mine),
            Filter("policy", "Policy", choices=_policies, lookup="policy_id"),
        )
