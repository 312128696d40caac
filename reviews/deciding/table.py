"""The reviewer's lists: what waits, and the table to decide in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from audit.exports import RecordsExports
from inventory.models import Entitlement
from reviews.campaigns.routing import Asked, asked_of
from reviews.campaigns.tables import FLAGS, OPEN_FIRST, SEARCHED, STATES, SYSTEM, CampaignTable
from reviews.deciding.actions import decide_many
from reviews.deciding.forms import CHANGE_REASON_CODES, ChangeForm, RemoveForm
from reviews.deciding.rules import KEEP, NOT_ON_ROSTER, Choice
from reviews.models import Campaign, Item
from reviews.models.item import Change
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen, ScreenRequest, screen

REASON_KEYS = {"left": "l", "moved": "m", "not_used": "n", "never_needed": "v", "duplicate": "d", "other": "o"}
REASONS = [(value, label, REASON_KEYS[value]) for value, label in Item.Reason.choices]
# Whoever should have another role is there, and needs something.
CHANGE_REASONS = [one for one in REASONS if one[0] in CHANGE_REASON_CODES]

MINE = ("My decisions", "reviews:mine")


class MyCampaigns(RecordsExports, ListScreen):
    """The reviews in which somebody is asked."""

    permission = "reviews.decide"
    title = "My decisions"
    noun = "reviews"
    noun_one = "review"
    columns = (
        Column("name", "Review", link=True),
        Column("status_badge", "State"),
        Column("mine", "Decided", template="reviews/cells/mine.html", text=lambda one: f"{one.my_decided} of {one.my_items}"),
        Column("due_on", "Due", sort="due_on", template="reviews/cells/due.html", text=lambda one: one.due_on),
    )
    default_order = ("-period_from", "-created_at")
    empty = Empty("Nothing waits for you", "When a review asks you who should keep access, it stands here.")

    def get_queryset(self) -> QuerySet[Campaign]:
        """With how many items are this member's or an absent one's, and how many of those are decided."""
        mine = items_with(OuterRef("pk"), asked_of(self.request.member))
        asked = Campaign.objects.filter(Exists(mine))
        return asked.annotate(my_items=count_of(mine), my_decided=count_of(mine.exclude(decision="")))

    def row_url(self, row: Campaign) -> str:
        """Straight to the table."""
        return reverse("reviews:decide", args=[row.pk])


class Deciding(CampaignTable):
    """The table to decide in: everything needed to answer whether somebody should have this."""

    permission = "reviews.decide"
    template_name = "reviews/deciding.html"
    noun = "items"
    noun_one = "item"
    exports = False
    recount_after = "decided"
    columns = (
        Column("subject_name", "Whose", sort="subject_name", template="reviews/cells/whose.html"),
        Column("access", "Access", sort="entitlement__role", template="reviews/cells/access.html"),
        Column("use", "Last used", sort="entitlement__last_used_at", template="reviews/cells/use.html"),
        Column("change", "Flags and changes", sort="change", template="reviews/cells/since.html"),
        Column("decision", "Decision", sort="decision", template="reviews/cells/decision.html"),
    )
    default_order = OPEN_FIRST
    filters = (
        Filter("state", "State", choices=[("open", "To decide"), *Item.Decision.choices[:3]], where=STATES),
        SYSTEM,
        FLAGS,
        Filter(
            "kind",
            "Kind",
            choices=[("plain", "Neither flagged nor privileged"), ("privileged", "Privileged")],
            where={"plain": Q(flagged=False, privileged=False), "privileged": Q(privileged=True)},
        ),
    )
    search_fields = SEARCHED
    search_hint = "Person, account or role"
    bulk_actions = (
        Bulk("keep", "Keep", permission="reviews.decide"),
        Bulk("remove", "Remove", permission="reviews.decide", form=RemoveForm, tone="danger"),
        Bulk("change", "Change", permission="reviews.decide", form=ChangeForm),
    )
    empty = Empty("Nothing here is with you", "No item of this review is routed to you.")

    def get_title(self) -> str:
        """What is asked."""
        return f"Decide: {self.get_campaign().name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to what waits."""
        return (MINE,)

    def get_tabs(self) -> Sequence[tuple[str, str, int | None]]:
        """None: a reviewer has this one page."""
        return ()

    def get_asked(self) -> Asked:
        """Who is asked."""
        if not hasattr(self, "_asked"):
            self._asked = asked_of(self.request.member)
        return self._asked

    def get_campaign(self) -> Campaign:
        """The review, if it has started; drafts ask nobody."""
        campaign = super().get_campaign()
        if campaign.status in {Campaign.Status.DRAFT, Campaign.Status.STARTING}:
            raise Http404
        return campaign

    def get_queryset(self) -> QuerySet[Item]:
        """This reviewer's items, with what the cells show."""
        return with_facts(items_with(self.get_campaign(), self.get_asked()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How far this reviewer is."""
        campaign, asked = self.get_campaign(), self.get_asked()
        return super().get_context_data(
            **kwargs,
            **share_of(campaign, asked),
            campaign=campaign,
            unknown=NOT_ON_ROSTER if asked.person is None else "",
            away=asked.away,
            first_reviews=first_reviewed(campaign, asked),
            open_for_decisions=campaign.status == Campaign.Status.ACTIVE,
            deciding=True,
            reasons=REASONS,
            back=self.request.get_full_path(),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Decide in bulk; the progress above the table is told."""
        response = super().post(request, *args, **kwargs)
        response.headers["HX-Trigger"] = "decided"
        return response

    def bulk_keep(self, selection: QuerySet[Item], form: None) -> BulkResult:
        """Keep what is neither flagged nor privileged."""
        return self._decide(selection, KEEP)

    def bulk_remove(self, selection: QuerySet[Item], form: RemoveForm) -> BulkResult:
        """Remove all that were chosen."""
        return self._decide(selection, form.choice())

    def bulk_change(self, selection: QuerySet[Item], form: ChangeForm) -> BulkResult:
        """Give all that were chosen another role."""
        return self._decide(selection, form.choice())

    def _decide(self, selection: QuerySet[Item], choice: Choice) -> BulkResult:
        result = decide_many(selection, choice, campaign=self.get_campaign(), actor=self.request.member)
        left_out = f" {len(result.refused):,} left as they are." if result.refused else ""
        return replace(result, message=f"{len(result.done):,} {choice.word}.{left_out}")


def count_of(rows: QuerySet[Item]) -> Coalesce:
    """The number of rows of a correlated query, as an annotation."""
    counted = rows.order_by().values("campaign").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def items_with(campaign: Campaign | OuterRef, asked: Asked) -> QuerySet[Item]:
    """A reviewer's items and, but for their own access, those of people for whom they stand in.

    Whoever is nobody on the roster has none: not those that nobody is asked about.
    """
    mine = Item.objects.filter(campaign=campaign, reviewer__in=asked.ids)
    return mine.exclude(subject=asked.person) if asked.away else mine


def share_of(campaign: Campaign, asked: Asked) -> dict[str, int]:
    """How many items of a review are with somebody (`total`), and how many of them are decided."""
    mine = items_with(campaign, asked)
    counts: dict[str, int] = mine.aggregate(total=Count("pk"), decided=Count("pk", filter=~Q(decision="")))
    return counts


def first_reviewed(campaign: Campaign, asked: Asked) -> list[str]:
    """The systems, by name, that no earlier review covered: said once, as it is so of each of their rows."""
    mine = items_with(campaign, asked).filter(change=Change.FIRST).order_by("system__name")
    return list(mine.values_list("system__name", flat=True).distinct())


@screen("reviews.decide")
def my_progress(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """How far the reviewer is, fetched anew after each decision."""
    campaign = get_object_or_404(Campaign.objects.select_related("started_by__user"), pk=pk)
    return render(
        request,
        "reviews/my_progress.html",
        {"campaign": campaign, "fragment": True, **share_of(campaign, asked_of(request.member))},
    )


def with_facts(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items with everything a reviewer needs to see, in a fixed number of queries."""
    previous = Item.objects.select_related("campaign", "decider").only(
        "decision", "reason", "reason_code", "target_role", "decided_at", "campaign__reference", "decider__name"
    )
    return items.select_related("system", "subject__manager").prefetch_related(
        Prefetch("entitlement", Entitlement.objects.all()), "account__owner", Prefetch("previous", previous)
    )
