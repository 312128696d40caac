"""Changes and deployments: whether what went out had been approved before, and what was changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from changes.deployments.coverage import CLEARED, FROM_FILES, Accounted, accounted, within
from changes.models import Change, Classification, Deployment
from changes.models.change import ATTEMPTED
from controls.status.readiness import Share
from evidence.printing.words import Clock, plural
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

WITHOUT = (Classification.UNAPPROVED, Classification.UNMATCHED)
# The note of page one names these, in this order.
_NAMED = {
    Classification.EMERGENCY: ("emergency", "emergencies"),
    Classification.UNAPPROVED: ("unapproved", "unapproved"),
    Classification.UNMATCHED: ("without a change", "without a change"),
    Classification.APPROVED_AFTER: ("approved afterwards", "approved afterwards"),
}
DEFINITIONS = [
    (
        "Deployments approved beforehand",
        "Of the deployments that pipelines reported for the days of the report, to the environments that count, those whose "
        "change had been approved when they went out, by itself or by its template. An emergency that was agreed to by word, one "
        "that was approved afterwards, and one that belongs to no change stay in the denominator. On the "
        "pipeline's word are those that would not have been let through any more when their report came: that they had gone in "
        "time rests on the moment that was stated, as it does for all that an imported file lists.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was reported for the span: deployments by class, those to look at, and whether anything was ever reported."""

    found: Accounted
    exceptions: list[Deployment]
    measured: bool


def told(span: Span) -> Area:
    """Of the whole organization: changes belong to no period."""
    known, late = _known(span), list(_unwritten(span))
    return Area(
        figures=[_figure(known)],
        matters=list(_matters(known, late)),
        decisions=[*_decisions(known, span), *(_in_writing(one, span) for one in late)],
        sections=[_section(span, known)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    rows = within(span.organization, span.first, span.last).filter(deployed_at__lt=span.moment)
    found = accounted(rows)
    exceptions = list(
        rows.exclude(classification__in=CLEARED).select_related("change", "system__owner").order_by("deployed_at", "pk")
    )
    ever = bool(found.total) or Deployment.objects.filter(deployed_at__lt=span.since).exists()
    return _Known(found, exceptions, ever)


def _figure(known: _Known) -> Figure:
    found = known.found
    return Figure(
        key="deployments",
        label="Deployments approved beforehand",
        part=found.beforehand,
        whole=found.total,
        measured=known.measured,
        none="None was reported",
        note=", ".join(_noted(found)),
        rests_on={"on_word": found.on_word, "from_files": found.listed},
    )


def _noted(found: Accounted) -> Iterator[str]:
    """What page one says beside the figure: the exceptions, and what it rests on."""
    if found.total and found.beforehand == found.total:
        yield "all approved"
    yield from (f"{number:,} {words[number > 1]}" for one, words in _NAMED.items() if (number := found.counts[one]))
    if found.on_word:
        yield f"{found.on_word:,} on the pipeline's word"
    if found.listed:
        yield f"{found.listed:,} from files"


def _unwritten(span: Span) -> QuerySet[Change]:
    """Emergencies whose approval in writing is past due."""
    rows = Change.objects.filter(type=Change.Type.EMERGENCY, written_at__isnull=True, written_due_at__lt=span.moment)
    return rows.exclude(status__in=["withdrawn", "rejected"]).select_related("agreed_by").order_by("written_due_at", "reference")


def _matters(known: _Known, late: list[Change]) -> Iterator[Matter]:
    number = sum(known.found.counts.get(one, 0) for one in WITHOUT)
    if number:
        count = "one deployment" if number == 1 else f"{number:,} deployments"
        yield Matter(rank=2, text=f"{count} had no approval")
    if after := known.found.counts.get(Classification.APPROVED_AFTER, 0):
        yield Matter(rank=4, text=f"{plural(after, 'deployment was', 'deployments were')} approved only afterwards")
    if late:
        emergencies = plural(len(late), "emergency change was", "emergency changes were")
        yield Matter(rank=3, text=f"{emergencies} not approved in writing by the next business day")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    for one in known.exceptions:
        if one.classification in WITHOUT:
            owner = one.system.owner if one.system else None
            when = f"{one.deployed_at.astimezone(span.organization.tzinfo):%-d %B}"
            by = f", put out by {one.deployed_by}" if one.deployed_by else ""
            yield Decision(
                rank=2,
                what=f"Say how the deployment {one.external_id} of {when}{by}, came to be without an approval, and link it to "
                "its change, or undo it.",
                who=owner.name if owner else span.responsible,
                by=add_business_days(span.today, 3).isoformat(),
            )


def _in_writing(change: Change, span: Span) -> Decision:
    return Decision(
        rank=3,
        what=f"Approve the emergency {change.reference} {quoted(change.title)} in writing, or reject it: nobody has yet.",
        who=span.responsible,
        by=add_business_days(span.today, 1).isoformat(),
    )


def _section(span: Span, known: _Known) -> Section:
    by_type = _by_type(span)
    return Section(
        key="changes",
        title="Changes and deployments",
        sentence=f"{_deployed(known)} {_changed(by_type)}",
        tables=[_exceptions(span, known), _classes(known), _types(by_type)],
        notes=list(_notes(by_type, span)),
    )


def _deployed(known: _Known) -> str:
    if known.found.total:
        word = f", {known.found.on_word:,} of them on the pipeline's word" if known.found.on_word else ""
        files = f" {FROM_FILES.format(known.found.listed, 'them')}" if known.found.listed else ""
        return f"{Share(known.found.beforehand, known.found.total)} deployments were approved beforehand{word}.{files}"
    return "No deployment was reported in these days." if known.measured else "No pipeline has reported a deployment yet."


Counts = dict[str, dict[str, int]]


def _by_type(span: Span) -> Counts:
    """What happened to changes of each type in the span; one query."""
    within_ = {"gte": span.since, "lt": span.until}
    raised, done = (Q(**{f"{name}__{how}": at for how, at in within_.items()}) for name in ("raised_at", "implemented_at"))
    undone = done & Q(outcome__in=[Change.Outcome.FAILED, Change.Outcome.ROLLED_BACK])
    approved = Q(**{f"approved_at__{how}": at for how, at in within_.items()})
    counts = {"raised": raised, "approved": approved, "done": done, "undone": undone}
    rows: Any = Change.objects.filter(raised | approved | done).order_by().values("type")
    found = rows.annotate(**{name: Count("pk", filter=which) for name, which in counts.items()})
    return {row.pop("type"): row for row in found}


def _changed(by_type: Counts) -> str:
    done = sum(one["done"] for one in by_type.values())
    undone = sum(one["undone"] for one in by_type.values())
    if not done:
        return "No change was carried out."
    words = plural(done, "change was", "changes were") + " carried out"
    return f"{words}, {undone:,} of them failed or undone." if undone else f"{words}, none of them failed or was undone."


def _notes(by_type: Counts, span: Span) -> Iterator[str]:
    done = sum(one["done"] for one in by_type.values())
    urgent = by_type.get(Change.Type.EMERGENCY, {}).get("done", 0)
    if done:
        yield f"Emergencies: {Share(urgent, done)} changes carried out."
    needed = Q(type=Change.Type.EMERGENCY) | Q(status__in=["failed", "rolled_back"])
    late = Change.objects.filter(needed, status__in=ATTEMPTED, review_due_on__lt=span.today).count()
    if late:
        yield f"{plural(late, 'review', 'reviews')} after a change was carried out {'is' if late == 1 else 'are'} past due."


def _exceptions(span: Span, known: _Known) -> Table:
    clock = Clock(str(span.organization.zone))
    return Table(
        title="Deployments that were not approved beforehand",
        columns=[
            Column(label="Deployment", width=26),
            Column(label="When", width=20),
            Column(label="By", width=14),
            Column(label="Class", width=14),
            Column(label="Why", width=26),
        ],
        rows=[
            [
                f"{one.external_id} to {one.environment}" + (f", {one.change.reference}" if one.change else ""),
                clock.short(one.deployed_at.isoformat()),
                one.deployed_by or "Not said",
                one.get_classification_display(),
                one.get_reason_display(),
            ]
            for one in known.exceptions
        ],
        none="Every deployment was approved beforehand." if known.found.total else "",
        exceptions=True,
    )


def _classes(known: _Known) -> Table:
    rows = [[str(one.label), f"{known.found.counts[one]:,}"] for one in Classification if known.found.counts.get(one)]
    return Table(
        title="Deployments by how they are accounted for",
        columns=[Column(label="Class", width=70), Column(label="Deployments", width=30, numeric=True)],
        rows=[[*row] for row in rows],
        total=["All", f"{known.found.total:,}"] if len(rows) > 1 else [],
        none="",
    )


def _types(by_type: Counts) -> Table:
    names = {"raised": "Raised", "approved": "Approved", "done": "Carried out", "undone": "Failed or undone"}
    rows = [[str(one.label), *(f"{by_type[one][name]:,}" for name in names)] for one in Change.Type if one in by_type]
    return Table(
        title="Changes by type, in these days",
        columns=[Column(label="Type", width=28), *(Column(label=label, width=18, numeric=True) for label in names.values())],
        rows=[[*row] for row in rows],
        total=["All", *(f"{sum(one[name] for one in by_type.values()):,}" for name in names)] if len(rows) > 1 else [],
        none="",
    )
