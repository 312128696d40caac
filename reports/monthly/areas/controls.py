"""Whether the controls are in place: readiness, by family, and those that are not."""

from collections.abc import Iterator

from controls.criteria import FAMILIES
from controls.models.control import Priority
from controls.models.state import Design, Reason
from evidence.printing.words import plural
from inventory.removals.due import add_business_days
from reports.monthly.areas.words import quoted
from reports.monthly.data import Bar, Cell, Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span
from reports.monthly.standing import Standing, share_of

ORDER = [Design.MISSING, Design.NOT_EVALUABLE, Design.PARTIAL]
TONES = {Design.IMPLEMENTED: "ok", Design.PARTIAL: "warn", Design.MISSING: "bad", Design.NOT_EVALUABLE: "muted"}
URGENCY = list(Priority.values)
OF_OPERATION = {Reason.MISSED.value, Reason.LATE.value, Reason.NOT_TESTED.value}
DEFINITIONS = [
    (
        "Implemented",
        "A control has an owner, current evidence for each of the legs it stands on (policy, technical implementation, evidence "
        "of operation, monitoring), and its last test did not fail. Derived from dated facts; nobody sets it by hand.",
    ),
    (
        "Readiness",
        "Controls implemented, of all controls in scope of the audit period. A control that could not be evaluated stays in "
        "scope and does not count as implemented.",
    ),
    (
        "Partly in place, missing, could not be evaluated",
        "Partly in place: something is there, and something is wanting or out of date. Missing: nothing shows that it exists. "
        "Could not be evaluated: nobody can tell from what there is.",
    ),
]


def told(span: Span) -> Area:
    """Of the controls in scope of the audit period."""
    rows, share = span.controls, share_of(span.controls)
    readiness = Figure(
        key="readiness",
        label="Controls implemented (readiness)",
        part=share.part,
        whole=share.whole,
        measured=bool(share.whole),
    )
    wanting = sorted((row for row in rows if not row.in_place), key=_gravest)
    return Area(
        figures=[readiness],
        matters=list(_matters(wanting)),
        decisions=list(_decisions(wanting, span)),
        sections=[_section(rows, wanting, span)],
        definitions=DEFINITIONS,
    )


def _gravest(row: Standing) -> tuple[int, int, str]:
    return ORDER.index(Design(row.design)), URGENCY.index(row.priority), row.code


def _matters(wanting: list[Standing]) -> Iterator[Matter]:
    for row in wanting:
        if row.design == Design.NOT_EVALUABLE:
            yield Matter(rank=3, text=f"{quoted(row.title)} could not be evaluated")
        elif row.priority == Priority.CRITICAL and row.design == Design.MISSING:
            yield Matter(rank=2, text=f"the critical control {quoted(row.title)} is missing")
    failed = [row for row in wanting if Reason.FAILED_TEST in row.reasons]
    for row in failed:
        yield Matter(rank=4, text=f"{quoted(row.title)} failed its last test")


def _decisions(wanting: list[Standing], span: Span) -> Iterator[Decision]:
    """What cannot be evaluated or is missing wants somebody's word; a few days are enough for that."""
    by = add_business_days(span.today, 5).isoformat()
    for row in wanting:
        who = row.owner or span.responsible
        if row.design == Design.NOT_EVALUABLE:
            what = f"Have {quoted(row.title)} evaluated, or accept by name that nobody can tell whether it works."
            yield Decision(rank=3, what=what, who=who, by=by)
        elif row.design == Design.MISSING:
            what = f"Put {quoted(row.title)} in place, or say that it is not needed."
            yield Decision(rank=2 if row.priority == Priority.CRITICAL else 6, what=what, who=who, by=by)


def _section(rows: list[Standing], wanting: list[Standing], span: Span) -> Section:
    share = share_of(rows)
    if span.period is None:
        sentence = "There is no audit period, so no control is in scope and readiness was not measured."
    elif not share.whole:
        sentence = f"No control is in scope of {span.period.name}, so readiness was not measured."
    else:
        sentence = f"{share} controls in scope are implemented."
    return Section(
        key="controls", title="Controls by family of criteria", sentence=sentence, tables=[_wanting(wanting), _families(rows)]
    )


def _wanting(wanting: list[Standing]) -> Table:
    return Table(
        title="Not implemented",
        columns=[
            Column(label="Control", width=36),
            Column(label="State", width=17),
            Column(label="Why", width=31),
            Column(label="Owner", width=16),
        ],
        rows=[
            [f"{row.code} {row.title}", str(Design(row.design).label), _reasons(row), row.owner or "Nobody"] for row in wanting
        ],
        none="Every control in scope is implemented.",
        exceptions=True,
    )


def _reasons(row: Standing) -> str:
    """Why it is not implemented; how it operated stands in the next section."""
    labels = [str(Reason(reason).label) for reason in row.reasons if reason not in OF_OPERATION]
    return "; ".join([*labels[:1], *(f"{label[0].lower()}{label[1:]}" for label in labels[1:])])


def _families(rows: list[Standing]) -> Table:
    found = [(key, [row for row in rows if key in row.families]) for key in FAMILIES]
    return Table(
        title="Readiness by family. A control that answers to several families counts in each of them.",
        columns=[
            Column(label="Family of criteria", width=44),
            Column(label="Implemented", width=20, numeric=True),
            Column(label="In parts", width=36),
        ],
        rows=[_family(f"{key} {FAMILIES[key]}", own) for key, own in found if own],
        none="No control is in scope.",
    )


def _family(name: str, rows: list[Standing]) -> list[Cell]:
    designs = [row.design for row in rows]
    parts = [(str(one.label), designs.count(one), tone) for one, tone in TONES.items()]
    return [name, str(share_of(rows)), Bar(parts=[part for part in parts if part[1]])]


def others(rows: list[Standing]) -> str:
    """The sentence about the controls that are not implemented; empty when there is none."""
    wanting = [row for row in rows if not row.in_place]
    counts = {one: sum(1 for row in wanting if row.design == one) for one in ORDER}
    parts = [
        (counts[Design.PARTIAL], "partly in place"),
        (counts[Design.MISSING], "missing"),
        (counts[Design.NOT_EVALUABLE], "could not be evaluated"),
    ]
    if not wanting:
        return ""
    unclear = [quoted(row.title) for row in wanting if row.design == Design.NOT_EVALUABLE]
    listed = ", ".join(f"{count:,} {words}" for count, words in parts if count)
    named = f" ({', '.join(unclear[:2])}{' and more' if len(unclear) > 2 else ''})" if unclear else ""
    against = " What could not be evaluated counts against us, not for us." if unclear else ""
    return f"The other {plural(len(wanting), 'control')}: {listed}{named}.{against}"
