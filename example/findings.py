"""What Larkfield makes of its gaps: an analysis of today, the roadmap from it, and findings that people work on.

13 findings are not over. Three were raised by themselves: of a deployment that nobody had approved (example/changes.py), of a
vendor that was used before anybody had looked at it (example/vendors.py), and of a restore that took too long
(example/incidents.py), which is told in its owner's words since. 3 are past due, the oldest by 21 days; two were closed by a
retest and one is accepted until a day.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Member
from controls.findings.actions import accept, close, edit_finding, hand_in, raise_finding, start
from controls.gaps.actions import take_run
from controls.models import AuditPeriod, Control, ControlTest, Finding, Occurrence, RoadmapTask
from controls.roadmap.actions import finish_task, make_roadmap
from example.dates import Calendar
from example.operating import place_of
from example.papers import working_paper
from example.roster import DOMAIN

Source = Finding.Source
Status = Finding.Status
_BEGUN = {Status.IN_REMEDIATION, Status.READY_FOR_RETEST, Status.CLOSED}
_DONE = {Status.READY_FOR_RETEST, Status.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A finding as its story is told: days are counted from today, those before it are past due."""

    title: str
    control: str
    severity: str
    due: int
    source: Source = Source.TEST
    status: Status = Status.OPEN
    risk: str = ""
    remediation: str = ""
    done: str = ""
    retest: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


STORIES = (
    _Told(
        title="A former contractor's AWS key is still active",
        control="AC-004",
        severity="critical",
        due=-2,
        source=Source.REVIEW,
        status=Status.IN_REMEDIATION,
        risk="Somebody without a contract can read production.",
        remediation="Delete the key, and take the user out of the account; the next export of AWS has to show it.",
        facts={"link": "/inventory/removals/?state=still_active"},
    ),
    _Told(
        title="Restoring the production database took longer than promised",
        control="BCP-003",
        severity="high",
        due=-21,
        status=Status.IN_REMEDIATION,
        risk="An outage would last over five hours, where customers are promised four.",
        remediation="Restore from snapshots instead of from the dump; repeat the exercise and measure it.",
        facts={"evidence_required": "Log of the repeated exercise with its times."},
    ),
    _Told(
        title="3 vulnerabilities are open beyond the time set for them",
        control="VUL-001",
        severity="high",
        due=-6,
        risk="Known weaknesses can be used from outside.",
        remediation="Update the three packages, or accept each by name with an end.",
    ),
    _Told(
        title="Nobody can say whether backups ran",
        control="BCP-002",
        severity="critical",
        due=9,
        risk="Data written since then may not be recoverable.",
        remediation="Repair what reports the results; run a full backup and keep its log.",
    ),
    _Told(
        title="4 people have not acknowledged the security policy",
        control="GOV-001",
        severity="medium",
        due=26,
        status=Status.READY_FOR_RETEST,
        remediation="Remind them by name; their managers follow up.",
        done="All four were reminded; three have acknowledged, one is on leave until Monday.",
    ),
    _Told(
        title="The information security policy is past its review",
        control="GOV-004",
        severity="medium",
        due=40,
        source=Source.GAP,
        remediation="Review it, have it approved by the chief executive, publish the new version.",
    ),
    _Told(
        title="Development and production were not compared in the second quarter",
        control="CHG-006",
        severity="medium",
        due=33,
        source=Source.MISSED,
        risk="Production data might have been copied to development unseen.",
        remediation="Do it now, note that it is late, and put the next ones into the calendar.",
    ),
    _Told(
        title="An AI transcription tool was in use before anybody looked at it",
        control="AI-006",
        severity="high",
        due=19,
        source=Source.GAP,
        status=Status.IN_REMEDIATION,
        risk="Recordings of customers' calls went to a vendor without a contract.",
        remediation="Assess the vendor or switch the tool off; write down who approves such tools.",
    ),
    _Told(
        title="There is no way to report a concern safely",
        control="GOV-005",
        severity="medium",
        due=47,
        source=Source.GAP,
        remediation="Open a channel that reaches more than one person; write down what happens with a report.",
    ),
    _Told(
        title="One person may create and approve a payout",
        control="AC-001",
        severity="high",
        due=12,
        source=Source.REVIEW,
        status=Status.IN_REMEDIATION,
        risk="A payment could leave without a second pair of eyes.",
        remediation="Split the role in the payments service.",
    ),
    _Told(
        title="The deploy bot's key has not been changed for over a year",
        control="AC-007",
        severity="medium",
        due=30,
        source=Source.REVIEW,
        remediation="Replace it by short-lived credentials of the pipeline.",
    ),
    _Told(
        title="A super admin had no second factor",
        control="AC-002",
        severity="critical",
        due=4,
        source=Source.REVIEW,
        status=Status.CLOSED,
        remediation="Enrol a security key.",
        done="A security key was enrolled on the same day; 2-step verification is enforced for the unit.",
        retest="The export of today shows 2-step verification for the account.",
    ),
    _Told(
        title="The asset list was late",
        control="AST-001",
        severity="low",
        due=60,
        source=Source.MISSED,
        status=Status.CLOSED,
        remediation="Assign a deputy for the owner's holidays.",
        done="A deputy is named and has made the last list.",
        retest="The list of the following quarter was made on time, by the deputy.",
    ),
    _Told(
        title="The office network is not segmented",
        control="NET-001",
        severity="low",
        due=75,
        source=Source.AUDIT,
        status=Status.ACCEPTED,
        risk="A visitor's device could reach a printer.",
        remediation="Separate networks with the move to the new office.",
    ),
)


def find_gaps(calendar: Calendar, period: AuditPeriod, members: Mapping[str, Member], *, manager: Member) -> None:
    """The analysis, its roadmap, and what people were told to put right."""
    run = take_run(period, actor=manager)
    roadmap, _ = make_roadmap(run, actor=manager)
    for story in STORIES:
        _tell(story, calendar, members, manager)
    for task in RoadmapTask.objects.filter(roadmap=roadmap, key__in=["evidence:tests", "evidence:assessment"]):
        finish_task(task, actor=manager)


def _tell(story: _Told, calendar: Calendar, members: Mapping[str, Member], manager: Member) -> None:
    control = Control.objects.select_related("owner__member__user").get(code=story.control)
    facts: dict[str, Any] = {
        "title": story.title,
        "source": story.source,
        "severity": story.severity,
        "risk": story.risk,
        "remediation": story.remediation,
        "due_on": calendar.today + dt.timedelta(days=story.due),
        **_seen(story, control),
        **story.facts,
    }
    raised = Finding.objects.filter(control=control, opened_by=None).first()  # by itself
    finding = edit_finding(raised, actor=manager, **facts) if raised else raise_finding(actor=manager, control=control, **facts)
    owner = control.owner.member if control.owner and control.owner.member else manager
    if story.status in _BEGUN:
        start(finding, actor=owner)
    if story.status in _DONE:
        shown = working_paper(
            control, story.title[:80], actor=owner, first=calendar.today, last=calendar.today, day=calendar.today
        )
        hand_in(finding, actor=owner, done=story.done, evidence=[shown])
    if story.status == Status.CLOSED:
        close(finding, actor=members[f"tomas.ferreira@{DOMAIN}"] if owner == manager else manager, note=story.retest)
    if story.status == Status.ACCEPTED:
        accept(
            finding,
            actor=manager,
            reason="The office is given up at the end of the lease; guests have a network of their own.",
            until=calendar.today + dt.timedelta(days=150),
        )


def _seen(story: _Told, control: Control) -> dict[str, Any]:
    """What it was raised from: the test that found it, or the occurrence that was missed."""
    if story.source == Source.TEST:
        test = ControlTest.objects.filter(control=control).exclude(result=ControlTest.Result.PASS).order_by("-tested_on").first()
        return {"test": test}
    if story.source == Source.MISSED:
        return {"occurrence": Occurrence.objects.filter(control=control).order_by("ends_on", "key")[place_of(control.code)]}
    return {}
