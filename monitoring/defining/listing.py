"""The list of checks."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from monitoring.checking.maintaining import under_maintenance
from monitoring.models import Check, Health, Kind, known_at
from monitoring.models.check import EDITS
from tenancy.scope import now
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen

READ = "monitoring.read"
LIST = ("Checks", "monitoring:list")


def every(seconds: int) -> str:
    """`every 30 s`, `every 2 min`, `every day`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def known_since(check: Check) -> dt.datetime | None:
    """Since when it is what it is; nothing where nothing is known."""
    return check.since if check.health_at(now()) != Health.UNKNOWN else None


def took(check: Check) -> str:
    """How long its last answer took."""
    return "" if check.last_ms is None else f"{check.last_ms:,} ms"


def health_filter() -> dict[str, Q]:
    """What is known now: a check whose last result is too old is unknown, whatever it was."""
    active, known = Q(status=Check.Status.ACTIVE), known_at(now())
    where = {health: known & Q(health=health) for health in (Health.DOWN.value, Health.DEGRADED.value, Health.HEALTHY.value)}
    where[Health.UNKNOWN.value] = active & (~known | Q(health=Health.UNKNOWN))
    return where


class CheckList(RecordsExports, ListScreen):
    """What is watched, and how it is."""

    permission = READ
    title = "Checks"
    lede = "What Plumbline watches, and what it found last. When something is down, an incident is opened."
    noun = "checks"
    noun_one = "check"
    columns = (
        Column("name", "Check", sort="name", link=True),
        Column("health", "Health", value=lambda c: c.badge_at(now()), text=lambda c: c.badge_at(now()).label, sort="health"),
        Column("since", "Since", sort="since", hide_below=1000, value=known_since),
        Column("kind", "Kind", sort="kind", hide_below=1000),
        Column("system.name", "System", sort="system__name", hide_below=1000),
        Column("interval", "Every", sort="interval", value=lambda c: every(c.interval), hide_below=1300),
        Column("last_ms", "Last answer", value=took, numeric=True, hide_below=1000),
        Column("last_at", "Last result", sort="last_at", hide_below=1300, on_cards=True),
        Column(
            "critical", "Critical", sort="critical", value=lambda c: Badge("Critical", "info") if c.critical else "",
            text=lambda c: "yes" if c.critical else "no", hide_below=1300,
        ),
    )  # fmt: skip
    default_order = ("name",)
    search_fields = ("name", "url", "host", "system__name")
    search_hint = "Name, address or system"
    empty = Empty(
        "Nothing is watched yet",
        "Add a check of your most important page: it tells you before a customer does, and it proves the uptime.",
        action=("Add a check", "monitoring:create"),
    )
    primary_action = ("Add a check", "monitoring:create", EDITS)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with their system."""
        return Check.objects.select_related("system")

    def get_filters(self) -> tuple[Filter, ...]:
        """How they are now, and what they are."""
        choices = [(one.value, one.label) for one in (Health.DOWN, Health.DEGRADED, Health.UNKNOWN, Health.HEALTHY)]
        maintenance = {"yes": under_maintenance(now()) & Q(status=Check.Status.ACTIVE)}
        return (
            Filter("health", "Health", choices=choices, where=health_filter()),
            Filter("maintenance", "Maintenance", choices=[("yes", "Under maintenance")], where=maintenance),
            Filter("kind", "Kind", choices=Kind.choices),
            Filter("critical", "Critical", choices=[("yes", "Critical")], where={"yes": Q(critical=True)}),
            Filter("status", "Watching", choices=Check.Status.choices),
        )
