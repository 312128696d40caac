"""The list of policies."""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from audit.exports import RecordsExports
from policies.models import Policy, PolicyVersion
from policies.rights import EVERYBODY, READ, WRITE, visible_to
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen

Status = PolicyVersion.Status
_UNDER_WAY = [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED]
STATES = [
    ("in_force", "In force"),
    ("overdue", "Review overdue"),
    ("draft", "Being written"),
    ("in_review", "In review"),
    ("approved", "Awaiting its day"),
    ("none", "Nothing in force"),
    ("retired", "Retired"),
]


def with_versions(policies: QuerySet[Policy]) -> QuerySet[Any]:
    """With number and day of what is in force, and number and state of what is under way."""
    versions = PolicyVersion.objects.filter(policy=OuterRef("pk"))
    in_force = versions.filter(status=Status.PUBLISHED)
    under_way = versions.filter(status__in=_UNDER_WAY)
    return policies.annotate(
        in_force=Subquery(in_force.values("number")[:1]),
        since=Subquery(in_force.values("effective_on")[:1]),
        next_number=Subquery(under_way.values("number")[:1]),
        next_status=Subquery(under_way.values("status")[:1]),
    )


def standing(policy: Any, today: dt.date) -> Badge:
    """What holds of it today, as a word in a tone. Of one `with_versions`."""
    if policy.status == Policy.Status.RETIRED:
        return Badge("Retired", "muted")
    if policy.in_force is None:
        return Badge("Nothing in force", "warn")
    return Badge("Review overdue", "bad") if policy.is_overdue(today) else Badge("In force", "ok")


def _next(policy: Any) -> str:
    if policy.next_number is None:
        return ""
    return f"Version {policy.next_number}: {Status(policy.next_status).label.lower()}"


class PolicyList(RecordsExports, ListScreen):
    """Policies and procedures: what holds, since when, and when it is looked at again."""

    permission = EVERYBODY
    title = "Policies"
    template_name = "policies/policy_list.html"
    noun = "policies"
    noun_one = "policy"
    default_order = ("title",)
    search_fields = ("reference", "title")
    search_hint = "Number or words of the title"
    primary_action = ("Write a policy", "policies:create", WRITE)

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "What holds here, who approved it, and when it is looked at again."
        return "What holds here."

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        """Nobody has to begin with an empty page."""
        if not self.request.member.can(WRITE):
            return Empty("No policies yet", "None is in force.")
        why = "Start from the starters, bring the ones you have, or write one."
        return Empty("No policies yet", why, ("Choose starters", "policies:starters"))

    def get_columns(self) -> tuple[Column, ...]:
        """The organization's day decides what is overdue."""
        today = self.request.organization.today()
        under_way = Column("under_way", "Under way", value=_next, hide_below=1300)
        return (
            Column("title", "Policy", sort="title", link=True, wide=True),
            Column("reference", "Number", sort="reference", hide_below=1300, whole=True),
            Column("kind", "Kind", sort="kind", whole=True, hide_below=1300),
            Column("owner.name", "Owner", sort="owner__name", hide_below=1000),
            Column("in_force", "Version", sort="in_force", numeric=True, hide_below=700),
            Column("since", "In force since", sort="since", hide_below=1000),
            Column("next_review_on", "Next review", sort="next_review_on", hide_below=700),
            *([under_way] if self.request.member.can(READ) else []),
            Column("standing", "State", value=lambda row: standing(row, today), text=lambda row: standing(row, today).label),
        )

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return with_versions(visible_to(self.request.member))

    def get_filters(self) -> tuple[Filter, ...]:
        """By what holds today."""
        today = self.request.organization.today()
        in_use = Q(status=Policy.Status.ACTIVE)
        holds = Q(Exists(PolicyVersion.objects.filter(policy=OuterRef("pk"), status=Status.PUBLISHED)))
        where: dict[str, Q] = {
            "in_force": in_use & holds,
            "overdue": in_use & holds & Q(next_review_on__lt=today),
            **{str(status): _having(status) for status in _UNDER_WAY},
            "none": in_use & ~holds,
            "retired": Q(status=Policy.Status.RETIRED),
        }
        return (
            Filter("state", "State", choices=STATES if self.request.member.can(READ) else STATES[:2], where=where),
            Filter("kind", "Kind", choices=Policy.Kind.choices),
            Filter("mine", "Mine", choices=[("yes", "Mine")], where={"yes": Q(owner__member=self.request.member.pk)}),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the other ways to begin."""
        return super().get_context_data(
            may_write=self.request.member.can(WRITE), may_read=self.request.member.can(READ), **kwargs
        )


def _having(status: str) -> Q:
    return Q(Exists(PolicyVersion.objects.filter(policy=OuterRef("pk"), status=status)))
