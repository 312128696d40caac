"""Whether the controls operated: what was due in the span against what was done, and when."""

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from controls.models import Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State, state_as_of
from controls.occurrences.states import EXPECTED, of_state
from controls.status.readiness import Share
from evidence.printing.words import plural
from reports.monthly.data import Column, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span, name_of

JUDGED = (State.PERFORMED, State.LATE, State.MISSED)
DEFINITIONS = [
    (
        "Control activities done on time",
        "Of the occurrences of controls in scope that were due in the days of the report and can be judged, those performed by "
        "their due day. Late: performed after it, or not yet performed. Missed: not performed before the next was due. What did "
        "not occur or does not apply is stated apart and is in neither number.",
    )
]
Counts = Counter[str]


def told(span: Span) -> Area:
    """Of the occurrences that were due."""
    by_cadence = _counted(span)
    counts = sum(by_cadence.values(), Counter())
    judged = sum(counts[state] for state in JUDGED)
    late, missed = counts[State.LATE], counts[State.MISSED]
    exceptions = ", ".join(f"{count:,} {word}" for count, word in ((late, "late"), (missed, "missed")) if count)
    figure = Figure(
        key="activities",
        label="Control activities done on time",
        part=counts[State.PERFORMED],
        whole=judged,
        measured=bool(span.controls),
        none="None was due",
        note=exceptions or ("all on time" if judged else ""),
    )
    matters = (
        [Matter(rank=5, text=f"{plural(missed, 'control activity was', 'control activities were')} missed")] if missed else []
    )
    return Area(figures=[figure], matters=matters, sections=[_section(span, by_cadence, counts)], definitions=DEFINITIONS)


def _due(span: Span) -> QuerySet[Occurrence]:
    """What was due in the span, of controls in scope."""
    rows = Occurrence.objects.filter(EXPECTED, due_on__range=(span.first, span.last))
    return rows.filter(control__in=[one.key for one in span.controls])


def _counted(span: Span) -> dict[str, Counts]:
    """States by cadence. What is due on the day of the moment or later cannot be judged yet."""
    rows: Any = _due(span).annotate(state=state_as_of(span.today)).order_by()
    found: dict[str, Counts] = defaultdict(Counter)
    for cadence, state, number in rows.values_list("control__cadence", "state").annotate(Count("pk")):
        found[cadence][state] += number
    return found


def _section(span: Span, by_cadence: dict[str, Counts], counts: Counts) -> Section:
    return Section(
        key="operation",
        title="Controls operated against expected",
        sentence=_sentence(span, counts),
        tables=[_exceptions(span), _cadences(by_cadence)],
        notes=_notes(counts),
    )


def _sentence(span: Span, counts: Counts) -> str:
    judged = sum(counts[state] for state in JUDGED)
    if not span.controls:
        return "No control is in scope, so nothing was expected."
    if not judged:
        return "No control activity was due in these days."
    return f"{Share(counts[State.PERFORMED], judged)} control activities that were due were done on time."


def _notes(counts: Counts) -> list[str]:
    found = []
    if number := counts[State.DID_NOT_OCCUR]:
        found.append(
            f"{plural(number, 'expected occurrence', 'expected occurrences')} did not occur, as their owners have stated."
        )
    if number := counts[State.NOT_APPLICABLE]:
        found.append(f"{plural(number, 'occurrence was', 'occurrences were')} set as not applicable, with a reason.")
    if number := counts[State.DUE] + counts[State.NOT_YET_DUE]:
        found.append(
            f"{plural(number, 'occurrence was', 'occurrences were')} not past due when the data was taken, and cannot be judged."
        )
    return found


def _exceptions(span: Span) -> Table:
    """One row for each control, those that missed most first."""
    missed, late = of_state(State.MISSED, span.today), of_state(State.LATE, span.today)
    counts = {
        "missed": Count("pk", filter=missed),
        "late": Count("pk", filter=late),
        "done": Count("pk", filter=Q(status=Occurrence.Status.PERFORMED)),
        "first": Min("due_on"),
        "last": Max("due_on"),
    }
    who = ("control__code", "control__title", "control__owner__name")
    rows: Any = _due(span).filter(missed | late).order_by().values(*who).annotate(**counts)
    found = sorted(rows, key=lambda row: (-row["missed"], -row["late"], row["control__code"]))
    return Table(
        title="Late and missed",
        columns=[
            Column(label="Control", width=40),
            Column(label="Due", width=22),
            Column(label="What became of it", width=22),
            Column(label="Owner", width=16),
        ],
        rows=[
            [
                f"{row['control__code']} {row['control__title']}",
                name_of(row["first"], row["last"]),
                _words(row),
                row["control__owner__name"] or "Nobody",
            ]
            for row in found
        ],
        none="Nothing was late or missed.",
        exceptions=True,
    )


def _words(row: dict[str, Any]) -> str:
    """19 missed, 1 late; none done yet."""
    counted = ", ".join(f"{row[name]:,} {name}" for name in ("missed", "late") if row[name])
    total, done = row["missed"] + row["late"], row["done"]
    after = "done by now" if done == total else "not done yet" if not done else f"{done:,} of them done by now"
    return f"{counted}; {after}"


def _cadences(by_cadence: dict[str, Counts]) -> Table:
    rows = [[str(one.label), *_numbers(by_cadence[one])] for one in Cadence if by_cadence.get(one)]
    return Table(
        title="Expected and operated, by how often a control runs",
        columns=[
            Column(label="How often", width=30),
            Column(label="Judged", width=14, numeric=True),
            *(Column(label=label, width=14, numeric=True) for label in ("On time", "Late", "Missed", "Did not occur")),
        ],
        rows=[[*row] for row in rows],
        total=["All", *_numbers(sum(by_cadence.values(), Counter()))] if len(rows) > 1 else [],
        none="",
    )


def _numbers(counts: Counts) -> list[str]:
    states = (State.PERFORMED, State.LATE, State.MISSED, State.DID_NOT_OCCUR)
    return [f"{number:,}" for number in (sum(counts[state] for state in JUDGED), *(counts[state] for state in states))]
