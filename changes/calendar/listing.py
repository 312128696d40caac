"""The list of freezes."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from audit.exports import RecordsExports
from changes.calendar.actions import RUN
from changes.models import FreezeSystem, FreezeWindow
from tenancy.scope import now
from ui.screens import Column, Empty, Filter, ListScreen
from ui.values import exact

# A freeze holds whoever plans a change, whatever their role.
EVERYBODY = "home.read"
CALENDAR = ("Calendar", "changes:calendar")


def systems_of(freeze: FreezeWindow) -> str:
    """The names of its systems, or that it is about all. Load it with `systems__system`."""
    return ", ".join(sorted(row.system.name for row in freeze.systems.all())) or "All systems"


class FreezeList(RecordsExports, ListScreen):
    """Times in which nothing is to be changed."""

    permission = EVERYBODY
    title = "Freezes"
    lede = (
        "Times in which nothing is to be changed. A change that is planned in one does not go, unless somebody lets it through."
    )
    noun = "freezes"
    noun_one = "freeze"
    breadcrumbs = (CALENDAR,)
    columns = (
        Column("name", "Freeze", sort="name", link=True),
        Column("starts_at", "From", sort="starts_at", value=lambda f: exact(f.starts_at), text=lambda f: f.starts_at),
        Column("ends_at", "Until", sort="ends_at", value=lambda f: exact(f.ends_at), text=lambda f: f.ends_at),
        Column("systems", "Systems", value=systems_of, hide_below=1000),
        Column("reason", "Why", hide_below=1300),
        Column("state", "State", value=lambda f: f.badge_at(now()), text=lambda f: f.badge_at(now()).label),
    )
    default_order = ("-starts_at",)
    search_fields = ("name", "reason")
    search_hint = "Name or reason"
    empty = Empty(
        "No freezes",
        "Set one for a time in which nothing is to be changed, such as the end of the year.",
        action=("Set a freeze", "changes:freeze-create"),
    )
    primary_action = ("Set a freeze", "changes:freeze-create", RUN)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with their systems."""
        rows = FreezeSystem.objects.select_related("system")
        return FreezeWindow.objects.prefetch_related(Prefetch("systems", queryset=rows))

    def get_filters(self) -> tuple[Filter, ...]:
        """Where they stand now."""
        active, at = Q(status=FreezeWindow.Status.ACTIVE), now()
        where = {
            "in_force": active & Q(starts_at__lte=at, ends_at__gt=at),
            "ahead": active & Q(starts_at__gt=at),
            "over": active & Q(ends_at__lte=at),
            "cancelled": Q(status=FreezeWindow.Status.CANCELLED),
        }
        choices = [("in_force", "In force"), ("ahead", "Ahead"), ("over", "Over"), ("cancelled", "Cancelled")]
        return (Filter("state", "State", choices=choices, where=where),)
