"""The lists of schedules, legal holds and certificates."""

from typing import Any

from django.db.models import QuerySet

from audit.exports import RecordsExports
from controls.sheets.screens import SheetList
from privacy.models import DeletionCertificate, InUse, LegalHold, RetentionSchedule
from privacy.retention.holding import kinds
from privacy.retention.sheet import REGISTER
from privacy.rights import HOLD, READ, WRITE
from ui.screens import Column, Empty, Filter, ListScreen
from workflow.retention import disposables


class ScheduleList(RecordsExports, ListScreen):
    """Retention schedules."""

    permission = READ
    template_name = "privacy/register_list.html"
    title = "Retention schedules"
    lede = (
        "How long data stays, and why. Plumbline deletes its own by itself; deletions elsewhere are reported as control events."
    )
    noun = "schedules"
    noun_one = "schedule"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("name", "Data", sort="name", wide=True),
        Column("where", "Where", value=lambda one: "Plumbline" if one.kind else (one.system.name if one.system else "Elsewhere")),
        Column("days", "Days kept", sort="days", numeric=True),
        Column("automatic", "By itself", sort="automatic", hide_below=1000),
        Column("ran_on", "Last run", sort="ran_on", hide_below=1300),
        Column("owner.name", "With", sort="owner__name", hide_below=1000),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("reference",)
    search_fields = ("reference", "name", "reason")
    search_hint = "Number or words"
    primary_action = ("Set a schedule", "privacy:schedule-create", WRITE)
    empty = Empty(
        "No schedules yet",
        "A schedule says how long one kind of data stays and why. What has none stays, or goes by the product's own rule.",
        action=("Set a schedule", "privacy:schedule-create"),
    )
    filters = (
        Filter("state", "State", choices=InUse.choices, lookup="status"),
        Filter("by_itself", "Deleted", choices=[("True", "By Plumbline"), ("False", "Otherwise")], lookup="automatic"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With whose it is and where."""
        return RetentionSchedule.objects.select_related("owner", "system")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way to take the register out and in."""
        may = self.request.member.can(WRITE)
        return super().get_context_data(register="schedule", register_import="privacy:schedule-import", may_import=may, **kwargs)


def covered(hold: LegalHold) -> str:
    """Of which data a hold is, in words."""
    known = dict(kinds())
    return ", ".join(known.get(one, one) for one in hold.kinds) or "All data"


class HoldList(SheetList, RecordsExports, ListScreen):
    """Legal holds."""

    permission = READ
    register = REGISTER
    title = "Legal holds"
    lede = "While a hold is in force nothing that it covers is deleted, whatever a schedule says and whoever was first."
    noun = "legal holds"
    noun_one = "legal hold"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("matter", "Matter", sort="matter", wide=True),
        Column("covers", "Of which data", value=covered, hide_below=1000),
        Column("since", "Data from", sort="since", hide_below=1300),
        Column("until", "To", sort="until", hide_below=1300),
        Column("placed_at", "Placed", sort="placed_at", hide_below=700),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-placed_at",)
    search_fields = ("reference", "matter")
    search_hint = "Number or matter"
    primary_action = ("Place a hold", "privacy:hold-create", HOLD)
    empty = Empty(
        "Nothing is held",
        "When a dispute or an inquiry is likely, what may matter to it must not be deleted. A hold sees to that at once.",
        action=("Place a hold", "privacy:hold-create"),
    )
    filters = (Filter("state", "State", choices=LegalHold.Status.choices, lookup="status"),)

    def get_queryset(self) -> QuerySet[Any]:
        """All of them."""
        return LegalHold.objects.all()


class CertificateList(RecordsExports, ListScreen):
    """What was deleted."""

    permission = READ
    title = "Deletions"
    lede = "What was deleted, how many, under which schedule, by whom, with the SHA-256 of the list of what went."
    noun = "certificates"
    noun_one = "certificate"
    columns = (
        Column("reference", "Number", sort="reference", link=True, whole=True),
        Column("what", "What", sort="what", wide=True),
        Column("count", "How many", sort="count", numeric=True),
        Column("held", "Held", sort="held", numeric=True, hide_below=1000),
        Column("under", "Under", sort="under", hide_below=1000),
        Column("by", "By", sort="by", hide_below=1300),
        Column("made_at", "When", sort="made_at"),
    )
    default_order = ("-made_at",)
    search_fields = ("reference", "what", "under")
    search_hint = "Number or words"
    empty = Empty(
        "Nothing was deleted yet", "Each deletion under a schedule or for a customer who left has its certificate here."
    )
    filters = (
        Filter("what", "What", choices=lambda _view: [(one.label, one.label) for one in disposables().values()], lookup="what"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """All of them."""
        return DeletionCertificate.objects.all()
