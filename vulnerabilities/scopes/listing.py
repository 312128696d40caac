"""The list of what is scanned."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from audit.exports import RecordsExports
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen
from vulnerabilities.models import PENDING, Scan, ScanScope, Tool
from vulnerabilities.rights import READ, WRITE


def with_last(scopes: Any) -> Any:
    """With when each was scanned last, and whether that could be evaluated."""
    last = Scan.objects.filter(scope=OuterRef("pk"), status=Scan.Status.KEPT).order_by("-ran_at")
    return scopes.annotate(last_at=Subquery(last.values("ran_at")[:1]), last_evaluable=Subquery(last.values("evaluable")[:1]))


def last_badge(scope: Any) -> Badge:
    """What the last scan came to."""
    if scope.last_evaluable is None:
        return Badge("Never scanned", "warn")
    return Badge("Evaluated", "ok") if scope.last_evaluable else Badge("Not evaluable", "bad")


def pending_of(scope: Any) -> int | None:
    """What is open; none where nobody ever looked."""
    return None if scope.last_at is None else int(scope.pending)


class ScopeList(RecordsExports, ListScreen):
    """What is scanned, and when it is due again."""

    permission = READ
    title = "What is scanned"
    lede = "Each repository, image, endpoint and account with what scans it. A scan that cannot be evaluated counts as none."
    noun = "scopes"
    noun_one = "scope"
    breadcrumbs = (("Vulnerabilities", "vulnerabilities:list"),)
    template_name = "vulnerabilities/scope_list.html"
    columns = (
        Column("name", "Scope", sort="name", link=True, wide=True),
        Column("tool", "Tool", sort="tool", hide_below=700),
        Column("system.name", "System", sort="system__name", hide_below=1000),
        Column("owner.name", "With", sort="owner__name", hide_below=1300),
        Column("last_at", "Last scan", sort="last_at", hide_below=1000, on_cards=True),
        Column("last_badge", "Last outcome", value=last_badge, text=lambda one: last_badge(one).label),
        Column("pending", "Open", sort="pending", numeric=True, value=pending_of),
        Column(
            "next_due_on",
            "Next scan",
            sort="next_due_on",
            template="vulnerabilities/cells/next_scan.html",
            text=lambda o: o.next_due_on,
        ),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display(), hide_below=1300),
    )
    default_order = ("status", "next_due_on")
    search_fields = ("name", "target", "system__name")
    search_hint = "Name, repository, image or host"
    primary_action = ("Add a scope", "vulnerabilities:scope-create", WRITE)
    empty = Empty(
        "Nothing is scanned yet",
        "A scope is a repository, an image or an endpoint that is scanned again and again with one tool. "
        "What a later scan no longer has counts as fixed.",
        action=("Add a scope", "vulnerabilities:scope-create"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With the last scan and what is open, in the same query."""
        pending = Count("vulnerabilities", filter=Q(vulnerabilities__status__in=PENDING))
        found: QuerySet[Any] = with_last(ScanScope.objects.select_related("system", "owner")).annotate(pending=pending)
        return found

    def get_filters(self) -> Sequence[Filter]:
        """Overdue depends on the organization's day."""
        late = Q(status="active", next_due_on__lt=self.request.organization.today())
        return (
            Filter("state", "State", choices=ScanScope.Status.choices, lookup="status"),
            Filter("tool", "Tool", choices=Tool.choices),
            Filter("due", "Next scan", choices=[("late", "Overdue")], where={"late": late}),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who may add endpoints."""
        return super().get_context_data(may_write=self.request.member.can(WRITE), **kwargs)
