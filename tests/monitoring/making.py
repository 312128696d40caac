"""Checks for tests, made by the product's own actions, and results of theirs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.models import Member
from monitoring.checking.recording import Kept, keep
from monitoring.defining.actions import create_check
from monitoring.models import Check
from monitoring.probing.target import Found

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WORDS = {"+": "healthy", "~": "degraded", "-": "down", "?": "unknown"}


def check_of(actor: Member, name: str = "Billing API", **facts: Any) -> Check:
    """A check of an address, every minute: two failures in a row are an outage, one success ends it."""
    given = {"kind": "http", "url": "https://billing.example/health", "interval": 60, "timeout": 10, "failures": 2, **facts}
    made = create_check(actor=actor, name=name, **given)
    Check.objects.filter(pk=made.pk).update(made_at=START)
    return made.refreshed()


def see(check: Check, story: str, *, begins: dt.datetime = START, every: dt.timedelta = MINUTE, at_once: bool = False) -> Check:
    """Keep a result for each sign: + healthy, ~ degraded, - failed, a space nothing."""
    told = [result(check, begins + every * number, WORDS[sign]) for number, sign in enumerate(story) if sign != " "]
    for batch in [told] if at_once else [[one] for one in told]:
        keep(batch)
    return check.refreshed()


def result(check: Check, at: dt.datetime, outcome: str, **facts: Any) -> Kept:
    """A result that came in time."""
    detail = "" if outcome == "healthy" else f"It was {outcome}."
    return Kept(check.pk, at, at, Found(outcome, detail, facts.pop("duration_ms", 120), **facts))


def spans_of(check: Check) -> list[tuple[str, int, int | None]]:
    """The spans of a check: state, and from and until in seconds after START."""
    rows: Iterable[Any] = check.spans.order_by("from_at")
    return [(one.state, _seconds(one.from_at), _seconds(one.until_at) if one.until_at else None) for one in rows]


def _seconds(moment: dt.datetime) -> int:
    return round((moment - START).total_seconds())
