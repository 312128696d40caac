"""The heat map: what became of each control, month by month, in words and in colour."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import TemplateView

from controls.models import AuditPeriod, Control, Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State, state_as_of
from controls.occurrences.calendar import DAY, Interval, interval_of
from controls.occurrences.states import EXPECTED, TONES, WORST, of_period, shown_from
from controls.periods.current import period_of
from ui.screens.base import Screen

CONTROLS = 50  # on a page
SYMBOLS = {
    State.MISSED: "✕",
    State.LATE: "!",
    State.DUE: "●",
    State.PERFORMED: "✓",
    State.DID_NOT_OCCUR: "-",
    State.NOT_APPLICABLE: "-",
    State.NOT_YET_DUE: "○",
}
Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of one control in one month: `counts` by state, `url` of exactly these rows."""

    counts: Counts
    url: str

    @property
    def worst(self) -> str:
        """The state that gives the colour."""
        return next(state for state in WORST if state in self.counts)

    @property
    def tone(self) -> str:
        """Its tone."""
        return TONES[self.worst] if self.worst != State.NOT_YET_DUE else "none"

    @property
    def symbol(self) -> str:
        """A mark for those who do not see the colour."""
        return SYMBOLS[State(self.worst)]

    @property
    def total(self) -> int:
        """How many occurrences."""
        return sum(self.counts.values())

    @property
    def words(self) -> str:
        """Such as "Performed", or "28 performed, 2 late"."""
        ordered = [(State(state).label, self.counts[state]) for state in WORST if state in self.counts]
        if self.total == 1:
            return ordered[0][0]
        return ", ".join(f"{number} {label.lower()}" for label, number in ordered)


@dataclass(frozen=True, slots=True)
class Line:
    """A control with a cell for each month, None where nothing ends."""

    control: Control
    cells: Sequence[Cell | None]


class HeatMap(Screen, TemplateView):
    """Controls by month, of an audit period or of the calendar year."""

    permission = "controls.read"
    title = "Occurrences by month"
    lede = "By the month in which each ends. A colour is that of the worst in the month."
    template_name = "controls/heatmap.html"
    breadcrumbs = (("Occurrences", "controls:occurrence-list"),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of controls, and the figures of them all."""
        today = self.request.organization.today()
        period = period_of(self.request)
        first, last = (shown_from(period), period.ends_on) if period else _year(today)
        rows = _expected(period, first, last)
        controls = Paginator(_controls(rows.filter(ends_on__gte=first)), CONTROLS).get_page(self.request.GET.get("page"))
        within = {"period": str(period.pk)} if period else {}
        return super().get_context_data(
            **self.frame(),
            period=period,
            span=(first, last),
            months=_months(first, last),
            is_day=period is not None and period.kind == AuditPeriod.Kind.TYPE_1,
            lines=_lines(controls, rows, _months(first, last), today, within),
            page=controls,
            controls_url=reverse("controls:list"),
            totals=_totals(rows, today, within),
            **kwargs,
        )


def _year(today: dt.date) -> tuple[dt.date, dt.date]:
    return dt.date(today.year, 1, 1), dt.date(today.year, 12, 31)


def _expected(period: AuditPeriod | None, first: dt.date, last: dt.date) -> QuerySet[Occurrence]:
    """What the period asks for, as its list does; without one, what ends in these days."""
    rows = Occurrence.objects.filter(EXPECTED).order_by()
    return rows.filter(of_period(period)) if period else rows.filter(ends_on__range=(first, last))


def _controls(rows: QuerySet[Occurrence]) -> Any:
    return Control.objects.filter(Exists(rows.filter(control=OuterRef("pk")))).select_related("owner").order_by("code")


def _lines(
    controls: Page[Control], rows: QuerySet[Occurrence], months: list[Interval], today: dt.date, within: dict[str, str]
) -> list[Line]:
    """The page's controls, counted in one query."""
    shown = list(controls)
    theirs: Any = rows.filter(control__in=shown, ends_on__gte=months[0].first)
    counted = theirs.annotate(state=state_as_of(today), month=TruncMonth("ends_on")).values_list("control", "month", "state")
    counts: dict[tuple[UUID, dt.date], Counts] = defaultdict(dict)
    for key, month, state, number in counted.annotate(number=Count("pk")):
        counts[key, month][state] = number
    return [Line(one, [_cell(one, month, counts, within) for month in months]) for one in shown]


def _cell(control: Control, month: Interval, counts: dict[tuple[UUID, dt.date], Counts], within: dict[str, str]) -> Cell | None:
    found = counts.get((control.pk, month.first))
    return Cell(found, address(control=str(control.pk), month=month.key, **within)) if found else None


def _totals(rows: Any, today: dt.date, within: dict[str, str]) -> list[dict[str, Any]]:
    """How many of each state, and their rows; without a period there is no filter that names the span."""
    counted = dict(rows.annotate(state=state_as_of(today)).values_list("state").annotate(number=Count("pk")))
    return [
        {
            "label": state.label,
            "number": counted[state],
            "tone": TONES[state],
            "symbol": SYMBOLS[state],
            "url": address(state=state.value, **within) if within else "",
        }
        for state in WORST
        if counted.get(state)
    ]


def _months(first: dt.date, last: dt.date) -> list[Interval]:
    months = [interval_of(Cadence.MONTHLY, first)]
    while months[-1].last < last:
        months.append(interval_of(Cadence.MONTHLY, months[-1].last + DAY))
    return months


def address(**chosen: str) -> str:
    """The list of occurrences, narrowed."""
    return f"{reverse('controls:occurrence-list')}?{urlencode(chosen)}"
