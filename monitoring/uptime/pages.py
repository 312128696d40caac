"""The uptime of everything that is watched, for a period, against its targets."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString
from django.views.generic import TemplateView

from monitoring.defining.listing import LIST, READ
from monitoring.models import Check, Outage
from monitoring.uptime.charts import DAYS, bars, lasting, percent
from monitoring.uptime.periods import WORDS, days, period_of
from monitoring.uptime.reckoning import Share, shares
from ui.screens.base import Screen

MOST = 200  # checks drawn with their days; of the others the figures


@dataclass(frozen=True, slots=True)
class Line:
    """A check with its share of the period."""

    check: Check
    share: Share
    bars: SafeString | str
    outages: int

    @property
    def uptime(self) -> str:
        """In percent."""
        return percent(self.share.uptime)

    @property
    def target(self) -> str:
        """In percent."""
        return percent(float(self.check.target))

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where nothing is known."""
        return None if self.share.uptime is None else self.share.uptime >= float(self.check.target)

    @property
    def down(self) -> str:
        """How long it was down."""
        return lasting(self.share.down) if self.share.down >= 1 else ""

    @property
    def maintenance(self) -> str:
        """How long maintenance was planned."""
        return lasting(self.share.maintenance) if self.share.maintenance >= 1 else ""

    @property
    def unknown(self) -> str:
        """How long nothing was known."""
        return lasting(self.share.unknown) if self.share.unknown >= 60 else ""


class Uptime(Screen, TemplateView):
    """Every check: its uptime against its target, and its last ninety days."""

    permission = READ
    title = "Uptime"
    lede = "Of the time in which something is known. Planned maintenance, and time in which nobody looked, stand apart."
    breadcrumbs = (LIST,)
    template_name = "monitoring/uptime.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The period that is asked for."""
        today = self.request.organization.today()
        period = period_of(self.request.GET, today)
        checks = list(Check.objects.exclude(status=Check.Status.RETIRED).select_related("system").order_by("name"))
        found = shares(checks, [period.spell])
        drawn = shares(checks[:MOST], days(today, DAYS))
        outages = counted(checks, period.begins, period.ends)
        lines = [Line(one, found[one.pk][0], _bars(one, drawn), outages.get(one.pk, 0)) for one in checks]
        return super().get_context_data(
            **self.frame(),
            period=period,
            periods=WORDS,
            lines=lines,
            missed=sum(one.met is False for one in lines),
            not_known=sum(one.met is None for one in lines),
            **kwargs,
        )


def counted(checks: list[Check], begins: Any, ends: Any) -> dict[uuid.UUID, int]:
    """How many outages a time saw, by check, also those that began before it. One query."""
    lasting = Q(ended_at=None) | Q(ended_at__gt=begins)
    rows = Outage.objects.filter(lasting, check_of__in=[one.pk for one in checks], started_at__lt=ends)
    found: dict[uuid.UUID, int] = {}
    for key in rows.order_by().values_list("check_of", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def _bars(check: Check, drawn: dict[uuid.UUID, list[Share]]) -> SafeString | str:
    if check.pk not in drawn:
        return ""
    return bars(drawn[check.pk], name=f"days-{check.pk}", title=f"{check.name}, the last {DAYS} days")
