"""The list of incidents."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import Member
from audit.exports import RecordsExports
from incidents.models import Incident, IncidentSystem, Kind
from incidents.models.incident import ONGOING, PENDING
from incidents.models.severity import asked
from incidents.rights import EVERYBODY, READ, REPORT, WORK, part_in, visible_to
from inventory.models import System
from tenancy.scope import now
from ui.screens import Column, Empty, Filter, ListScreen

VIEWS = [
    ("mine", "With me"),
    ("nobody", "With nobody"),
    ("unseen", "Not acknowledged"),
    ("late", "Acknowledgement overdue"),
    ("review", "Review overdue"),
]


class IncidentList(RecordsExports, ListScreen):
    """Every incident that the member may see."""

    permission = EVERYBODY
    title = "Incidents"
    noun = "incidents"
    noun_one = "incident"
    columns = (
        Column("reference", "Incident", sort="reference", link=True, whole=True),
        Column("title", "What went wrong", sort="title", wide=True, template="incidents/cells/title.html"),
        Column("severity_badge", "Severity", sort="severity", text=lambda one: one.severity_words),
        Column("kind", "Kind", sort="kind", hide_below=1300, whole=True),
        Column("affects", "Systems", hide_below=1300),
        Column("assigned_to.name", "With", sort="assigned_to__user__name", hide_below=1000),
        Column("detected_at", "Detected", sort="detected_at", hide_below=1000, whole=True, on_cards=True),
        Column("resolved_at", "Resolved", sort="resolved_at", hide_below=1300, whole=True),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-reported_at",)
    search_hint = "Number, words or person"
    primary_action = ("Open an incident", "incidents:create", WORK)
    empty = Empty(
        "No incidents",
        "An incident is opened by somebody, out of a report that was evaluated, or by a check that found something down.",
        action=("Report something", "incidents:report"),
    )

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "What went wrong, who was on it, and when it was put right. Confidential ones are seen by their team only."
        return "The incidents you have a part in."

    def get_primary_action(self) -> tuple[str, str, str] | None:
        """Whoever does not read incidents reports what looks wrong; somebody else says whether it is one."""
        return self.primary_action if self.request.member.can(READ) else ("Report something", "incidents:report", REPORT)

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see; the names of systems in the same query."""
        names = IncidentSystem.objects.filter(incident=OuterRef("pk")).order_by().values("incident")
        joined = names.annotate(names=StringAgg("system__name", ", ", order_by="system__name")).values("names")
        rows = visible_to(self.request.member).select_related("assigned_to__user")
        return rows.annotate(affects=Subquery(joined))

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """The one whose number it is; or those with every word in the number, the title, or the name of whom it is with."""
        exactly = queryset.filter(reference=text.strip().upper())
        if exactly.exists():
            return exactly
        for word in text.split():
            people = Member.objects.filter(user__name__icontains=word).values("pk")
            queryset = queryset.filter(Q(reference__icontains=word) | Q(title__icontains=word) | Q(assigned_to__in=people))
        return queryset

    @cached_property
    def systems(self) -> list[tuple[str, str]]:
        """Those in use."""
        rows = System.objects.filter(status=System.Status.ACTIVE).order_by("name").values_list("pk", "name")
        return [(str(key), name) for key, name in rows]

    def get_filters(self) -> tuple[Filter, ...]:
        """Views depend on the member and on the organization's day."""
        today = self.request.organization.today()
        grades, which = asked()
        unseen = Q(acknowledged_at=None, status__in=ONGOING)
        views = {
            "mine": part_in(self.request.member) & Q(status__in=PENDING),
            "nobody": Q(assigned_to=None, status__in=PENDING),
            "unseen": unseen,
            "late": unseen & Q(acknowledge_due_at__lt=now()),
            "review": Q(status=Incident.Status.RESOLVED, review_due_on__lt=today),
        }
        states = {"pending": Q(status__in=PENDING), **{value: Q(status=value) for value in Incident.Status.values}}
        secret = {"yes": Q(confidential=True), "no": Q(confidential=False)}
        return (
            Filter("view", "View", choices=VIEWS, where=views),
            Filter("state", "State", choices=[("pending", "All not over"), *Incident.Status.choices], where=states),
            Filter("severity", "Severity", choices=grades, where=which),
            Filter("kind", "Kind", choices=Kind.choices),
            Filter("system", "System", choices=self.systems, where=_Affecting()),
            Filter("confidential", "Confidential", choices=[("yes", "Confidential"), ("no", "Not confidential")], where=secret),
        )


class _Affecting(dict[str, Q]):
    """Incidents that affect a system, by its key; without a join, which would count one once for each system."""

    def __missing__(self, key: str) -> Q:
        """The condition."""
        return Q(Exists(IncidentSystem.objects.filter(incident=OuterRef("pk"), system=UUID(key))))
