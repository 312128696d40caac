"""The list of changes, with the views that people come back to."""

import datetime as dt
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import OuterRef, Q, QuerySet, Subquery

from audit.exports import RecordsExports
from changes.approving.waiting import waiting_for
from changes.calendar.moments import day_begins
from changes.drafting.about import EVERYBODY
from changes.models import Change, ChangeSystem, Kind
from changes.models.change import APPROVED, OVER, WAITING
from changes.rights import RAISE, READ, RUN, visible_to
from inventory.models import System
from ui.components import Badge, Tone
from ui.screens import Column, Empty, Filter, ListScreen

Status = Change.Status
REVIEWABLE = ("implemented", "failed", "rolled_back")
VIEWS = [("waiting", "Waiting for me"), ("mine", "My requests"), ("week", "This week"), ("review", "Overdue review")]
_RISK: dict[str, Tone] = {"high": "bad", "medium": "warn", "low": "ok"}


def risk_badge(change: Change) -> Badge | None:
    """The level as a word in a tone; nothing while it is not known."""
    tone = _RISK.get(change.risk)
    return Badge(change.get_risk_display(), tone) if tone else None


class ChangeList(RecordsExports, ListScreen):
    """Every change, from its draft to its end."""

    permission = EVERYBODY
    title = "Changes"
    template_name = "changes/change_list.html"
    noun = "changes"
    noun_one = "change"
    columns = (
        Column("reference", "Change", sort="reference", link=True, whole=True),
        Column("title", "Title", sort="title", wide=True),
        Column("type", "Type", sort="type", hide_below=1300),
        Column("kind", "Kind", sort="kind", hide_below=1300),
        Column("risk_badge", "Risk", value=risk_badge, text=lambda one: one.get_risk_display()),
        Column("affects", "Systems", hide_below=1300),
        Column("requester.name", "Asked for by", sort="requester__name", hide_below=1000),
        Column("window_from", "Planned", sort="window_from", hide_below=1000),
        Column("raised_at", "Raised", sort="raised_at", hide_below=1300),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-raised_at",)
    search_fields = ("reference", "title", "requester__name", "repository")
    search_hint = "Number, words, person or repository"
    primary_action = ("New change", "changes:create", RAISE)

    @property
    def lede(self) -> str:  # type: ignore[override]
        """What is shown depends on the role."""
        if self.request.member.can(READ):
            return "What is changed, who approved it, and what came of it."
        return "The changes you asked for, work on, follow or may approve."

    @property
    def empty(self) -> Empty:  # type: ignore[override]
        """The first is written here, or comes from where it happens."""
        why = "A change says what will be different, what could go wrong and how it is undone."
        sample = ("Sample file", "changes:sample") if self.request.member.can(RUN) else None
        return Empty("No changes yet", why, ("New change", "changes:create"), sample)

    def get_queryset(self) -> QuerySet[Any]:
        """What this member may see; the names of systems in the same query."""
        names = ChangeSystem.objects.filter(change=OuterRef("pk")).order_by().values("change")
        joined = names.annotate(names=StringAgg("system__name", ", ", order_by="system__name")).values("names")
        return visible_to(self.request.member).annotate(affects=Subquery(joined))

    def get_filters(self) -> tuple[Filter, ...]:
        """Views depend on the member and on the organization's day."""
        states = {
            "pending": ~Q(status__in=OVER),
            "waiting": Q(status__in=WAITING),
            "approved": Q(status__in=APPROVED),
            **{f"is-{value}": Q(status=value) for value in Status.values},
        }
        named = [("pending", "All not over"), *((f"is-{value}", label) for value, label in Status.choices)]
        risks = [*Change.Risk.choices, ("none", "Not known")]
        return (
            Filter("view", "View", choices=VIEWS, where=views(self.request.member)),
            Filter("state", "State", choices=named, where=states),
            Filter("type", "Type", choices=Change.Type.choices),
            Filter("kind", "Kind", choices=Kind.choices),
            Filter("risk", "Risk", choices=risks, where={**{key: Q(risk=key) for key in Change.Risk.values}, "none": Q(risk="")}),
            Filter("system", "System", choices=_systems, lookup="systems__system_id"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who may bring changes in."""
        return super().get_context_data(may_import=self.request.member.can(RUN), **kwargs)


def views(member: Any) -> dict[str, Q]:
    """The named views of a member: what each holds."""
    today: dt.date = member.organization.today()
    monday = today - dt.timedelta(days=today.weekday())
    start, end = day_begins(monday), day_begins(monday + dt.timedelta(days=7))
    to_do = Q(implementer__member=member.pk, status__in=APPROVED)
    within = Q(window_from__lt=end) & (Q(window_until__gte=start) | Q(window_until=None, window_from__gte=start))
    return {
        "waiting": Q(pk__in=waiting_for(member).values("pk")) | to_do | reviews_of(member),
        "mine": Q(raised_by=member.pk) | Q(requester__member=member.pk),
        "week": within,
        "review": Q(status__in=REVIEWABLE, review_due_on__lt=today),
    }


def reviews_of(member: Any) -> Q:
    """What was carried out and this member is to review: they verify it, or asked for it while nobody is named."""
    asked = Q(verifier=None) & (Q(raised_by=member.pk) | Q(requester__member=member.pk))
    return Q(status__in=REVIEWABLE, review_due_on__isnull=False) & (Q(verifier__member=member.pk) | asked)


def _systems(_screen: ChangeList) -> list[tuple[str, str]]:
    """Those in use."""
    rows = System.objects.filter(status=System.Status.ACTIVE).order_by("name").values_list("pk", "name")
    return [(str(key), name) for key, name in rows]
