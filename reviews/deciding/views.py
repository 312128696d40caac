"""The reviewer's screens: what waits, the table to decide in, one item, and its history."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.links import is_own_path
from audit.exports import RecordsExports
from inventory.models import Entitlement, Person
from reviews.campaigns.overview import STATES, CampaignTable, system_choices
from reviews.campaigns.routing import person_of
from reviews.deciding.actions import decide, decide_many
from reviews.deciding.forms import ChangeForm, DecisionForm, ReassignForm, RemoveForm
from reviews.deciding.reassign import reassign_items
from reviews.deciding.rules import KEEP, NOT_ON_ROSTER, Choice, may_decide, why_not
from reviews.models import Campaign, Flag, Item
from ui.refusals import ActionRefused
from ui.screens import Bulk, BulkResult, Column, DetailScreen, Empty, Filter, FormScreen, ListScreen, ScreenRequest, screen

REASON_KEYS = {"left": "l", "moved": "m", "not_used": "n", "never_needed": "v", "duplicate": "d", "other": "o"}
REASONS = [(value, label, REASON_KEYS[value]) for value, label in Item.Reason.choices]
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
        """With how many items are this member's, and how many of those are decided."""
        person = Person.objects.filter(member=self.request.member).values("pk")[:1]
        mine = Item.objects.filter(campaign=OuterRef("pk"), reviewer=Subquery(person))
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
    default_order = ("decision", "position")  # no decision sorts first: what is left to do stands on top
    filters = (
        Filter("state", "State", choices=[("open", "To decide"), *Item.Decision.choices[:3]], where=STATES),
        Filter("system", "System", choices=system_choices, lookup="system_id"),
        Filter(
            "flag", "Flags", choices=Flag.choices, where={flag: Q(flags__contains=[flag]) for flag in Flag.values}, multiple=True
        ),
        Filter(
            "kind",
            "Kind",
            choices=[("plain", "Neither flagged nor privileged"), ("privileged", "Privileged")],
            where={"plain": Q(flagged=False, privileged=False), "privileged": Q(privileged=True)},
        ),
    )
    search_fields = ("subject_name", "account__name", "entitlement__role", "entitlement__resource")
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

    def get_person(self) -> Person | None:
        """Who is asked."""
        if not hasattr(self, "_person"):
            self._person = person_of(self.request.member)
        return self._person

    def get_campaign(self) -> Campaign:
        """The review, if it has started; drafts ask nobody."""
        campaign = super().get_campaign()
        if campaign.status in {Campaign.Status.DRAFT, Campaign.Status.STARTING}:
            raise Http404
        return campaign

    def get_queryset(self) -> QuerySet[Item]:
        """This reviewer's items, with what the cells show."""
        return with_facts(items_with(self.get_campaign(), self.get_person()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """How far this reviewer is."""
        campaign, person = self.get_campaign(), self.get_person()
        return super().get_context_data(
            **kwargs,
            **share_of(campaign, person),
            campaign=campaign,
            unknown=NOT_ON_ROSTER if person is None else "",
            open_for_decisions=campaign.status == Campaign.Status.ACTIVE,
            deciding=True,
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


def items_with(campaign: Campaign, person: Person | None) -> QuerySet[Item]:
    """A reviewer's items. Whoever is nobody on the roster has none: not those that nobody is asked about."""
    mine = Item.objects.filter(campaign=campaign, reviewer=person)
    return mine if person is not None else mine.none()


def share_of(campaign: Campaign, person: Person | None) -> dict[str, int]:
    """How many items of a review are with somebody (`total`), and how many of them are decided."""
    mine = items_with(campaign, person)
    counts: dict[str, int] = mine.aggregate(total=Count("pk"), decided=Count("pk", filter=~Q(decision="")))
    return counts


@screen("reviews.decide")
def my_progress(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """How far the reviewer is, fetched anew after each decision."""
    campaign = get_object_or_404(Campaign, pk=pk)
    return render(request, "reviews/my_progress.html", {"campaign": campaign, **share_of(campaign, person_of(request.member))})


def with_facts(items: QuerySet[Item]) -> QuerySet[Item]:
    """Items with everything a reviewer needs to see, in a fixed number of queries."""
    previous = Item.objects.select_related("campaign", "decider").only(
        "decision", "reason", "reason_code", "target_role", "decided_at", "campaign__reference", "decider__name"
    )
    return items.select_related("system", "subject__manager").prefetch_related(
        Prefetch("entitlement", Entitlement.objects.all()), "account", Prefetch("previous", previous)
    )


class ItemDetail(DetailScreen):
    """One item: the facts, the decision and its history."""

    permission = "reviews.read"
    template_name = "reviews/item_detail.html"
    queryset = with_facts(Item.objects.all()).select_related(
        "campaign", "reviewer", "decider", "decided_by__user", "entitlement__snapshot"
    )
    object: Item

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the review's items."""
        campaign = self.object.campaign
        return (
            ("Reviews", "reviews:list"),
            (campaign.reference, campaign.get_absolute_url()),
            ("Items", reverse("reviews:items", args=[campaign.pk])),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader is the one who decides."""
        mine = self.request.member.can("reviews.decide") and may_decide(self.object, person_of(self.request.member))
        return super().get_context_data(**kwargs, item=self.object, mine=mine)


class ItemReassign(FormScreen):
    """Give one item to somebody else."""

    permission = "reviews.write"
    form_class = ReassignForm
    queryset = Item.objects.select_related("campaign", "entitlement")
    submit_label = "Reassign"
    success_message = "The item was reassigned."
    object: Item

    def get_title(self) -> str:
        """Which one."""
        return f"Reassign {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the item."""
        return (("Reviews", "reviews:list"), (self.object.campaign.reference, self.object.campaign.get_absolute_url()))

    def act(self, form: ReassignForm) -> Item:
        """Hand it over."""
        to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
        one = Item.objects.filter(pk=self.object.pk)
        result = reassign_items(one, campaign=self.object.campaign, to=to, reason=reason, actor=self.request.member)
        for sentence in result.refused.values():
            raise ActionRefused(sentence, field="to")
        return self.object


@screen("reviews.decide", methods=["GET", "POST"])
def decide_item(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Decide on one item: within the table's row by htmx, on a page of its own without."""
    items = with_facts(Item.objects.all()).select_related("campaign", "reviewer")
    item = get_object_or_404(items, pk=pk)
    person = person_of(request.member)
    if sentence := why_not(item, person):
        raise ActionRefused(sentence)
    if request.method == "POST":
        return _decided(request, item)
    asked = request.GET.get("decision", "")
    return _show(request, item, asked=asked if asked in Item.Decision.values[:3] else "")


def _decided(request: ScreenRequest, item: Item) -> HttpResponse:
    """Store the decision; show the row or the page again with what is missing."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise ActionRefused("This decision could not be read. Load the page again.")
    given = form.cleaned_data
    if given["decision"] == Item.Decision.RETAIN:
        given["reason_code"] = ""
    try:
        decide(item, Choice(**given), actor=request.member)
    except ActionRefused as refusal:
        if refusal.field is None:
            raise
        return _show(request, item, asked=given["decision"], typed=given, refusal=refusal)
    if _in_row(request):
        return _show(request, with_facts(Item.objects.filter(pk=item.pk)).get(), just_decided=True)
    messages.success(request, f"{item.subject_name}: {Choice(**given).word}.")
    return redirect(_back(request, item))


def _show(
    request: ScreenRequest,
    item: Item,
    *,
    asked: str = "",
    typed: dict[str, str] | None = None,
    refusal: ActionRefused | None = None,
    just_decided: bool = False,
) -> HttpResponse:
    """The row by itself, or the page: with the form for the decision `asked` open."""
    context = {
        "item": item,
        "asked": asked,
        "typed": typed or {"reason": item.reason if item.decision == asked else "", "target_role": item.target_role},
        "refusal": refusal,
        "reasons": REASONS,
        "roles": _roles_like(item) if asked == Item.Decision.MODIFY else [],
        "deciding": True,
        "open_for_decisions": True,
        "just_decided": just_decided and bool(item.decision),
        "back": _back(request, item),
        "in_row": _in_row(request),
    }
    status = 422 if refusal else 200
    if not _in_row(request):
        frame = {
            "title": "Decide",
            "breadcrumbs": [("My decisions", reverse("reviews:mine")), (item.campaign.reference, _table(item))],
        }
        return render(request, "reviews/item_decide.html", {**context, **frame}, status=status)
    table = Deciding()
    table.setup(cast("HttpRequest", request), pk=item.campaign_id)
    row = {"row": table.row(item), "listing": {"bulk": True}}
    response = render(request, "ui/list/row.html", {**context, **row}, status=status)
    if just_decided:
        response["HX-Trigger"] = "decided"
    return response


def _roles_like(item: Item) -> list[str]:
    """The roles that this population knows, to choose another from."""
    same = Entitlement.objects.filter(snapshot=item.entitlement.snapshot_id, resource=item.entitlement.resource)
    return list(same.exclude(role=item.entitlement.role).order_by("role").values_list("role", flat=True).distinct()[:100])


def _in_row(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request")) and request.headers.get("HX-Target", "").startswith("row-")


def _table(item: Item) -> str:
    return reverse("reviews:decide", args=[item.campaign_id])


def _back(request: HttpRequest, item: Item) -> str:
    """Where the page was opened from, if that is ours; else the table."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if is_own_path(request, wanted) else _table(item)
