"""One item: its facts and history, deciding on it in its row or on a page, and giving it to somebody else."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.links import is_own_path
from inventory.models import Entitlement
from reviews.campaigns.routing import asked_of
from reviews.campaigns.views import LIST
from reviews.deciding.actions import decide
from reviews.deciding.forms import DecisionForm, ReassignForm
from reviews.deciding.reassign import reassign_items
from reviews.deciding.rules import Choice, may_decide, why_not
from reviews.deciding.table import CHANGE_REASONS, REASONS, Deciding, with_facts
from reviews.models import Item
from ui.refusals import ActionRefused
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen


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
            LIST,
            (campaign.reference, campaign.get_absolute_url()),
            ("Items", reverse("reviews:items", args=[campaign.pk])),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader is the one who decides."""
        mine = self.request.member.can("reviews.decide") and may_decide(self.object, asked_of(self.request.member))
        return super().get_context_data(**kwargs, item=self.object, mine=mine, may_write=self.may("reviews.write"))


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
        return (LIST, (self.object.campaign.reference, self.object.campaign.get_absolute_url()))

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
    if sentence := why_not(item, asked_of(request.member)):
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
        "reasons": CHANGE_REASONS if asked == Item.Decision.MODIFY else REASONS,
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
