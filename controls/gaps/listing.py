"""The list of gap analyses."""

from typing import Any

from django.db.models import Q

from audit.exports import RecordsExports
from controls.models import AuditPeriod, GapRun
from controls.status.readiness import Share
from ui.screens import Column, Empty, Filter, ListScreen


def period_choices(_screen: Any) -> list[tuple[str, str]]:
    """The periods that were analysed."""
    found = AuditPeriod.objects.filter(pk__in=GapRun.objects.order_by().values("period"))
    return [(str(one.pk), one.name) for one in found]


class GapList(RecordsExports, ListScreen):
    """Every gap analysis that was made."""

    permission = "controls.read"
    title = "Gap analyses"
    lede = (
        "Where a period stood on a day: controls that are not in place, why, and what to do. "
        "Each is kept unchanged; one is made by itself each quarter."
    )
    noun = "analyses"
    noun_one = "analysis"
    queryset = GapRun.objects.select_related("period", "made_by__user")
    columns = (
        Column("reference", "Analysis", sort="reference", link=True, whole=True),
        Column("as_of", "As of", sort="as_of"),
        Column("period.name", "Audit period", sort="period__name", hide_below=700),
        Column("readiness", "Readiness", value=lambda run: str(Share(run.implemented, run.in_scope))),
        Column("gaps", "Gaps", sort="gaps", numeric=True),
        Column("critical_gaps", "Critical gaps", sort="critical_gaps", numeric=True),
        Column("made_by", "Made by", value=lambda run: run.made_by.name if run.made_by else "Plumbline", hide_below=1000),
    )
    default_order = ("-made_at",)
    filters = (
        Filter("period", "Audit period", choices=period_choices, lookup="period_id"),
        Filter(
            "critical",
            "Critical gaps",
            choices=[("yes", "Some"), ("no", "None")],
            where={"yes": Q(critical_gaps__gt=0), "no": Q(critical_gaps=0)},
        ),
    )
    search_fields = ("reference", "period__name")
    search_hint = "Number or period"
    empty = Empty(
        "No gap analysis yet",
        "It says where your audit period stands today, which gaps there are and what to do first. "
        "From it you make the roadmap to the audit.",
        action=("Analyse the gaps", "controls:gap-create"),
    )
    primary_action = ("Analyse the gaps", "controls:gap-create", "controls.write")
