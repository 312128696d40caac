"""The list of TLS endpoints, with what each showed last."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ui.components import Badge
from ui.screens import Column, Empty, Filter
from vulnerabilities.endpoints.judging import NEWEST, OLD
from vulnerabilities.models import ScanScope, TlsResult, Tool
from vulnerabilities.rights import WRITE
from vulnerabilities.scopes.listing import ScopeList, last_badge, pending_of


def protocol_badge(scope: Any) -> Badge | None:
    """The protocol in a tone: below 1.2 fails, 1.3 is preferred."""
    if not scope.protocol:
        return None
    return Badge(scope.protocol, "bad" if scope.protocol in OLD else "ok" if scope.protocol == NEWEST else "info")


class EndpointList(ScopeList):
    """Endpoints whose TLS Plumbline checks by itself."""

    title = "TLS endpoints"
    lede = "Plumbline shakes hands with each every week: protocol, certificate and chain, kept with their history."
    noun = "endpoints"
    noun_one = "endpoint"
    template_name = "ui/list.html"
    columns = (
        Column("name", "Endpoint", sort="name", link=True, wide=True),
        Column("target", "Host and port", sort="target", hide_below=700),
        Column("protocol", "Protocol", value=protocol_badge, sort="protocol", text=lambda one: one.protocol or ""),
        Column("issuer", "Issuer", hide_below=1300),
        Column("until", "Certificate until", sort="until", hide_below=700),
        Column("last_at", "Last check", sort="last_at", hide_below=1000),
        Column("last_badge", "Last outcome", value=last_badge, text=lambda one: last_badge(one).label),
        Column("pending", "Open", sort="pending", numeric=True, value=pending_of),
        Column(
            "next_due_on",
            "Next check",
            template="vulnerabilities/cells/next_scan.html",
            text=lambda o: o.next_due_on,
            hide_below=1000,
        ),
    )
    primary_action = ("Add a TLS endpoint", "vulnerabilities:endpoint-create", WRITE)
    empty = Empty(
        "No TLS endpoints yet",
        "Name what the public reaches: Plumbline connects each week, and says when TLS is old or a certificate ends.",
        action=("Add a TLS endpoint", "vulnerabilities:endpoint-create"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """Endpoints, with the last that each showed."""
        last = TlsResult.objects.filter(scan__scope=OuterRef("pk")).order_by("-scan__ran_at")
        facts = {
            name: Subquery(last.values(of)[:1])
            for name, of in (("protocol", "protocol"), ("until", "not_after"), ("issuer", "issuer"))
        }
        found: QuerySet[Any] = super().get_queryset().filter(tool=Tool.TLS).annotate(**facts)
        return found

    def get_filters(self) -> Sequence[Filter]:
        """Overdue depends on the organization's day."""
        late = Q(status="active", next_due_on__lt=self.request.organization.today())
        return (
            Filter("state", "State", choices=ScanScope.Status.choices, lookup="status"),
            Filter("due", "Next check", choices=[("late", "Overdue")], where={"late": late}),
        )
