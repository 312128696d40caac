"""The tables of a review's own pages: its items and its removals."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from audit.exports import RecordsExports
from evidence.printing.words import zone_name
from inventory.models import Person, Removal
from reviews.campaigns.overview import tabs_of
from reviews.campaigns.views import LIST
from reviews.deciding.forms import ReassignForm
from reviews.deciding.reassign import reassign_items
from reviews.models import Campaign, Flag, Item
from reviews.signoff.actions import removals_of
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

OPEN_FIRST = ("decision", "position")  # no decision sorts first; an index has this order


STATES = {
    "open": Q(decision=""),
    **{value: Q(decision=value) for value in Item.Decision.values},
}


class CampaignTable(RecordsExports, ListScreen, abstract=True):
    """A list below one review."""

    template_name = "reviews/campaign_table.html"

    def get_campaign(self) -> Campaign:
        """The review of the address."""
        if not hasattr(self, "_campaign"):
            self._campaign = get_object_or_404(Campaign, pk=self.kwargs["pk"])
        return self._campaign

    def get_title(self) -> str:
        """Reference and name."""
        return f"{self.get_campaign().reference} {self.get_campaign().name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list."""
        return (LIST,)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """The review's tabs."""
        return tabs_of(self.get_campaign())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The review, for the line below the title."""
        return super().get_context_data(**{"campaign": self.get_campaign(), **kwargs})


def system_choices(view: Any) -> list[tuple[Any, str]]:
    """The systems of the review."""
    scope = view.get_campaign().scope.order_by("system__name")
    return list(scope.values_list("system_id", "system__name"))


def reviewer_choices(view: Any) -> list[tuple[Any, str]]:
    """Whoever has items of the review, and nobody."""
    ids = Item.objects.filter(campaign=view.get_campaign()).order_by().values("reviewer").distinct()
    people = Person.objects.filter(pk__in=ids).order_by("name").values_list("pk", "name")
    return [("nobody", "Nobody yet"), *people]


class ReviewerFilter(Filter):
    """By reviewer, or without one."""

    def condition(self, value: str) -> Q:
        """Nobody is a choice too."""
        return Q(reviewer=None) if value == "nobody" else Q(reviewer=value)


SYSTEM = Filter("system", "System", choices=system_choices, lookup="system_id")


FLAGS = Filter(
    "flag", "Flags", choices=Flag.choices, where={flag: Q(flags__contains=[flag]) for flag in Flag.values}, multiple=True
)


SEARCHED = ("subject_name", "account__name", "entitlement__role", "entitlement__resource")


def _local(moment: dt.datetime | None) -> str:
    """As the screen has it, with the zone: 2026-11-03 14:05:12 EST."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M:%S} {zone_name(local)}"


ONLY_IN_FILES = (
    Column("target_role", "Role instead"),
    Column("account.account_id", "Account id"),
    Column("account.name", "Account"),
    Column("decider.name", "Decided by"),
)


class ItemList(CampaignTable):
    """All items of a review, for those who run or read it."""

    permission = "reviews.read"
    noun = "items"
    noun_one = "item"
    columns = (
        Column(
            "subject_name", "Whose", sort="subject_name", template="reviews/cells/whose.html", text=lambda one: one.subject_name
        ),
        Column(
            "access",
            "Access",
            sort="entitlement__role",
            template="reviews/cells/access.html",
            text=lambda one: f"{one.system.name}: {one.entitlement}",
        ),
        Column("flag_words", "Flags", template="reviews/cells/flags.html", text=lambda one: one.flag_words, hide_below=1300),
        Column("reviewer.name", "Reviewer", sort="reviewer__name", template="reviews/cells/reviewer.html", hide_below=700),
        Column(
            "decision",
            "Decision",
            sort="decision",
            template="reviews/cells/decided.html",
            text=lambda one: one.get_decision_display(),
        ),
        Column("said", "Reason", hide_below=1300),
        Column("decided_at", "Decided", sort="decided_at", text=lambda one: _local(one.decided_at), hide_below=1300),
    )
    default_order = OPEN_FIRST
    filters = (
        Filter("decision", "State", choices=[("open", "To decide"), *Item.Decision.choices], where=STATES),
        SYSTEM,
        ReviewerFilter("reviewer", "Reviewer", choices=reviewer_choices),
        FLAGS,
        Filter(
            "kind",
            "Kind",
            choices=[("flagged", "Flagged"), ("privileged", "Privileged")],
            where={"flagged": Q(flagged=True), "privileged": Q(privileged=True)},
        ),
    )
    search_fields = SEARCHED
    search_hint = "Person, account or role"
    bulk_actions = (
        Bulk(
            "reassign",
            "Reassign",
            permission="reviews.write",
            form=ReassignForm,
            explain="Only items without a decision move, and never to the person they are about.",
        ),
    )
    empty = Empty("No items", "The items are made when the review starts.")

    def get_columns(self) -> Sequence[Column]:
        """A file also says of which account, and what a changed role becomes."""
        return [*self.columns, *ONLY_IN_FILES] if self.request.GET.get("export") else self.columns

    def get_queryset(self) -> QuerySet[Item]:
        """The review's items with what the cells show."""
        rows = Item.objects.filter(campaign=self.get_campaign()).select_related("system", "reviewer", "decider")
        return rows.prefetch_related("entitlement", "account__owner", "subject")

    def bulk_reassign(self, selection: QuerySet[Item], form: ReassignForm) -> BulkResult:
        """Give the chosen ones to somebody else."""
        to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
        return reassign_items(selection, campaign=self.get_campaign(), to=to, reason=reason, actor=self.request.member)


class RemovalList(CampaignTable):
    """What the sign-off asked to be removed or changed."""

    permission = "reviews.read"
    noun = "removals"
    noun_one = "removal"
    columns = (
        Column("reference", "Removal", sort="reference", link=True),
        Column("system.name", "System", sort="system__name", hide_below=700),
        Column("account.name", "Account", sort="account__name"),
        Column("access", "Access", hide_below=1000),
        Column("status_badge", "State", sort="status"),
        Column("due_on", "Due", sort="due_on"),
        Column("assignee.name", "Assigned to", sort="assignee__name", hide_below=1000),
        Column("finding", "Last check", hide_below=1300),
    )
    default_order = ("due_on", "reference")
    filters = (Filter("status", "State", choices=Removal.Status.choices),)
    empty = Empty("Nothing to remove", "Every decision of this review keeps the access as it is.")

    def get_queryset(self) -> QuerySet[Removal]:
        """Those of this review."""
        return removals_of(self.get_campaign()).select_related("system", "account", "assignee", "person")
