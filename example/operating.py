"""A year of Larkfield's controls: what documents and implements them, what was done when it fell due, and what tests found."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from accounts.models import Member
from controls.evidence import link_evidence
from controls.library import GROUPS
from controls.models import Control, ControlEvidence, ControlTest, Occurrence
from controls.models.control import Cadence, Leg
from controls.occurrences.actions import did_not_occur, perform
from controls.occurrences.events import population_of
from controls.occurrences.layout import lay_out
from controls.status.keep import deriving_once
from controls.testing.actions import Findings, record_test
from evidence.actions import validate_evidence
from evidence.models import Evidence
from example.changes import BY_EVENT
from example.dates import Calendar
from example.measuring import measure_all
from example.papers import CATEGORIES, document, family, working_paper
from example.programme import BEGUN_LATE, silent_since
from example.reports import report_month, reported
from example.roster import DOMAIN
from reports.monthly.span import next_month
from reviews.quarters import quarter_of

Kind = Occurrence.Kind
MISSING = frozenset({"AI-006", "GOV-005"})
SILENT = "BCP-002"
NOT_YET = "No pipeline reported a deployment then: releases were made by hand, each of them as a change of its own."
PAST_ITS_REVIEW = "GOV-004"
EARLY_GROUPS = 12  # of the library's groups, whose design was documented first
# Days late, by control and the place of the occurrence in the year; None was missed.
NOT_ON_TIME: Mapping[tuple[str, int], int | None] = {
    ("VUL-003", 8): 4,
    ("DAT-002", 9): 6,
    ("AST-001", 2): 9,
    ("CHG-006", 1): None,
}
FOUND: Mapping[str, tuple[str, str]] = {
    "GOV-001": ("partial", "4 of 61 people have not acknowledged the security policy."),
    "VUL-001": ("partial", "3 vulnerabilities are open beyond the time set for their severity; the oldest by 12 days."),
    "BCP-003": ("fail", "The restore of the production database took 5 h 10 min; the objective is 4 h."),
    SILENT: ("not_evaluable", "The backup service has reported nothing since {silent}. Nobody can say whether backups ran."),
}
# Tested and found good, beside those that run continuously: all of these are tested once in the period.
PASSED = (
    *("AC-004", "AC-005", "AC-006", "AC-009", "MON-001", "NET-001", "VUL-003", "VEN-001"),
    *("MON-003", "MON-004", "HR-001", "CHG-004"),  # what the eight rules rest on
)


def operate(calendar: Calendar, members: Mapping[str, Member], *, manager: Member, meanwhile: Callable[[dt.date], None]) -> None:
    """Everything that happened to the controls until today, month by month: each month's report tells of what was so then.

    `meanwhile(day)` tells what else happened before a day.
    """
    lay_out(actor=manager)
    controls = list(Control.objects.select_related("owner__member__user", "owner__member__organization"))
    planned = _planned(controls, calendar)
    for month in [*reported(calendar), None]:
        measure_all()
        until = next_month(month) if month else calendar.today + dt.timedelta(days=1)
        with deriving_once():
            meanwhile(until)
            _prove_what_began(controls, calendar, manager, until)
            _perform(planned, until, calendar, (manager, members[f"grace.bauer@{DOMAIN}"]))
            _test(controls, calendar, members, manager, until)
            _state_what_did_not_occur(calendar, until)
        if month:
            measure_all()
            report_month(month)


def _state_what_did_not_occur(calendar: Calendar, until: dt.date) -> None:
    """Of changes and deployments, which perform by themselves: the quarters before a day in which none was told of."""
    waiting = Occurrence.objects.filter(kind=Kind.STATEMENT, status=Occurrence.Status.OPEN, control__population__in=BY_EVENT)
    for row in waiting.filter(ends_on__lt=min(until, calendar.today)).select_related("control__owner__member__user"):
        owner = row.control.owner.member if row.control.owner else None
        if owner is not None:
            did_not_occur(row, actor=owner, statement=NOT_YET)


def place_of(code: str) -> int:
    """The place in the year of the occurrence of a control that was not done on time."""
    return next(place for control, place in NOT_ON_TIME if control == code)


def _prove_what_began(controls: list[Control], calendar: Calendar, manager: Member, until: dt.date) -> None:
    """Design is documented in three steps: most groups of controls in July, the others in August, what began late in October."""
    first = {starter.key for group in list(GROUPS)[:EARLY_GROUPS] for starter in GROUPS[group]} - BEGUN_LATE
    steps = {
        calendar.third.first: [control for control in controls if control.library_key in first],
        next_month(calendar.third.first): [control for control in controls if control.library_key not in first | BEGUN_LATE],
        calendar.fourth.first: [control for control in controls if control.library_key in BEGUN_LATE],
    }
    proven = set(ControlEvidence.objects.filter(leg=Leg.POLICY).values_list("control", flat=True))
    for day, own in steps.items():
        if day < until and not any(control.pk in proven for control in own):
            _prove_design([control for control in own if control.code not in MISSING], calendar, manager, day)


def _prove_design(controls: list[Control], calendar: Calendar, manager: Member, day: dt.date) -> None:
    """A document for each group's policies, and what shows how its systems are set up and watched."""
    added = ", added in the fourth quarter" if day >= calendar.fourth.first else ""
    for group, starters in GROUPS.items():
        keys = {starter.key for starter in starters}
        own = [control for control in controls if control.library_key in keys and control.code != PAST_ITS_REVIEW]
        for leg, (title, words) in _DESIGN.items():
            wanting = [control for control in own if leg in control.legs]
            if wanting:
                item = document(
                    f"{title}: {group.lower()}{added}",
                    [words, *(f"{control.code} {control.title}. {control.operation}" for control in wanting)],
                    actor=manager,
                    category=Evidence.Category.POLICY if leg == Leg.POLICY else CATEGORIES[family(wanting[0])],
                    day=day,
                    source="Document library" if leg == Leg.POLICY else "Export",
                )
                for control in wanting:
                    link_evidence(control, item, leg, actor=manager)
    for old in controls:
        if old.code == PAST_ITS_REVIEW:
            _prove_an_old_policy(old, calendar, manager)


def _prove_an_old_policy(old: Control, calendar: Calendar, manager: Member) -> None:
    policy = document(
        "Information security policy",
        ["Approved by the chief executive. To be reviewed after a year."],
        actor=manager,
        category=Evidence.Category.POLICY,
        day=calendar.today - dt.timedelta(days=385),
        expires_on=calendar.today - dt.timedelta(days=30),
    )
    monitored = document(
        "Acknowledgements of the policies", ["Who has acknowledged which version, by name."], actor=manager,
        category=Evidence.Category.POLICY, day=calendar.fourth.first,
    )  # fmt: skip
    link_evidence(old, policy, Leg.POLICY, actor=manager)
    link_evidence(old, monitored, Leg.MONITORING, actor=manager)


_DESIGN = {
    Leg.POLICY: ("Policy", "What is to be done, by whom, and what happens if it is not."),
    Leg.TECHNICAL: ("Configuration", "Export of the settings in force, taken from each system."),
    Leg.MONITORING: ("Monitoring", "What is watched, whom it alerts, and who looked."),
}


def _planned(controls: list[Control], calendar: Calendar) -> "dict[Control, list[Done]]":
    """What is done of all that falls due, and on which day."""
    performing = {control.pk: control for control in controls if control.code not in MISSING}
    rows = Occurrence.objects.filter(control__in=performing, status=Occurrence.Status.OPEN, starts_on__lt=calendar.today)
    rows = rows.exclude(control__population__in=BY_EVENT)
    by_control: dict[Control, list[Occurrence]] = defaultdict(list)
    for row in rows.exclude(kind=Kind.CONFIGURATION).order_by("ends_on", "key"):
        row.control = performing[row.control_id]
        by_control[row.control].append(row)
    return {control: list(_on_which_days(control, expected, calendar)) for control, expected in by_control.items()}


def _perform(planned: "dict[Control, list[Done]]", until: dt.date, calendar: Calendar, seconds: tuple[Member, Member]) -> None:
    """What was done before a day, and not yet told. The first of `seconds` who is not its owner validates what shows it."""
    for control, everything in planned.items():
        owner = control.owner.member if control.owner else None
        if owner is None:
            continue
        done = [one for one in everything if one[1] < until]
        planned[control] = [one for one in everything if one[1] >= until]
        for quarter in _together(control, done):
            _perform_together(control, quarter, owner, calendar, next(one for one in seconds if one != owner))


def _perform_together(control: Control, quarter: "list[Done]", owner: Member, calendar: Calendar, second: Member) -> None:
    papers: list[Evidence] = []
    for row, day in quarter:
        if row.kind == Kind.STATEMENT and (population_of(control.population) or control.population == "incidents"):
            did_not_occur(row, actor=owner, statement=f"There were {row.label}, as far as we know and have looked.")
            continue
        papers = papers or [_shown(_paper(control, quarter, owner, calendar), second)]
        perform(row, actor=owner, performed_on=day, evidence=papers)


def _shown(paper: Evidence, second: Member) -> Evidence:
    """The paper, validated by somebody else where no program kept it: its owner's word alone dates nothing."""
    return paper if paper.method == Evidence.Method.AUTOMATIC else validate_evidence(paper, actor=second)


Done = tuple[Occurrence, dt.date]


def _together(control: Control, done: list[Done]) -> list[list[Done]]:
    """What one paper proves: of what is done day by day or for each event that of a quarter, else each alone."""
    if control.cadence not in {Cadence.DAILY, Cadence.PER_EVENT}:
        return [[one] for one in done]
    quarters: dict[str, list[Done]] = defaultdict(list)
    for row, day in done:
        quarters[quarter_of(row.ends_on).label].append((row, day))
    return list(quarters.values())


def _paper(control: Control, done: list[Done], owner: Member, calendar: Calendar) -> Evidence:
    rows, days = zip(*done, strict=True)
    label = rows[0].label if len(rows) == 1 else quarter_of(rows[-1].ends_on).name
    last = min(max(row.ends_on for row in rows), calendar.today)
    first = min(row.starts_on for row in rows)
    return working_paper(control, label, actor=owner, first=first, last=max(first, last), day=max(days), log=len(rows) > 1)


def _on_which_days(control: Control, rows: list[Occurrence], calendar: Calendar) -> Iterator[Done]:
    """Those that were done, each with its day."""
    for place, row in enumerate(rows):
        days = NOT_ON_TIME.get((control.code, place), 0)
        if days is None or (control.code == SILENT and row.starts_on >= silent_since(calendar)):
            continue
        latest = min(row.due_on + dt.timedelta(days=days), calendar.today - dt.timedelta(days=1))
        if row.due_on < calendar.today or control.cadence == Cadence.YEARLY:
            yield row, max(row.starts_on, latest)


def _tested_on(calendar: Calendar) -> dt.date:
    """At the end of last month, if the backups were silent by then; else two weeks ago."""
    day = calendar.today.replace(day=1) - dt.timedelta(days=3)
    return day if day > silent_since(calendar) else max(calendar.fourth.day(10), calendar.today - dt.timedelta(days=14))


def _test(controls: list[Control], calendar: Calendar, members: Mapping[str, Member], manager: Member, until: dt.date) -> None:
    """The compliance manager tests what is not his; his own are tested by the platform lead. Once."""
    other = members[f"tomas.ferreira@{DOMAIN}"]
    silent = f"{silent_since(calendar):%-d %B}"
    day = min(_tested_on(calendar), calendar.today)
    if day >= until or ControlTest.objects.exists():
        return
    for control in controls:
        if control.code in MISSING or not _tested(control):
            continue
        result, notes = FOUND.get(control.code, (ControlTest.Result.PASS.value, ""))
        mine = control.owner is not None and control.owner.member_id == manager.pk
        findings = Findings(tested_on=day, procedure=control.test_procedure, result=result, notes=notes.format(silent=silent))
        record_test(control, findings, actor=other if mine else manager)


def _tested(control: Control) -> bool:
    return control.cadence == Cadence.CONTINUOUS or control.code in {*FOUND, *PASSED}
