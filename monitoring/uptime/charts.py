"""What is drawn of a check: ninety days as bars, and how long its answers took."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Func, IntegerField, Max, Sum, Value
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from monitoring.checking.sketch import percentile
from monitoring.models import Check, CheckHour
from monitoring.uptime.reckoning import Share
from tenancy.scope import current_tenant_id
from ui.charts import Point, line
from ui.values import spelled

_BINS = """
SELECT b, sum(n)::bigint, max(h.max_ms) FROM monitoring_checkhour AS h, unnest(h.bins, h.counts) AS u (b, n)
WHERE h.tenant_id = %(tenant)s AND h.check_of_id = %(check)s AND h.hour >= %(begins)s AND h.hour < %(ends)s
GROUP BY b ORDER BY b
"""
DAYS = 90
HOUR = dt.timedelta(hours=1)
HOURLY = dt.timedelta(days=3)  # up to here a point stands for an hour
DAILY = dt.timedelta(days=184)  # up to here for a day, then for seven
TONES = {"down": "bad", "degraded": "warn", "healthy": "ok", "maintenance": "info", "paused": "muted", "unknown": "blank"}
WORDS = {
    "down": "down",
    "degraded": "degraded at times",
    "healthy": "healthy",
    "maintenance": "maintenance",
    "paused": "paused",
    "unknown": "nothing known",
}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long answers took in a time: their mean and the slowest, in milliseconds."""

    begins: dt.datetime
    mean: int | None
    slowest: int | None


def percent(value: float | None) -> str:
    """`99.95 %`: never rounded up to 100, nor to a target that was missed."""
    if value is None:
        return "not known"
    cut = Decimal(int(value * 1000)) / 1000
    return f"{cut.normalize():f} %"


def bars(shares: Sequence[Share], *, name: str, title: str) -> SafeString:
    """A bar for each time, coloured by the worst that is known of it; what each stands for is said in words, too."""
    width = 1000 / max(1, len(shares))
    parts = format_html_join(
        "",
        '<g><title>{}</title><rect class="{}" x="{}" y="0" width="{}" height="40"/></g>',
        ((told(share), TONES[share.state], f"{number * width:.2f}", f"{width * 0.8:.2f}") for number, share in enumerate(shares)),
    )
    notable = "; ".join(told(share) for share in shares if share.state in {"down", "degraded", "unknown"})
    return format_html(
        '<svg class="chart bars" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 1000 40" width="1000" '
        'height="40" preserveAspectRatio="none"><title id="{name}-title">{title}</title><desc id="{name}-desc">{told}</desc>'
        "{parts}</svg>",
        name=name,
        title=title,
        told=notable or "Nothing but healthy",
        parts=parts,
    )


def told(share: Share) -> str:
    """`3 Nov 2026: down for 4 min, 99.7 %`."""
    day = spelled(timezone.localtime(share.begins).date())
    if share.state == "down":
        return f"{day}: down for {lasting(share.down)}, {percent(share.uptime)}"
    return f"{day}: {WORDS[share.state]}"


def lasting(seconds: float) -> str:
    """`4 min`, `3 h 10 min`, `2 d 4 h`, `40 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def timings(check: Check, begins: dt.datetime, ends: dt.datetime) -> list[Timing]:
    """The times that answers took, by hour, by local day or by seven of them. One query, off the hours."""
    edges = _edges(begins, ends)
    rows = (
        CheckHour.objects.filter(check_of=check, hour__gte=begins, hour__lt=ends)
        .annotate(slot=Func("hour", Value(edges), function="width_bucket", output_field=IntegerField()))
        .order_by("slot")
        .values_list("slot")
        .annotate(count=Sum("timed"), total=Sum("total_ms"), most=Max("max_ms"))
    )
    return [
        Timing(edges[slot - 1], round(total / count) if count else None, most if count else None)
        for slot, count, total, most in rows
    ]


def slowest_of_95(check: Check, begins: dt.datetime, ends: dt.datetime) -> int | None:
    """The 95th percentile of the durations of the hours that begin in a time, at most 2 % off; None where none is known.

    One query, off the hours.
    """
    key: dict[str, Any] = {"tenant": current_tenant_id(), "check": check.pk, "begins": begins, "ends": ends}
    with connection.cursor() as cursor:
        cursor.execute(_BINS, key)
        rows = cursor.fetchall()
    found = percentile([(number, count) for number, count, _ in rows], 0.95)
    return None if found is None else min(found, max(most for _, _, most in rows))  # what stands for a bin may be above them all


def _edges(begins: dt.datetime, ends: dt.datetime) -> list[dt.datetime]:
    """Where hours, local days or sevens of them begin, from the one that holds `begins`.

    To look up an hour among them is several times quicker for the database than to convert each of a year's hours.
    """
    if ends - begins <= HOURLY:
        first = begins.replace(minute=0, second=0, microsecond=0)
        return [first + number * HOUR for number in range(int((ends - first) / HOUR) + 1)]
    zone = timezone.get_current_timezone()
    first_day, last_day = (timezone.localtime(moment).date() for moment in (begins, ends))
    step = 1 if ends - begins <= DAILY else 7
    days = (first_day + dt.timedelta(days=number) for number in range(0, (last_day - first_day).days + 1, step))
    return [dt.datetime.combine(day, dt.time(), zone) for day in days]


def latency(found: Sequence[Timing], *, hourly: bool, width: int = 640) -> SafeString:
    """The mean as a line."""
    return line(
        [_point(one, hourly=hourly) for one in found],
        name=f"latency-{width}",
        title="Mean time of answers, in milliseconds",
        width=width,
    )


def _point(one: Timing, *, hourly: bool) -> Point:
    local = timezone.localtime(one.begins)
    label = f"{spelled(local.date())}, {local:%H:%M}" if hourly else spelled(local.date())
    return Point(label, f"{local:%H:%M}" if hourly else f"{local.day} {local:%b}", one.mean)
