"""Which tasks follow from a gap analysis, in which phase and by when. Pure; the phases are those of docs/gap-analysis.md."""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from controls.gaps.data import Gap, Snapshot
from controls.models.control import Priority
from controls.models.roadmap import Phase

MONTHS = {Phase.CRITICAL: 2, Phase.HIGH: 4, Phase.MEDIUM: 6, Phase.EVIDENCE: 9, Phase.AUDIT: 12}  # each ends after so many
_BY_PRIORITY = {
    Priority.CRITICAL.value: Phase.CRITICAL,
    Priority.HIGH.value: Phase.HIGH,
    Priority.MEDIUM.value: Phase.MEDIUM,
    Priority.LOW.value: Phase.MEDIUM,
}
# What every programme needs by then: the starter control that does it, and the task where no control does.
THEMES: dict[str, tuple[Phase, str]] = {
    "AC-002": (Phase.CRITICAL, "Enforce multi-factor authentication"),
    "ENC-001": (Phase.CRITICAL, "Encrypt data at rest"),
    "AC-005": (Phase.CRITICAL, "Carry out an access review"),
    "GOV-004": (Phase.CRITICAL, "Approve and publish the security policy"),
    "CHG-001": (Phase.HIGH, "Set up the change workflow"),
    "MON-001": (Phase.HIGH, "Set up monitoring"),
    "INC-001": (Phase.HIGH, "Write and exercise the incident plan"),
    "VEN-001": (Phase.HIGH, "Check the vendors"),
    "BCP-002": (Phase.MEDIUM, "Back up every day"),
    "BCP-003": (Phase.MEDIUM, "Test a recovery"),
    "BCP-001": (Phase.MEDIUM, "Write the continuity plan"),
    "HR-003": (Phase.MEDIUM, "Train everybody in security"),
    "VUL-001": (Phase.MEDIUM, "Scan for vulnerabilities"),
}
_EVIDENCE = (
    ("automate", "Automate the collection of evidence", "Start with what is collected by hand most often."),
    ("tests", "Test the controls internally", "Each by somebody who neither owns nor performs it."),
    ("artefacts", "Collect the artefacts an auditor asks for", "Policies, procedures, diagrams, exports and screenshots."),
    ("assessment", "Hold a readiness assessment", "Run the gap analysis again and close what is left."),
)
# With the month after whose end each is due.
_AUDIT = (
    (
        "engage",
        "Choose and engage the auditor",
        "Three to four months ahead of the audit, once the critical gaps are closed.",
        8,  # Type I is due at the end of the eleventh
    ),
    ("type1", "Have the Type I audit done", "Design of the controls as of one day.", 11),
    ("remediate", "Put right what the auditor found", "Raise a finding for each, so that it is retested.", 12),
    ("observe", "Begin the observation period", "Three, six or twelve months, at the end of which a Type II looks back.", 12),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A task that should be there. `key` names what it is for, so that it is made once."""

    key: str
    phase: Phase
    title: str
    detail: str
    due_on: dt.date
    priority: str = Priority.MEDIUM.value
    control: str = ""
    criterion: str = ""


def plan(snapshot: Snapshot, starts_on: dt.date, *, engaged: bool = False) -> list[Planned]:
    """Every task that follows from an analysis, by phase. With `engaged` the auditor is chosen already."""
    keys = {row.id: row.library_key for row in snapshot.controls}
    found = [_of_gap(gap, keys.get(gap.control, ""), starts_on) for gap in snapshot.gaps]
    found += _of_themes(set(keys.values()), starts_on)
    found += _standing(starts_on, engaged=engaged)
    return sorted(found, key=lambda task: task.phase)


def end_of(phase: Phase, starts_on: dt.date) -> dt.date:
    """The last day of a phase of a roadmap."""
    return months_after(starts_on, MONTHS[phase]) - dt.timedelta(days=1)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _of_gap(gap: Gap, library_key: str, starts_on: dt.date) -> Planned:
    phase = _BY_PRIORITY[gap.priority]
    if library_key in THEMES:
        phase = min(phase, THEMES[library_key][0])
    title = f"Put {gap.code} in place: {gap.title}" if gap.control else f"Answer {gap.code}: {gap.title}"
    return Planned(
        key=f"gap:{gap.key}",
        phase=Phase(phase),
        title=title[:200],
        detail=gap.sentence,
        due_on=end_of(Phase(phase), starts_on),
        priority=gap.priority,
        control=gap.control,
        criterion="" if gap.control else gap.code,
    )


def _of_themes(adopted: set[str], starts_on: dt.date) -> Iterator[Planned]:
    for key, (phase, title) in THEMES.items():
        if key not in adopted:
            detail = f"No control in scope does this. Adopt the starter control {key}, or name your own and drop this task."
            priority = {Phase.CRITICAL: Priority.CRITICAL, Phase.HIGH: Priority.HIGH}.get(phase, Priority.MEDIUM)
            yield Planned(
                key=f"theme:{key}", phase=phase, title=title, detail=detail, due_on=end_of(phase, starts_on), priority=priority
            )


def _standing(starts_on: dt.date, *, engaged: bool) -> Iterable[Planned]:
    due = end_of(Phase.EVIDENCE, starts_on)
    for key, title, detail in _EVIDENCE:
        yield Planned(key=f"evidence:{key}", phase=Phase.EVIDENCE, title=title, detail=detail, due_on=due)
    for key, title, detail, months in _AUDIT:
        if key != "engage" or not engaged:
            day = months_after(starts_on, months) - dt.timedelta(days=1)
            yield Planned(key=f"audit:{key}", phase=Phase.AUDIT, title=title, detail=detail, due_on=day)
