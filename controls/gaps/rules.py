"""The rules of a gap analysis: which gaps there are, how urgent each is, and what to do. Pure; docs/gap-analysis.md lists them.

A gap is a control in scope that is not in place. Withdrawing evidence can only add gaps or make one more urgent.
"""

from collections.abc import Iterable, Iterator, Sequence

from controls.criteria import CRITERIA
from controls.gaps.data import ControlRow, Deviation, Gap, Recommendation, Said
from controls.models.control import Cadence, Priority
from controls.models.state import Design, Operation, Reason

TYPE_1_FROM = 70  # percent of readiness below which a Type I should not be booked: our planning rule
BY_HAND = 50  # percent of evidence collected by hand from which automating is advised
ORDER = {priority: place for place, priority in enumerate(Priority.values)}
_STATES = {
    Design.MISSING.value: "is missing",
    Design.PARTIAL.value: "is only partly in place",
    Design.NOT_EVALUABLE.value: "could not be evaluated",
}
_SOFTER = {Priority.HIGH.value: Priority.MEDIUM.value, Priority.MEDIUM.value: Priority.LOW.value}
_FAILED = {Reason.FAILED_TEST.value, Reason.FILE_DAMAGED.value}
# What closes a gap, by what is wrong; docs/gap-analysis.md. What only tells of operation asks for nothing here.
ACTIONS: dict[str, str] = {
    Reason.NO_OWNER.value: "name an owner",
    Reason.NO_POLICY.value: "write the policy down and link it",
    Reason.NO_TECHNICAL.value: "show how it is set up",
    Reason.NO_MONITORING.value: "monitor it or alert on it, and show that",
    Reason.NO_EVIDENCE.value: "supply evidence from the period",
    Reason.DESIGN_ONLY.value: "supply evidence that it operates",
    Reason.STALE.value: "renew the evidence that is out of date",
    Reason.FAILED_TEST.value: "put right what the test found, and test again",
    Reason.PARTIAL_TEST.value: "put right what the test found, and test again",
    Reason.NOT_EVALUATED.value: "find what the test lacked, and test again",
    Reason.FILE_DAMAGED.value: "supply the damaged file again",
}
UNANSWERED = Priority.HIGH.value  # of a criterion in scope that nothing answers


def gaps_of(rows: Iterable[ControlRow], unanswered: Iterable[str]) -> list[Gap]:
    """Every gap, the most urgent first."""
    found = [gap_of(row) for row in rows if row.design != Design.IMPLEMENTED]
    found += [_unanswered(key) for key in unanswered]
    return sorted(found, key=lambda gap: (ORDER[gap.priority], gap.code))


def gap_of(row: ControlRow) -> Gap:
    """The gap that a control is."""
    return Gap(
        key=row.id,
        control=row.id,
        code=row.code,
        title=row.title,
        owner=row.owner,
        criteria=row.criteria,
        priority=priority_of(row.priority, row.design, row.reasons),
        design=row.design,
        reasons=[str(Reason(reason).label) for reason in row.reasons],
        sentence=sentence_of(row),
    )


def priority_of(priority: str, design: str, reasons: Sequence[str]) -> str:
    """How urgent a gap is: as its control, one step less where the control is partly in place and no test failed.

    A critical control stays critical until it is in place, as the figure of critical gaps counts it everywhere.
    """
    if design != Design.PARTIAL or _FAILED & set(reasons):
        return priority
    return _SOFTER.get(priority, priority)


def sentence_of(row: ControlRow) -> str:
    """AC-001 Access is granted by role is missing: nobody owns it; no policy documents it."""
    state = f"{row.code} ({row.title}) {_STATES[row.design]}"
    return f"{state}: {_words(row.reasons)}." if row.reasons else f"{state}."


def _words(reasons: Iterable[str]) -> str:
    labels = [str(Reason(reason).label) for reason in reasons]
    return "; ".join(label[0].lower() + label[1:] for label in labels)


def _unanswered(key: str) -> Gap:
    criterion = CRITERIA[key]
    return Gap(
        key=f"criterion:{key}",
        control="",
        code=key,
        title=criterion.title,
        owner="",
        criteria=[key],
        priority=UNANSWERED,
        design=Design.MISSING.value,
        reasons=["No control answers it"],
        sentence=f"No control in scope answers {key} ({criterion.title}).",
    )


def action_of(reasons: Sequence[str]) -> str:
    """What to do about a control that is not in place, as one sentence; a criterion without a control has no reasons."""
    todo = list(dict.fromkeys(ACTIONS[reason] for reason in reasons if reason in ACTIONS))
    if not todo:
        return "Adopt a control that answers it." if not reasons else "Find out why, and put it right."
    text = "; ".join(todo)
    return f"{text[0].upper()}{text[1:]}."


def deviations_of(rows: Iterable[ControlRow]) -> list[Deviation]:
    """The controls that did not work as they should have, in the order of their codes."""
    return [
        Deviation(row.id, row.code, f"{row.code} ({row.title}) had deviations: {_words(_of_operation(row))}.")
        for row in rows
        if row.operation == Operation.DEVIATIONS
    ]


def _of_operation(row: ControlRow) -> list[str]:
    told = (Reason.MISSED, Reason.LATE, Reason.FAILED_TEST, Reason.PARTIAL_TEST)
    return [reason for reason in row.reasons if reason in told] or [Reason.FAILED_TEST.value]


def recommendations(
    rows: Sequence[ControlRow], gaps: Sequence[Gap], percent: int | None, records: Sequence[Said] = ()
) -> list[Recommendation]:
    """What to do, in the order of the rules. `percent` is the readiness, None when nothing is in scope."""
    if percent is None:
        return [Recommendation("R0", "Nothing is in scope yet: adopt controls that answer the criteria in scope.")]
    found = (_critical(gaps), _type_1(percent), _automate(rows), _policies(rows), _quarterly(rows), _records(records))
    return [one for one in found if one is not None]


def _critical(gaps: Sequence[Gap]) -> Recommendation | None:
    count = sum(gap.priority == Priority.CRITICAL for gap in gaps)
    if not count:
        return None
    words = "the critical gap" if count == 1 else f"the {count:,} critical gaps"
    return Recommendation("R1", f"Close {words} before you engage an auditor.")


def _type_1(percent: int) -> Recommendation | None:
    if percent >= TYPE_1_FROM:
        return None
    return Recommendation(
        "R2",
        f"Do not book a Type I yet: readiness is {percent} %, below {TYPE_1_FROM} %. "
        "This is a planning rule of this product, not one of the AICPA's.",
    )


def _automate(rows: Sequence[ControlRow]) -> Recommendation | None:
    items, by_hand = sum(row.evidence for row in rows), sum(row.by_hand for row in rows)
    if not items or 100 * by_hand < BY_HAND * items:
        return None
    return Recommendation("R3", f"Automate evidence: {by_hand:,} of {items:,} items linked to controls were collected by hand.")


def _policies(rows: Sequence[ControlRow]) -> Recommendation | None:
    missing = [row.code for row in rows if Reason.NO_POLICY in row.reasons]
    if not missing:
        return None
    named = ", ".join(missing[:5]) + (f" and {len(missing) - 5:,} more" if len(missing) > 5 else "")
    words = "1 control is" if len(missing) == 1 else f"{len(missing):,} controls are"
    return Recommendation("R4", f"Write all policies: {words} not documented by one ({named}).")


def _quarterly(rows: Sequence[ControlRow]) -> Recommendation:
    quarterly = [row for row in rows if row.cadence == Cadence.QUARTERLY]
    if not quarterly:
        return Recommendation(
            "R5", "Keep quarterly reviews: no control in scope runs each quarter. Adopt a quarterly access review."
        )
    behind = list(_behind(quarterly))
    if behind:
        return Recommendation("R5", f"Keep quarterly reviews: {', '.join(behind[:5])} missed a quarter or was late. Catch up.")
    begun = sum(1 for row in quarterly if row.expected)
    if not begun:
        return Recommendation("R5", "Keep quarterly reviews: of those adopted, none has been due yet.")
    return Recommendation("R5", f"Keep quarterly reviews: none of {begun:,} quarterly controls that were due is behind. Go on.")


def _behind(rows: Iterable[ControlRow]) -> Iterator[str]:
    yield from (row.code for row in rows if {Reason.MISSED.value, Reason.LATE.value} & set(row.reasons))


def _records(records: Sequence[Said]) -> Recommendation | None:
    """Only what is broken: what could not be evaluated stands in the list of records."""
    lines = list(dict.fromkeys(one.line for one in records if one.outcome == "broken"))
    if not lines:
        return None
    named = "; ".join(lines[:3]) + (f" and {len(lines) - 3:,} more" if len(lines) > 3 else "")
    return Recommendation("R6", f"Put right what scans and other records say against your controls: {named}.")
