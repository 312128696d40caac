"""The list of vendors."""

import datetime as dt
from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When

from audit.exports import RecordsExports
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen
from vendors.lifecycle.diligence import lacking
from vendors.models import AT_WORK, UNDECIDED, Vendor
from vendors.register import words
from vendors.register.kept_views import KEPT
from vendors.rights import EVERYBODY, READ, REQUEST, WRITE, mine, visible_to
from vendors.tiers import Risk, Tier

SOON = dt.timedelta(days=30)
GRAVITY = Case(*(When(inherent=value, then=Value(order)) for order, value in enumerate(Risk.values)), default=Value(9))
VIEWS = [
    ("mine", "Mine"),
    ("waiting", "Waiting for a decision"),
    ("overdue", "Review overdue"),
    ("soon", "Review within 30 days"),
    ("lacking", "In use without due diligence"),
    ("ai", "AI suppliers"),
]


def tier_badge(vendor: Vendor) -> Badge:
    """Its tier."""
    return Badge(vendor.get_tier_display(), "info" if vendor.tier == Tier.ONE else "muted")


class VendorList(RecordsExports, ListScreen):
    """Vendors, how much depends on each, and when each is looked at again."""

    permission = EVERYBODY
    title = "Vendors"
    noun = "vendors"
    noun_one = "vendor"
    template_name = "vendors/vendor_list.html"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("name", "Vendor", sort="name", link=True),
        Column("service", "What it does", wide=True, hide_below=1300),
        Column("tier_badge", "Tier", sort="tier", value=tier_badge, text=lambda one: one.get_tier_display()),
        Column("inherent_badge", "Inherent risk", sort="gravity", text=lambda one: one.get_inherent_display(), hide_below=1000),
        Column("residual_badge", "Residual risk", sort="residual", text=lambda one: one.get_residual_display(), hide_below=1300),
        Column("owner.name", "Owner", sort="owner__name", hide_below=1000),
        Column(
            "next_review_on",
            "Next review",
            sort="next_review_on",
            template="vendors/cells/review.html",
            text=lambda one: one.next_review_on,
        ),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display(), hide_below=700, on_cards=True),
    )
    default_order = ("name",)
    search_hint = "Number, name or what it does"
    primary_action = ("Request a vendor", "vendors:create", REQUEST)
    empty = Empty(
        "No vendors yet",
        "Anybody may ask for one. It is looked at, decided on, and reviewed as long as it is used, by how much depends on it.",
        action=("Request a vendor", "vendors:create"),
    )

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "Who gets our data or runs part of our service, what is at stake, and when each is looked at again."
        return "The vendors that you have asked for or answer for."

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see."""
        return visible_to(self.request.member).annotate(gravity=GRAVITY)

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the beginnings of words."""
        return words.having(queryset, text)

    def get_filters(self) -> tuple[Filter, ...]:
        """Overdue depends on the organization's day."""
        return (
            Filter("view", "View", choices=VIEWS, where=self._views()),
            Filter("state", "State", choices=Vendor.Status.choices, lookup="status", multiple=True),
            Filter("tier", "Tier", choices=Tier.choices, multiple=True),
            Filter("risk", "Inherent risk", choices=Risk.choices, lookup="inherent"),
            Filter("residual", "Residual risk", choices=Risk.choices),
        )

    def _views(self) -> dict[str, Q]:
        today, used = self.request.organization.today(), Q(status__in=AT_WORK)
        return {
            "mine": mine(self.request.member),
            "waiting": UNDECIDED,
            "overdue": used & Q(next_review_on__lt=today),
            "soon": used & Q(next_review_on__gte=today, next_review_on__lte=today + SOON),
            "lacking": Q(pk__in=lacking(today).values("pk")),
            "ai": Q(is_ai=True),
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the views that this member keeps, and whether they may bring a file."""
        member = self.request.member
        return super().get_context_data(
            own_views=list(KEPT.of(member)), may_write=member.can(WRITE), may_read=member.can(READ), **kwargs
        )
