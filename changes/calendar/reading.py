"""What stands in the calendar in a span of days. However many changes there are, a page reads a bounded number of rows."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Value, Window
from django.db.models.functions import Greatest, Least, RowNumber, TruncDate

from changes.calendar.freezes import GIVEN, INSTANT, PLANNED, WAITING, is_agreed
from changes.calendar.spans import DAY, Span
from changes.models import Change, ChangeSystem, FreezeSystem, FreezeWindow
from inventory.models import System

_FIELDS = (
    "reference", "title", "status", "type", "risk", "window_from", "window_until", "agreed_recorded_at", "agreed_until",
    "written_due_at", "tenant",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """Another change on the same system at the same time. Number and title are empty where the reader may not see it."""

    change_id: uuid.UUID
    reference: str
    title: str
    systems: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """The changes to show, how many there are on each day and in all, which of them meet others, and which are held."""

    changes: list[Change]
    on_day: dict[dt.date, int]
    total: int
    meetings: dict[uuid.UUID, list[Meeting]] = field(default_factory=dict)
    held: dict[uuid.UUID, list[FreezeWindow]] = field(default_factory=dict)

    @property
    def waiting(self) -> list[Change]:
        """Those whose time is to come, as far as anybody said."""
        return [one for one in self.changes if one.status in WAITING]


def find(span: Span, changes: QuerySet[Change], *, most: int, system: System | None) -> Found:
    """The first `most` changes that begin on each day (those of several days first), of those in `changes`; three queries."""
    planned = _planned(span, changes, system)
    first = planned.annotate(
        rank=Window(
            RowNumber(), partition_by=F("begins_on"), order_by=[F("ends_on").desc(), F("window_from").asc(), F("pk").asc()]
        )
    )
    # Their keys in a query of its own: how few they are can only be known when it has been asked.
    keys = list(first.filter(rank__lte=most).values_list("pk", flat=True))
    shown = Change.objects.filter(pk__in=keys).only(*_FIELDS)
    on_day, total = _counted(planned)
    named = with_systems(shown, ChangeSystem.objects.filter(change=OuterRef("pk")))
    return Found(list(named.order_by("window_from", "id")), on_day, total)


def with_systems(rows: Any, systems: Any) -> Any:
    """The rows with `.system_names` and `.system_keys`, in the order of the names; no query of its own."""
    ordered = systems.order_by("system__name")
    return rows.annotate(
        system_names=ArraySubquery(ordered.values("system__name")), system_keys=ArraySubquery(ordered.values("system_id"))
    )


def _planned(span: Span, changes: QuerySet[Change], system: System | None) -> Any:
    """What meets the span, with the local days on which it begins and ends within it."""
    found = changes.filter(status__in=PLANNED, window_from__lt=span.ends, window_until__gt=span.begins)
    if system is not None:
        found = found.filter(Exists(ChangeSystem.objects.filter(change=OuterRef("pk"), system=system)))
    begins = Greatest("window_from", Value(span.begins))
    ends = Least(ExpressionWrapper(F("window_until") - INSTANT, DateTimeField()), Value(span.ends - INSTANT))
    return found.order_by().annotate(begins_on=TruncDate(begins), ends_on=TruncDate(ends))


def _counted(planned: Any) -> tuple[dict[dt.date, int], int]:
    """How many on each day, and in all."""
    on_day: dict[dt.date, int] = defaultdict(int)
    total = 0
    for first, last, number in planned.values_list("begins_on", "ends_on").annotate(number=Count("pk")):
        total += number
        for offset in range((last - first).days + 1):
            on_day[first + DAY * offset] += number
    return on_day, total


def meetings_of(waiting: Sequence[Change], visible: QuerySet[Change], *, sees_all: bool) -> dict[uuid.UUID, list[Meeting]]:
    """Which planned changes meet each of these, on which systems; one query, or two."""
    if not waiting:
        return {}
    other = "system__changes__change__"
    pairs = (
        ChangeSystem.objects.filter(change__in=[one.pk for one in waiting])
        .annotate(
            other=F("system__changes__change_id"),
            other_from=F(f"{other}window_from"),
            other_until=F(f"{other}window_until"),
            other_status=F(f"{other}status"),
        )
        .filter(
            other_status__in=PLANNED,
            other_from__lt=max(one.window_until for one in waiting if one.window_until),
            other_until__gt=min(one.window_from for one in waiting if one.window_from),
        )
        .filter(other_from__lt=F("change__window_until"), other_until__gt=F("change__window_from"))
        .exclude(other=F("change_id"))
        .order_by("other_from", "other", "system__name")
        .values_list("change_id", "other", f"{other}reference", f"{other}title", "system__name")
    )
    found: dict[tuple[uuid.UUID, uuid.UUID, str, str], list[str]] = defaultdict(list)
    for change, met, reference, title, system in pairs:
        found[change, met, reference, title].append(system)
    return _grouped(found, visible, sees_all=sees_all)


def _grouped(found: Any, visible: QuerySet[Change], *, sees_all: bool) -> dict[uuid.UUID, list[Meeting]]:
    others = {met for _, met, _, _ in found}
    seen = others if sees_all or not others else set(visible.filter(pk__in=others).values_list("pk", flat=True))
    meetings: dict[uuid.UUID, list[Meeting]] = defaultdict(list)
    for (change, met, *words), systems in found.items():
        reference, title = words if met in seen else ("", "")
        meetings[change].append(Meeting(met, reference, title, tuple(systems)))
    return meetings


def freezes_in(begins: dt.datetime, ends: dt.datetime) -> list[FreezeWindow]:
    """The freezes in the calendar that meet a time, with their systems; one query."""
    active = FreezeWindow.objects.filter(status=FreezeWindow.Status.ACTIVE, starts_at__lt=ends, ends_at__gt=begins)
    return list(with_systems(active, FreezeSystem.objects.filter(freeze=OuterRef("pk"))))


def held_of(waiting: Sequence[Change], freezes: Sequence[FreezeWindow]) -> dict[uuid.UUID, list[FreezeWindow]]:
    """Which of these freezes hold each change, let through by nobody; at most one query. As freezes.held_by has it for one."""
    met = {one.pk: [freeze for freeze in freezes if _holds(freeze, one)] for one in waiting if not is_agreed(one)}
    hit = {key: held for key, held in met.items() if held}
    if not hit:
        return {}
    windows = {one.pk: (one.window_from, one.window_until) for one in waiting}
    given = GIVEN.filter(change__in=hit).values_list("change", "freeze", "window_from", "window_until")
    let = {(change, freeze) for change, freeze, *window in given if tuple(window) == windows[change]}
    left = {key: [one for one in held if (key, one.pk) not in let] for key, held in hit.items()}
    return {key: held for key, held in left.items() if held}


def is_about(freeze: Any, systems: Iterable[uuid.UUID]) -> bool:
    """Whether it is about one of these systems, or about all. Load it `with_systems`."""
    return not freeze.system_keys or not set(freeze.system_keys).isdisjoint(systems)


def _holds(freeze: FreezeWindow, change: Any) -> bool:
    if change.window_from is None or change.window_until is None:
        return False
    meets = change.window_from < freeze.ends_at and change.window_until > freeze.starts_at
    return meets and is_about(freeze, change.system_keys)
