"""Trends: each figure in the kept reports of up to twelve months."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from controls.status.readiness import Share
from evidence.printing.images import address
from reports.monthly.data import Figure, Snapshot
from reports.monthly.front import NOT_MEASURED, said
from ui.charts import Point, line

WIDTH, HEIGHT = 300, 150


@dataclass(frozen=True, slots=True)
class Trend:
    """A figure month by month: its line, and the same in words."""

    title: str
    picture: SafeString
    words: str

    @property
    def address(self) -> str:
        """The picture as an image of paper."""
        return address(self.picture)


def trends(snapshot: Snapshot) -> list[Trend]:
    """One for each figure that was measured in at least two reports."""
    found = [_trend(figure, snapshot) for figure in snapshot.figures]
    return [one for one in found if one is not None]


def _trend(figure: Figure, snapshot: Snapshot) -> Trend | None:
    shares = [(_month(point.month), _share(point.values.get(figure.key))) for point in snapshot.trend]
    points = [Point(f"{month:%B %Y}", f"{month:%b}", _value(figure, share)) for month, share in shares]
    if sum(1 for point in points if point.value is not None) < 2:
        return None
    counted = f"{figure.label}, number" if figure.unit else f"{figure.label}, in per cent"
    picture = line(points, name=f"trend-{figure.key}", title=counted, width=WIDTH, height=HEIGHT)
    return Trend(counted, picture, _words(figure, shares))


def _month(key: str) -> dt.date:
    return dt.date.fromisoformat(f"{key}-01")


def _share(found: list[int] | None) -> Share | None:
    return Share(*found) if found else None


def _value(figure: Figure, share: Share | None) -> int | None:
    """Open things are counted; shares are in percent, and there is none of nothing."""
    if share is None:
        return None
    return share.part if figure.unit else share.percent


def _words(figure: Figure, shares: Iterable[tuple[dt.date, Share | None]]) -> str:
    return "; ".join(f"{month:%B}: {said(figure, share) if share else NOT_MEASURED.lower()}" for month, share in shares)
