"""The list of changes, with the views that people come back to."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from audit.exports import RecordsExports
from changes.drafting import words
from changes.drafting.about import EVERYBODY
from changes.drafting.kept_views import KEPT
from changes.drafting.named_views import VIEWS, Views
from changes.models import Change, ChangeSystem, Kind
from changes.models.change import APPROVED, OVER, WAITING
from changes.rights import RAISE, READ, RUN, visible_to
from inventory.models import System
from ui.components import Badge, Tone
from ui.screens import Column, Empty, Filter, ListScreen

Status = Change.Status
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
        Column("type", "Type", sort="type", hide_below=1300, whole=True),
        Column("kind", "Kind", sort="kind", hide_below=1500, whole=True),
        Column("risk_badge", "Risk", value=risk_badge, text=lambda one: one.get_risk_display()),
        Column("affects", "Systems", hide_below=1300, names=True),
        Column("requester.name", "Asked for by", sort="requester__name", hide_below=1000),
        Column("window_from", "Planned", sort="window_from", hide_below=1000),
        Column("raised_at", "Raised", sort="raised_at", hide_below=1600, whole=True),
        Column("status_badge", "State", sort="status", text=lambda one: one.get_status_display()),
    )
    default_order = ("-raised_at",)
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

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        """By the beginnings of words."""
        return words.having(queryset, text)

    @cached_property
    def views(self) -> Views:
        """What each view holds for this member."""
        return Views(self.request.member)

    @cached_property
    def systems(self) -> list[tuple[str, str]]:
        """Those in use."""
        rows = System.objects.filter(status=System.Status.ACTIVE).order_by("name").values_list("pk", "name")
        return [(str(key), name) for key, name in rows]

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
            Filter("view", "View", choices=VIEWS, where=self.views),
            Filter("state", "State", choices=named, where=states),
            Filter("type", "Type", choices=Change.Type.choices),
            Filter("kind", "Kind", choices=Kind.choices),
            Filter("risk", "Risk", choices=risks, where={**{key: Q(risk=key) for key in Change.Risk.values}, "none": Q(risk="")}),
            Filter("system", "System", choices=self.systems, where=_Affecting()),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the views this member keeps, unless only rows are asked for."""
        own = [] if kwargs.get("fragment") else list(KEPT.of(self.request.member))
        return super().get_context_data(own_views=own, may_import=self.request.member.can(RUN), **kwargs)


class _Affecting(dict[str, Q]):
    """Changes that affect a system, by its key; without a join, which would count a change once for each system."""

    def __missing__(self, key: str) -> Q:
        """The condition."""
        return Q(Exists(ChangeSystem.objects.filter(change=OuterRef("pk"), system=UUID(key))))
