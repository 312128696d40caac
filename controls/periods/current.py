"""The audit period that a page speaks of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from controls.models import AuditPeriod
from ui.navigation import Chooser, Link
from ui.screens.listing import ListQuery

_SESSION = "audit_periods"  # the chosen one by organization
_LOADED = "_audit_periods"
MOST_OFFERED = 12


def periods_of(request: HttpRequest) -> list[AuditPeriod]:
    """Every period of the organization, the latest first; one query for a request."""
    found: list[AuditPeriod] | None = getattr(request, _LOADED, None)
    if found is None:
        found = list(AuditPeriod.objects.all())
        setattr(request, _LOADED, found)
    return found


def period_of(request: Any) -> AuditPeriod | None:
    """The period chosen by `?period=` now or earlier in this session, else the open one around today, else the latest.

    None where there is no period at all.
    """
    periods = periods_of(request)
    asked, remembered = request.GET.get("period", ""), _remembered(request)
    chosen = _named(periods, asked) or _named(periods, remembered)
    if chosen is not None and asked == str(chosen.pk) != remembered:
        slug = str(request.organization.pk)
        request.session[_SESSION] = {**request.session.get(_SESSION, {}), slug: asked}
    return chosen or usual(periods, request.organization.today())


def usual(periods: Sequence[AuditPeriod], today: dt.date) -> AuditPeriod | None:
    """The open period that contains today (of several the one that ends last), else the latest, else None."""
    running = [one for one in periods if one.status == AuditPeriod.Status.OPEN and one.starts_on <= today <= one.ends_on]
    return next(iter(running), None) or next(iter(periods), None)


def _remembered(request: Any) -> str:
    kept = request.session.get(_SESSION)
    return str(kept.get(str(request.organization.pk), "")) if isinstance(kept, dict) else ""


def _named(periods: Sequence[AuditPeriod], key: str) -> AuditPeriod | None:
    return next((one for one in periods if str(one.pk) == key), None) if key else None


def chooser(request: HttpRequest) -> Chooser | None:
    """The choice in the header of a page that speaks of a period; no page is asked for a query that it does not need."""
    periods: list[AuditPeriod] = getattr(request, _LOADED, [])
    chosen = period_of(request) if periods else None
    if chosen is None:
        return None
    links = [Link(one.name, _address(request, one), one == chosen) for one in periods[:MOST_OFFERED]]
    if request.member.can("controls.read"):  # type: ignore[attr-defined]
        links.append(Link("All periods", reverse("controls:period-list"), current=False))
    return Chooser("Audit period", chosen.name, tuple(links))


def _address(request: HttpRequest, period: AuditPeriod) -> str:
    """The same page in another period; a list starts over at its first page."""
    query = request.GET.copy()
    for name in ("page", "fragment", "export"):
        query.pop(name, None)
    query["period"] = str(period.pk)
    return f"{request.path}?{query.urlencode()}"


@dataclass(frozen=True)
class PeriodQuery(ListQuery):
    """The state of a list that speaks of a period: its addresses carry it, so that two tabs do not change each other's."""

    period: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """With the period first."""
        return ([("period", self.period)] if self.period else []) + super().pairs()


class InPeriod:
    """Mixin of a ListScreen whose rows are seen in one period: `self.period`, None where there is none."""

    request: Any
    query: ListQuery

    @property
    def period(self) -> AuditPeriod | None:
        """The period of this page."""
        return period_of(self.request)

    def read_address(self) -> None:
        """Keep the period in every address of the list."""
        super().read_address()  # type: ignore[misc] # of ListScreen
        given = {field.name: getattr(self.query, field.name) for field in fields(ListQuery)}
        self.query = PeriodQuery(**given, period=str(self.period.pk) if self.period else "")

    def described(self) -> str:
        """The filter in words, with the period."""
        words: str = super().described()  # type: ignore[misc] # of ListScreen
        return f"{words}; audit period {self.period.name}" if self.period else words
