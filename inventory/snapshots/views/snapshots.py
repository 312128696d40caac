"""The list of populations."""

from audit.exports import RecordsExports
from inventory.models import Snapshot
from inventory.systems.views import system_choices
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen


def short_check(snapshot: Snapshot) -> Badge | None:
    """The check in a word, as a list has no room for the sentence."""
    badge = snapshot.check_badge
    return Badge("Checked", "ok") if badge and badge.tone == "ok" else badge


class SnapshotList(RecordsExports, ListScreen):
    """All populations, imported and being prepared."""

    permission = "snapshots.read"
    title = "Populations"
    noun = "populations"
    noun_one = "population"
    queryset = Snapshot.objects.select_related("system", "imported_by__user")
    columns = (
        Column("system.name", "System", sort="system__name", link=True),
        Column("as_of", "As of", sort="as_of"),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
        Column("check", "Check", value=short_check, text=lambda one: str(one.check_badge or "")),
        Column("rows_accepted", "Entitlements", sort="rows_accepted", numeric=True, hide_below=700),
        Column("account_count", "Accounts", sort="account_count", numeric=True, hide_below=1300),
        Column("rows_rejected", "Rejected", sort="rows_rejected", numeric=True, hide_below=1300),
        Column("reasons", "Why not complete", hide_below=1300, value=lambda one: " ".join(one.incomplete_reasons)),
        Column("imported_at", "Imported", sort="imported_at", hide_below=1300),
    )
    default_order = ("-as_of",)
    filters = (
        Filter("system", "System", choices=system_choices, lookup="system_id"),
        Filter("status", "State", choices=Snapshot.Status.choices, multiple=True),
    )
    search_fields = ("system__name", "extracted_by", "query")
    search_hint = "System, extractor or report"
    empty = Empty(
        "No population yet",
        "A population is everything a system's own export says about who may do what. Reviews and verified removals need one.",
        action=("Import a population", "inventory:snapshot-create"),
        sample=("Sample file", "inventory:snapshot-sample"),
    )
    primary_action = ("Import a population", "inventory:snapshot-create", "snapshots.write")
