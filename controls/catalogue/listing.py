"""The control table: each control with both axes of its status in the chosen period."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import FilteredRelation, Q, QuerySet

from audit.exports import RecordsExports
from controls.catalogue.actions import assign_owner
from controls.catalogue.forms import OwnerForm
from controls.criteria import CRITERIA, CRITERION_CHOICES, FAMILIES
from controls.models import AuditPeriod, Control, ControlCriterion
from controls.models.control import Cadence, Priority
from controls.models.state import Design, Operation, Reason
from controls.periods.current import InPeriod
from controls.status.parts import Part, parts_of
from inventory.models import Person
from ui.screens import Bulk, BulkResult, Column, Empty, Filter, ListScreen

NOBODY = "nobody"


def in_period(controls: QuerySet[Control], period: AuditPeriod | None) -> QuerySet[Any]:
    """Each with `state`, its state in the period where there is one, for filtering (`state__design`) and ordering too."""
    joined: QuerySet[Any] = controls.annotate(state=FilteredRelation("states", condition=Q(states__period=period)))
    return joined.select_related("owner", "state")


def answering(criteria: list[str]) -> Q:
    """Controls that answer one of these criteria."""
    return Q(pk__in=ControlCriterion.objects.filter(criterion__in=criteria).values("control"))


def owner_choices(_screen: Any) -> list[tuple[str, str]]:
    """Everybody who owns a control, and nobody."""
    people = Person.objects.filter(pk__in=Control.objects.order_by().values("owner")).values_list("pk", "name")
    return [(NOBODY, "Nobody"), *((str(key), name) for key, name in people)]


class _OwnerFilter(Filter):
    """By owner, or by having none."""

    def condition(self, value: str) -> Q:
        return Q(owner__isnull=True) if value == NOBODY else Q(owner=value)


class _CriterionFilter(Filter):
    """Which criterion: 61 choices, each a search of its own, so that counting beside them would cost more than the list."""

    counted: ClassVar[bool] = False


def of_state(name: str) -> Any:
    """The value of a derived field, nothing where the control has no state in the period."""
    return lambda control: getattr(getattr(control, "state", None), name, None)


def scope_filter(parts: Mapping[str, Part]) -> Filter:
    """In scope as a whole or by one of its parts, or not in scope."""
    inside = {key: Q(state__in_scope=True) & part.holds("pk") for key, part in parts.items() if not part.is_whole}
    return Filter(
        "scope",
        "Scope",
        choices=[("yes", "In scope"), ("no", "Not in scope"), *((key, f"In scope: {parts[key].label}") for key in inside)],
        where={"yes": Q(state__in_scope=True), "no": Q(state__in_scope=False) | Q(state__in_scope__isnull=True), **inside},
    )


class ControlList(InPeriod, RecordsExports, ListScreen):
    """Every control with its status and why it is not better."""

    permission = "controls.read"
    title = "Controls"
    template_name = "controls/control_list.html"
    noun = "controls"
    noun_one = "control"
    columns = (
        Column("code", "Control", sort="code", link=True, whole=True),
        Column("title", "Title", sort="title", wide=True),
        Column("owner.name", "Owner", sort="owner__name", hide_below=1000, on_cards=True),
        Column("cadence", "Frequency", sort="cadence", hide_below=1500),
        Column("design", "Design", sort="state__design", value=of_state("design_badge")),
        Column("operation", "Operation", sort="state__operation", value=of_state("operation_badge")),
        Column(
            "reasons",
            "Why",
            value=of_state("reason_words"),
            template="controls/cells/reasons.html",
            text=of_state("reason_words"),
            wide=True,
            hide_below=1000,
            on_cards=True,
        ),
        Column(
            "evidence", "Evidence", sort="state__evidence_count", value=of_state("evidence_count"), numeric=True, hide_below=1500
        ),
        Column("tested", "Last tested", sort="state__last_tested_on", value=of_state("last_tested_on"), hide_below=1300),
        Column("due", "Next due", sort="state__next_due_on", value=of_state("next_due_on"), hide_below=700, on_cards=True),
    )
    default_order = ("status", "code")
    filters = (
        Filter("design", "Design", choices=Design.choices, lookup="state__design", multiple=True),
        Filter("operation", "Operation", choices=Operation.choices, lookup="state__operation"),
        Filter("priority", "Priority", choices=Priority.choices),
        Filter("status", "State", choices=Control.Status.choices),
        Filter(
            "reason",
            "Reason",
            choices=Reason.choices,
            where={value: Q(state__reasons__contains=[value]) for value in Reason.values},
        ),
        Filter("cadence", "Frequency", choices=Cadence.choices),
        Filter(
            "family",
            "Criteria family",
            choices=[(family, f"{family} {title}") for family, title in FAMILIES.items()],
            where={family: answering([k for k, c in CRITERIA.items() if c.family == family]) for family in FAMILIES},
        ),
        _CriterionFilter("criterion", "Criterion", choices=CRITERION_CHOICES, where={key: answering([key]) for key in CRITERIA}),
        _OwnerFilter("owner", "Owner", choices=owner_choices),
    )
    search_fields = ("code", "title", "owner__name")
    search_hint = "Code, title or owner"
    bulk_actions = (Bulk("assign", "Assign to", permission="controls.write", form=OwnerForm),)
    empty = Empty(
        "No controls yet",
        "A control is what you do so that a criterion is met. Add your own, or adopt starter controls and edit them.",
    )
    primary_action = ("Add a control", "controls:create", "controls.write")

    def get_queryset(self) -> QuerySet[Any]:
        """With their state in the period."""
        return in_period(Control.objects.all(), self.period)

    def get_filters(self) -> Sequence[Filter]:
        """The parts of the scope are those of the period."""
        return (*self.filters, scope_filter(self.parts))

    @cached_property
    def parts(self) -> dict[str, Part]:
        """What the period covers."""
        return parts_of(self.period) if self.period else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the period, which the page names."""
        may_write = self.request.member.can("controls.write")
        return super().get_context_data(period=self.period, may_write=may_write, **kwargs)

    def get_empty(self) -> Empty:
        """Who may write begins with the ten questions."""
        begin = ("Begin with ten questions", "controls:setup-questions")
        return replace(self.empty, action=begin) if self.request.member.can("controls.write") else self.empty

    def bulk_assign(self, selection: QuerySet[Any], form: OwnerForm) -> BulkResult:
        """Give them to one person."""
        chosen = list(Control.objects.filter(pk__in=selection.order_by().values("pk")))
        owner = form.cleaned_data["owner"]
        done = assign_owner(chosen, owner, actor=self.request.member)
        changed = {control.pk for control in done}
        there = {control.pk: "With them already." for control in chosen if control.pk not in changed}
        return BulkResult(done=changed, refused=there)
