"""How a plain Python value looks on a page and in an export."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.template.defaultfilters import date as date_format
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

NOTHING = format_html('<span class="muted">{}</span>', "\N{EN DASH}")
_STEPS = ((60, "minute"), (60 * 60, "hour"), (24 * 60 * 60, "day"))


def relative(seconds: float) -> str:
    """Distance from now in words; positive is in the past. Over 45 days: an empty string."""
    distance = abs(seconds)
    if distance < 60:
        return "just now" if seconds >= 0 else "in a moment"
    if distance > 45 * 24 * 60 * 60:
        return ""
    size, unit = next(step for step in reversed(_STEPS) if distance >= step[0])
    number = int(distance // size)
    amount = f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    return f"{amount} ago" if seconds >= 0 else f"in {amount}"


def percent_of(part: int, whole: int) -> int | None:
    """A share in whole percent: halves up; 100 only when it is all, 0 only when it is none. None of nothing."""
    if not whole:
        return None
    if part in {0, whole}:
        return 100 * part // whole
    return min(99, max(1, (200 * part + whole) // (2 * whole)))


def exact(moment: datetime) -> str:
    """`3 Nov 2026, 14:05 EST`, in the active time zone. Django's T is silent in the hour that comes twice."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j M Y, H:i')} {local:%Z}"


def spelled(value: date | None) -> str:
    """`3 Nov 2026`, as text: for sentences, mail and reasons. Empty for nothing."""
    return date_format(value, "j M Y") if value else ""


def when(moment: datetime | None) -> SafeString:
    """A relative time that carries the exact one (title on hover, printed by the style sheet)."""
    if not moment:
        return NOTHING
    words = relative((timezone.now() - moment).total_seconds())
    shown = words or spelled(timezone.localtime(moment))
    kind = "relative" if words else "absolute"
    return format_html('<time class="{}" datetime="{}" title="{}">{}</time>', kind, moment.isoformat(), exact(moment), shown)


def at(moment: datetime) -> SafeString:
    """The exact time as a time element: for what is compared with another one."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), exact(moment))


def day(value: date | None) -> SafeString:
    """`3 Nov 2026` as a time element."""
    if not value:
        return NOTHING
    return format_html(
        '<time class="day" datetime="{}">{}</time>',
        value.isoformat(),
        spelled(value),
    )


def noted(moment: datetime | None) -> SafeString:
    """A time that another system gave: the day alone where it gave no more (midnight, here or in UTC), else like `when`."""
    if moment:
        for local in (timezone.localtime(moment), moment.astimezone(UTC)):
            if local.time() == time.min:
                return day(local.date())
    return when(moment)


def display(value: Any) -> str | SafeString:
    """A value as a cell shows it: dates as time elements, nothing as a dash, True as Yes."""
    if hasattr(value, "__html__"):
        return SafeString(value.__html__())
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int):
        return number_format(value, force_grouping=True)
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value) or NOTHING
    return str(value)


def plain(value: Any) -> str:
    """The same value as text for an export: ISO dates, UTC moments, no markup."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)
