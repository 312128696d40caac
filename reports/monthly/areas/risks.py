"""Risks: the gravest as they are rated with their controls, what is late, and when they were assessed as a whole."""

from collections.abc import Iterator
from typing import Any

from evidence.printing.words import day, plural
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Decision, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span
from risks.assessing.due import YEAR, latest_approved
from risks.models import Level, Risk, RiskTask, Treatment
from risks.scales.standing import scale_in_force

TOP = 10
GRAVE = ("high", "critical")
DEFINITIONS = [
    (
        "Top risks",
        "The risks that are not closed, by likelihood times impact with their controls, on the scale on which each was rated; as "
        "they were when the data was taken.",
    )
]


def told(span: Span) -> Area:
    """Of the whole organization: risks belong to no period. Nothing where nobody keeps a register."""
    pending = list(_pending(span))
    if not pending:
        return Area()
    late = [one for one in pending if one.next_review_on < span.today]
    tasks = list(_late_tasks(span))
    return Area(
        matters=list(_matters(pending, late, span)),
        decisions=list(_decisions(pending, span)),
        sections=[_section(span, pending, late, tasks)],
        definitions=DEFINITIONS,
    )


def _pending(span: Span) -> Iterator[Risk]:
    rows = Risk.objects.exclude(status=Risk.Status.CLOSED).filter(raised_at__lt=span.moment)
    return rows.select_related("owner", "scale").order_by("-residual_score", "reference").iterator(chunk_size=2000)


def _late_tasks(span: Span) -> Any:
    rows = RiskTask.objects.filter(status=RiskTask.Status.OPEN, due_on__lt=span.today)
    return rows.select_related("risk", "owner").order_by("due_on", "pk")


def _matters(pending: list[Risk], late: list[Risk], span: Span) -> Iterator[Matter]:
    grave = [one for one in late if one.residual_level in GRAVE]
    if grave:
        yield Matter(rank=4, text=f"{plural(len(grave), 'grave risk was', 'grave risks were')} not reviewed in time")
    undecided = [one for one in pending if one.residual_level in GRAVE and not one.treatment]
    if undecided:
        yield Matter(rank=4, text=f"{plural(len(undecided), 'grave risk has', 'grave risks have')} no treatment")
    last = latest_approved()
    if last is None:
        yield Matter(rank=4, text="no assessment of risks was approved yet")
    elif last.as_of and last.as_of + YEAR < span.today:
        yield Matter(rank=3, text=f"the last assessment of risks is of {day(last.as_of.isoformat())}")


def _decisions(pending: list[Risk], span: Span) -> Iterator[Decision]:
    by = add_business_days(span.today, 5).isoformat()
    for one in pending:
        if one.status == Risk.Status.OPEN and one.treatment == Treatment.ACCEPT:
            what = f"Accept {one.reference} {quoted(one.statement)} by name until a day, or have it treated."
            yield Decision(rank=5, what=what, who=span.responsible, by=by)
        elif one.residual_level in GRAVE and not one.treatment:
            yield Decision(
                rank=4, what=f"Choose what is done about {one.reference} {quoted(one.statement)}.", who=one.owner.name, by=by
            )


def _section(span: Span, pending: list[Risk], late: list[Risk], tasks: list[RiskTask]) -> Section:
    grave = sum(one.residual_level in GRAVE for one in pending)
    accepted = sum(one.status == Risk.Status.ACCEPTED for one in pending)
    words = f"{plural(len(pending), 'risk is', 'risks are')} in the register, {grave:,} of them grave with their controls."
    more = f" {accepted:,} {'is' if accepted == 1 else 'are'} accepted by name." if accepted else ""
    return Section(
        key="risks",
        title="Risks",
        sentence=f"{words}{more} {_assessed()}",
        tables=[_late(late, tasks), _top(pending), _levels(pending)],
    )


def _assessed() -> str:
    last = latest_approved()
    if last is None or last.as_of is None:
        return "They were not assessed as a whole yet."
    name = last.approved_by.name if last.approved_by else "Plumbline"
    return f"They were assessed as a whole as of {day(last.as_of.isoformat())} ({last.reference}, approved by {name})."


def _late(late: list[Risk], tasks: list[RiskTask]) -> Table:
    rows = [[f"{one.reference} {one.statement}", "Review", day(one.next_review_on.isoformat()), one.owner.name] for one in late]
    rows += [[f"{one.risk.reference} {one.title}", "Task", day(one.due_on.isoformat()), one.owner.name] for one in tasks]
    return Table(
        title="Overdue",
        columns=[
            Column(label="Risk", width=52),
            Column(label="What", width=12),
            Column(label="Due", width=16),
            Column(label="With", width=20),
        ],
        rows=[[*row] for row in rows],
        none="No review and no task is overdue.",
        exceptions=True,
    )


def _top(pending: list[Risk]) -> Table:
    rated = [one for one in pending if one.residual_score][:TOP]
    return Table(
        title=f"Top risks, of {plural(len(pending), 'risk')}",
        columns=[
            Column(label="Risk", width=38),
            Column(label="With the controls", width=26),
            Column(label="Treatment", width=16),
            Column(label="With", width=20),
        ],
        rows=[
            [
                f"{one.reference} {one.statement}",
                one.residual.words if one.residual else "",
                one.get_treatment_display() or "Not chosen",
                one.owner.name,
            ]
            for one in rated
        ],
        none="None is rated yet.",
    )


def _levels(pending: list[Risk]) -> Table:
    scale = scale_in_force()
    rows = []
    for key in reversed(Level.values):
        before = sum(one.inherent.level == key for one in pending if one.inherent)
        after = sum(one.residual_level == key for one in pending)
        if before or after:
            rows.append([scale.level_word(key), f"{before:,}", f"{after:,}"])
    return Table(
        title="Risks by level",
        columns=[
            Column(label="Level", width=40),
            Column(label="Without controls", width=30, numeric=True),
            Column(label="With the controls", width=30, numeric=True),
        ],
        rows=[[*row] for row in rows],
        none="",
    )
