"""The list of evidence."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from audit.exports import RecordsExports
from evidence import words
from evidence.checks import DAMAGED, check_badge
from evidence.forms import keepers
from evidence.freshness import Freshness, badge, conditions
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence, FileCheck
from ui.screens import Column, Empty, Filter, ListScreen

MONTHS = 24
EXPORTED = (
    Column("method", "Method"),
    Column("period_from", "Period from"),
    Column("period_to", "Period to"),
    Column("tags", "Tags"),
    Column("revision", "Revision", numeric=True),
    Column("file.name", "File name"),
    Column("sha256", "SHA-256", value=lambda one: one.file.sha256),
)


# Of months that an address may name: none at the edge of the calendar, which has no next one.
FIRST_YEAR, LAST_YEAR = 1970, 2200


class EvidenceList(RecordsExports, ListScreen):
    """Everything kept as proof."""

    permission = "evidence.read"
    title = "Evidence"
    noun = "items"
    noun_one = "item"
    default_order = ("-collected_at",)
    search_hint = "Number, title, source, file, hash or tag"
    search_fields = ("title",)  # that there is a search; `search` below does it
    primary_action: tuple[str, str, str] | None = ("Add evidence", "evidence:add", "evidence.write")
    empty = Empty(
        "No evidence yet",
        "What proves that controls work is kept here, each file with its hash: what you add, and the reports of closed reviews.",
        action=("Add evidence", "evidence:add"),
    )

    @property
    def today(self) -> dt.date:
        """The day by which freshness is told."""
        day: dt.date = self.request.organization.today()
        return day

    def get_queryset(self) -> QuerySet[Any]:
        """With the file, what its last reading found, and the owner."""
        found = FileCheck.objects.filter(file=OuterRef("file")).values("result")[:1]
        rows = evidence_seen_by(self.request.member).select_related("file", "owner__user").annotate(check_result=Subquery(found))
        return rows.only(
            *(
                "reference",
                "title",
                "category",
                "source",
                "method",
                "collected_at",
                "expires_on",
                "status",
                "tags",
                "tenant_id",
                "period_from",
                "period_to",
            ),
            *("file__sha256", "file__name", "file__size", "revision", "owner__user__name", "owner__user__email"),
        )

    def get_tabs(self) -> list[tuple[str, str, int | None]]:
        """Beside the checks of the files."""
        return evidence_tabs(self.request.member)

    def get_columns(self) -> Sequence[Column]:
        """Freshness is told by the organization's day. An export says more than a page has room for."""
        today = self.today
        columns = (
            Column("reference", "Number", sort="reference", hide_below=700, whole=True),
            Column("title", "Evidence", sort="title", link=True),
            Column("category", "Category", hide_below=1000),
            Column("source", "Source", hide_below=1000),
            Column("collected_at", "Collected", sort="collected_at"),
            Column("expires_on", "Expires", sort="expires_on", hide_below=1300),
            Column("freshness", "Freshness", value=lambda one: badge(one, today), text=lambda one: badge(one, today).label),
            Column("check_result", "File", value=check_badge, text=lambda one: check_badge(one).label, hide_below=1000),
            Column("owner.name", "Owner", hide_below=1300),
        )
        return (*columns, *EXPORTED) if "export" in self.request.GET else columns

    def get_filters(self) -> Sequence[Filter]:
        """The choices of freshness, and the months, depend on the day."""
        fresh = conditions(self.today)
        return (
            Filter("freshness", "Freshness", choices=Freshness.choices, where=fresh),
            Filter("category", "Category", choices=Evidence.Category.choices),
            Filter("method", "Method", choices=Evidence.Method.choices),
            Filter(
                "file", "File", choices=[("damaged", "Altered, missing or unreadable")], where={"damaged": Q(file__in=DAMAGED)}
            ),
            OwnerFilter("owner", "Owner", choices=_owners, lookup="owner_id"),
            MonthFilter("month", "Collected in", choices=_months),
            TagFilter("tag", "Tag", choices=_typed_tag),
        )

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the beginnings of words."""
        return words.having(queryset, text)


def evidence_tabs(member: Any) -> list[tuple[str, str, int | None]]:
    """The lists of the vault."""
    tabs: list[tuple[str, str, int | None]] = [
        ("Evidence", reverse("evidence:list"), None),
        ("File checks", reverse("evidence:checks"), None),
    ]
    imports = [("Imports", reverse("evidence:import-list"), None)] if member.can("evidence.write") else []
    return [*tabs, *imports]


class OwnerFilter(Filter):
    """A filter by owner, whose many counts nobody waits for."""

    counted = False


class MonthFilter(Filter):
    """Items collected in a month of the organization's calendar."""

    counted = False

    def condition(self, value: str) -> Q:
        """From the month's first moment to the next one's."""
        first, after = _span(value)
        return Q(collected_at__gte=first, collected_at__lt=after)


class TagFilter(Filter):
    """Items with the tag in the address."""

    counted = False

    def condition(self, value: str) -> Q:
        """By the index of words."""
        return Q(pk__in=words.tagged(value).values("evidence_id"))


def _owners(screen: EvidenceList) -> list[tuple[str, str]]:
    return [(str(one.pk), one.name) for one in keepers()]


def _typed_tag(screen: EvidenceList) -> list[tuple[str, str]]:
    typed = screen.request.GET.get("tag", "").replace("\x00", "")[:40]
    return [(typed, typed)] if typed else []


def _months(screen: EvidenceList) -> list[tuple[str, str]]:
    """The last two years, and the month in the address when it is older."""
    day = screen.today.replace(day=1)
    months = []
    for _ in range(MONTHS):
        months.append(day)
        day = (day - dt.timedelta(days=1)).replace(day=1)
    typed = _month(screen.request.GET.get("month", ""))
    if typed and typed not in months:
        months.append(typed)
    return [(f"{one:%Y-%m}", f"{one:%B %Y}") for one in months]


def _span(month: str) -> tuple[dt.datetime, dt.datetime]:
    """The first moment of a month in the active time zone, and of the next."""
    first = dt.datetime.strptime(month, "%Y-%m").replace(tzinfo=timezone.get_current_timezone())
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def _month(typed: str) -> dt.date | None:
    try:
        month = dt.datetime.strptime(typed, "%Y-%m").replace(tzinfo=dt.UTC).date()
    except ValueError:
        return None
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None
