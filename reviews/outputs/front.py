"""Page one: a sentence of status, five numbers with their denominators, and what must be decided."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.printing.words import Clock, day, listed, plural, share, spelled
from reviews.outputs.data import Kind, RemovalRow, ReportData
from reviews.outputs.facts import (
    Outcomes,
    Reviewer,
    Tally,
    by_reviewer,
    outcomes,
    reported_done,
    tally,
)

AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its denominator, and what to read with it."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to decide or do: what, who and by when."""

    what: str
    who: str
    due: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the bar below the sentence."""

    name: str
    label: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Front:
    """The first page."""

    status: str
    parts: list[Part]
    figures: list[Figure]
    asks: list[Ask]
    more_asks: int
    matters: list[str]


def front(data: ReportData) -> Front:
    """The first page of a report."""
    whole, reviewers, ends = tally("All systems", data.items), by_reviewer(data), outcomes(data)
    completed = data.kind == Kind.COMPLETED
    matters = _matters(data, whole, reviewers) + (_removal_matters(data, ends) if completed else [])
    asks = _accepted_asks(data) if completed else _removal_asks(data)
    figures = _completed_figures(data, whole, ends) if completed else _decision_figures(data, whole)
    status = _status(_completed(data, ends) if completed else _decided(data, whole), matters)
    parts = _outcome_parts(ends) if completed else _decision_parts(whole)
    return Front(status, parts, figures, asks[:AT_MOST], max(0, len(asks) - AT_MOST), matters)


def _status(base: str, matters: list[str]) -> str:
    """The sentence of status: what is so, and up to three matters that spoil it."""
    if not matters:
        return f"{base}. Nothing stands out that an auditor would ask about."
    named = matters[:AT_MOST]
    if len(matters) > AT_MOST:
        named = [*named, f"{len(matters) - AT_MOST} more"]
    count = spelled(len(matters), "matter")
    return f"{base}, with {count} an auditor could ask about: {listed(named)}."


def _decided(data: ReportData, whole: Tally) -> str:
    rows, systems = plural(whole.total, "entitlement"), plural(len(data.systems), "system")
    if whole.not_decided:
        return (
            f"{whole.decided:,} of {rows} in {systems} were decided and the review was signed off; "
            f"{whole.to_do:,} must be removed or changed"
        )
    if not whole.to_do:
        return f"All {rows} in {systems} were decided and signed off; all are kept"
    return f"All {rows} in {systems} were decided and signed off; {whole.to_do:,} must be removed or changed"


def _completed(data: ReportData, ends: Outcomes) -> str:
    asked = plural(ends.total, "entitlement")
    if not ends.total:
        return "The review is complete: every entitlement was kept, so nothing had to be removed"
    if ends.verified == ends.total:
        return f"The review is complete: each of {asked} to be removed or changed was verified in a later export"
    if ends.verified + ends.accepted == ends.total:
        return (
            f"The review is complete: of {asked} to be removed or changed, {ends.verified:,} were verified in a later export "
            f"and {ends.accepted:,} accepted by name with an end"
        )
    return f"The review was closed with {ends.verified:,} of {asked} verified in a later export"


def _decision_parts(whole: Tally) -> list[Part]:
    counts = (("keep", "Keep", whole.keep), ("remove", "Remove", whole.remove), ("change", "Change", whole.change))
    return _parts((*counts, ("open", "Not decided", whole.not_decided)), whole.total)


def _outcome_parts(ends: Outcomes) -> list[Part]:
    counts = (("verified", "Verified", ends.verified), ("accepted", "Accepted by name", ends.accepted))
    rest = (("remove", "Still active", ends.still_active), ("open", "Not finished", ends.waiting))
    return _parts((*counts, *rest), ends.total)


def _parts(counts: Iterable[tuple[str, str, int]], total: int) -> list[Part]:
    return [Part(name, label, count, round(100 * count / total, 2)) for name, label, count in counts if count]


def _matters(data: ReportData, whole: Tally, reviewers: list[Reviewer]) -> list[str]:
    """What an auditor could ask about, the gravest first."""
    found = [] if data.decisions_agree else ["the decisions do not agree with the hash taken at sign-off"]
    unchecked = [facts.name for facts in data.systems if not facts.complete]
    found += [f"the population of {name} could not be shown to be complete" for name in unchecked]
    if whole.not_decided:
        found.append(f"{plural(whole.not_decided, 'entitlement was', 'entitlements were')} not decided")
    found += [f"{one.name} kept all {one.tally.total:,} in one bulk act" for one in reviewers if one.kept_all_at_once]
    late = sum(one.after_due for one in reviewers)
    if late:
        found.append(f"{plural(late, 'decision was', 'decisions were')} made after the due date")
    if whole.flagged_kept:
        found.append(f"{plural(whole.flagged_kept, 'flagged entitlement was', 'flagged entitlements were')} kept")
    return found


def _removal_matters(data: ReportData, ends: Outcomes) -> list[str]:
    found = []
    if ends.still_active:
        found.append(f"{plural(ends.still_active, 'access is', 'accesses are')} still active")
    if ends.reopened:
        found.append(f"{plural(ends.reopened, 'removal was', 'removals were')} reported done while the access was still active")
    if ends.late:
        worst = max(Clock(data.zone).days_late(one.due_on, reported_done(one)) for one in ends.late)
        found.append(f"{plural(len(ends.late), 'removal was', 'removals were')} late, by up to {plural(worst, 'day')}")
    if ends.waiting:
        found.append(f"{plural(ends.waiting, 'removal was', 'removals were')} not verified")
    if ends.accepted:
        found.append(f"{plural(ends.accepted, 'access was', 'accesses were')} accepted by name instead of removed")
    return found


def _checked_systems(data: ReportData) -> Figure:
    checked = sum(1 for facts in data.systems if facts.complete)
    note = "every file agreed with it" if checked == len(data.systems) else "the others are named in section 2"
    return Figure("Systems whose file was checked against the source's own count", share(checked, len(data.systems)), note)


def _decision_figures(data: ReportData, whole: Tally) -> list[Figure]:
    privileged = [row for row in data.items if row.privileged]
    kept = sum(1 for row in privileged if row.decision == "retain")
    undecided = plural(whole.not_decided, "entitlement") + " not decided" if whole.not_decided else "none left open"
    return [
        Figure("Entitlements decided", share(whole.decided, whole.total), undecided),
        Figure("To be removed or changed", share(whole.to_do, whole.total), f"{whole.remove:,} remove, {whole.change:,} change"),
        Figure("Flagged entitlements kept", share(whole.flagged_kept, whole.flagged), "each with a reason in words"),
        Figure("Privileged entitlements kept", share(kept, len(privileged)), "each in the register"),
        _checked_systems(data),
    ]


def _completed_figures(data: ReportData, whole: Tally, ends: Outcomes) -> list[Figure]:
    open_ = ends.waiting + ends.still_active
    left = f"{open_:,} not finished" if open_ else f"{ends.accepted:,} accepted by name with an end"
    late = plural(len(ends.late), "removal") + " late" if ends.late else "none late"
    return [
        Figure("Entitlements decided", share(whole.decided, whole.total), f"{whole.keep:,} kept"),
        Figure("Removals and changes verified", share(ends.verified, ends.total), left),
        Figure("Verified removals done by their due date", share(ends.on_time, ends.verified), late),
        Figure("Reported done while still active", share(ends.reopened, ends.total), "found by the next export"),
        _checked_systems(data),
    ]


def _removal_asks(data: ReportData) -> list[Ask]:
    """One for each system with something to remove: the urgent and the early first."""
    owners = {facts.name: facts.owner for facts in data.systems}
    grouped: dict[str, list[RemovalRow]] = defaultdict(list)
    for row in data.removals:
        grouped[row.system].append(row)
    asks = []
    for system, rows in grouped.items():
        urgent, due = sum(1 for row in rows if row.urgent), min(row.due_on for row in rows)
        asks.append(
            (not urgent, due, -len(rows), Ask(_removal_words(system, len(rows), urgent), owners.get(system, ""), day(due)))
        )
    return [ask for *_, ask in sorted(asks, key=lambda entry: (*entry[:3], entry[3].what))]


def _removal_words(system: str, count: int, urgent: int) -> str:
    what = f"{system}: remove or change {plural(count, 'entitlement')}"
    if not urgent:
        return f"{what}."
    return f"{what}, {urgent:,} of them urgent (privileged, or of somebody who has left)."


def _accepted_asks(data: ReportData) -> list[Ask]:
    """Accepted access ends on a day: decide again by then."""
    accepted = sorted((row for row in data.removals if row.status == "accepted"), key=lambda row: row.accepted_until)
    return [
        Ask(
            f"{row.reference}: decide again on {row.role} in {row.system}, kept for {row.person} for the time being.",
            row.accepted_by,
            day(row.accepted_until),
        )
        for row in accepted
    ]
