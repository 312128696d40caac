"""The list of scans."""

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from tenancy.models import Organization
from ui.screens import Column, DayFilter, Empty, Filter, ListScreen
from ui.values import exact
from vulnerabilities.models import Scan, ScanScope, Tool
from vulnerabilities.rights import READ, WRITE


class _OneScope(Filter):
    """The one scope that the address names: its page links here with it."""

    counted: ClassVar[bool] = False

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The scope named, if there is one."""
        try:
            key = uuid.UUID(screen.request.GET.get(self.name, ""))
        except ValueError:
            return []
        return [(str(one.pk), str(one)) for one in ScanScope.objects.filter(pk=key)]


IMPORT = ("Import a scan", "vulnerabilities:scan-choose", WRITE)


def _since(organization: Organization, day: dt.date) -> Q:
    return Q(ran_at__gte=organization.end_of(day - dt.timedelta(days=1)))


def _until(organization: Organization, day: dt.date) -> Q:
    return Q(ran_at__lt=organization.end_of(day))


def _why_not(scan: Any) -> str:
    return scan.withdrawn_reason or " ".join(scan.reasons)


class ScanList(RecordsExports, ListScreen):
    """Every scan, with what came of it."""

    permission = READ
    title = "Scans"
    lede = "What was scanned when, with what, and what came of it. Nothing here is changed; one imported wrongly is withdrawn."
    noun = "scans"
    noun_one = "scan"
    breadcrumbs = (("Vulnerabilities", "vulnerabilities:list"),)
    columns = (
        Column("reference", "Scan", sort="reference", link=True, whole=True),
        Column("scope.name", "Scope", sort="scope__name", wide=True),
        Column("tool", "Tool", sort="tool", hide_below=1000),
        Column("tool_version", "Version", hide_below=1300),
        Column("ran_at", "Ran", sort="ran_at", text=lambda one: exact(one.ran_at)),
        Column("outcome_badge", "Outcome", text=lambda one: one.outcome_badge.label),
        Column("checked", "Checked", numeric=True, hide_below=1300),
        Column("found", "Found", sort="found", numeric=True),
        Column("new", "New", sort="new", numeric=True, hide_below=1000),
        Column("reopened", "Back", sort="reopened", numeric=True, hide_below=1300),
        Column("fixed", "Gone", sort="fixed", numeric=True, hide_below=1300),
        Column("suppressed", "Suppressed", sort="suppressed", numeric=True, hide_below=1300),
        Column("reasons", "Why it does not count", value=_why_not, wide=True, hide_below=1500),
    )
    default_order = ("-ran_at",)
    search_fields = ("reference", "scope__name", "target")
    search_hint = "Number, scope or what was scanned"
    empty = Empty(
        "No scans yet",
        "Import what a scanner wrote: a scan belongs to what it scanned.",
        ("Import a scan", "vulnerabilities:scan-choose"),
    )
    primary_action = IMPORT

    def get_queryset(self) -> QuerySet[Any]:
        """With their scopes."""
        return Scan.objects.select_related("scope").defer("resources")

    def get_filters(self) -> Sequence[Filter]:
        """Days are those of the organization."""
        organization = self.request.organization
        kept = Q(status=Scan.Status.KEPT)
        outcome = {"yes": kept & Q(evaluable=True), "no": kept & Q(evaluable=False)}
        return (
            Filter("state", "State", choices=Scan.Status.choices, lookup="status"),
            Filter("evaluable", "Evaluable", choices=[("yes", "Evaluated"), ("no", "Not evaluable")], where=outcome),
            Filter("tool", "Tool", choices=Tool.choices),
            DayFilter("from", "From", within=partial(_since, organization)),
            DayFilter("to", "To", within=partial(_until, organization)),
            _OneScope("scope", "Scope", choices=(), lookup="scope_id"),
        )
