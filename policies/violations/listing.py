"""The list of violations."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from controls.models.control import Priority
from controls.sheets.screens import SheetList
from policies.models import Policy, Violation
from policies.rights import EVERYBODY, READ
from policies.violations.rights import VIOLATIONS, about, mine, visible_to
from policies.violations.sheet import REGISTER
from ui.screens import Column, Empty, Filter, ListScreen

OPEN = Q(status=Violation.Status.OPEN)


def whose(one: Violation) -> str:
    """Whose it is: of the roster, or else the account here."""
    if one.person is not None:
        return str(one.person.name)
    return one.who("member")


def _policies(screen: Any) -> list[tuple[Any, str]]:
    if not screen.request.member.can(READ):
        return []
    named = Violation.objects.values("policy")
    return [(one.pk, one.title) for one in Policy.objects.filter(pk__in=named).only("title")]


class ViolationList(SheetList, RecordsExports, ListScreen):
    """Where policies were not kept."""

    permission = EVERYBODY
    register = REGISTER
    title = "Violations"
    lede = "Where a policy was not kept, who found it, and how it was put right. Plumbline looks at its own accounts by itself."
    noun = "violations"
    noun_one = "violation"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("title", "What is wrong", sort="title", wide=True),
        Column("policy.title", "Policy", sort="policy__title", hide_below=1000),
        Column("resource", "Where", sort="resource", hide_below=1300),
        Column("whose", "Whose", value=whose, sort="person__name", hide_below=1300),
        Column("severity_badge", "Severity", sort="severity", text=lambda one: one.get_severity_display()),
        Column("detected", "Found by", sort="detected", hide_below=1300),
        Column("reported_as", "System", sort="reported_as", hide_below=1500),
        Column("detected_at", "Found", sort="detected_at", hide_below=700),
        Column("times_seen", "Times", sort="times_seen", numeric=True, hide_below=1500),
        Column("owner.name", "With", sort="owner__name", hide_below=1300),
        Column("due_on", "Due", sort="due_on", template="policies/violations/due.html", text=lambda one: one.due_on),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        Column("ended_at", "Ended", sort="ended_at", hide_below=1500),
    )
    default_order = ("-detected_at",)
    search_fields = ("reference", "title", "resource", "reported_as")
    search_hint = "Number, words or place"
    primary_action = ("Report a violation", "policies:violation-report", VIOLATIONS)
    empty = Empty(
        "No violations",
        "People report them here, other systems by the API. Plumbline looks at its own accounts, sessions and tokens by itself.",
        ("Report a violation", "policies:violation-report"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member)

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day, with whom on the member."""
        today, member = self.request.organization.today(), self.request.member
        due = {"late": OPEN & Q(due_on__lt=today), "soon": OPEN & Q(due_on__gte=today)}
        theirs = {"me": mine(member), "nobody": Q(owner=None), "about": about(member)}
        return (
            Filter("state", "State", choices=Violation.Status.choices, lookup="status"),
            Filter("severity", "Severity", choices=Priority.choices),
            Filter("due", "Due", choices=[("late", "Overdue"), ("soon", "Not yet due")], where=due),
            Filter("whose", "With", choices=[("me", "Me"), ("nobody", "Nobody"), ("about", "About me")], where=theirs),
            Filter("detected", "Found by", choices=Violation.Detected.choices),
            Filter("policy", "Policy", choices=_policies, lookup="policy_id"),
        )
