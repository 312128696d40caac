"""Larkfield's changes month by month: who approves what, what the repositories tell, and what the pipeline deployed.

Times in the trail are real; what lies in the past is what the repository and the pipeline say of when it happened.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.models import Member
from audit.actions import action
from audit.actors import System
from changes.approving.ruling import create_rule
from changes.deployments.actions import report
from changes.deployments.findings import raise_findings
from changes.drafting.actions import edit_change
from changes.lifecycle import actions
from changes.lifecycle.carrying import written_due
from changes.lifecycle.hooks import together
from changes.models import Change, ChangeSource, DeploymentBatch
from changes.outputs.feeding import feed_done
from changes.sources import github, listed
from changes.sources.actions import create_source
from changes.sources.applying import apply, way_of
from controls.models import Control
from controls.occurrences.layout import lay_out
from example.dates import Calendar
from example.importing import SetUpFailed
from example.pull_requests import (
    API,
    APP,
    BOT_PUSH_DAY,
    EMERGENCY_DAY,
    REVIEWERS,
    Merge,
    as_listed,
    beside_them,
    bot_push,
    deployments_of,
    emergency,
    merges_of,
    pipeline_since,
)
from example.roster import DOMAIN
from inventory.models import Person
from inventory.models import System as ManagedSystem
from reports.monthly.span import next_month
from tenancy.models import current_organization
from tenancy.scope import now

PIPELINE = "deploy-pipeline"
GITHUB = System("GitHub")
BY_EVENT = ("changes", "deployments")  # the populations that perform by themselves
HOUR = dt.timedelta(hours=1)


@dataclass(slots=True)
class Story:
    """How far the year of changes has been told."""

    calendar: Calendar
    manager: Member
    members: Mapping[str, Member]
    source: ChangeSource
    month: dt.date
    told: list[dt.date] = field(default_factory=list)

    def tell_until(self, until: dt.date) -> None:
        """Everything of the months that begin before a day."""
        while self.month < until:
            _tell_month(self, self.month)
            self.month = next_month(self.month)


def begin_changes(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> Story:
    """Say who approves what, and bring in the repositories; nothing has happened yet."""
    systems = {one.name: one for one in ManagedSystem.objects.all()}
    named = [_person(key) for key in REVIEWERS]
    create_rule(actor=manager, name="Code: a lead reviews it", kinds=["code"], approvers=named)
    create_rule(
        actor=manager, name="Infrastructure and configuration", kinds=["infrastructure", "config"], role="approver",
        accepts_reviews=False,
    )  # fmt: skip
    create_rule(actor=manager, name="Data: the owner of the system", kinds=["data"], by_system_owner=True, accepts_reviews=False)
    create_rule(actor=manager, name="High risk: an executive too", risks=["high"], role="executive", accepts_reviews=False)
    source = create_source(
        actor=manager,
        name="Larkfield on GitHub",
        provider="github",
        repositories=[APP, API],
        branches=["main"],
        environments=["production"],
        directory=systems["GitHub"],
        systems=[systems["AWS production"]],
    )
    return Story(calendar, manager, members, source, begun(calendar))


def begun(calendar: Calendar) -> dt.date:
    """The first month that is told: eight before the fourth quarter's second."""
    return calendar.third.previous().previous().last.replace(day=1)


def _tell_month(story: Story, first: dt.date) -> None:
    merges = merges_of(first, story.calendar)
    with together():
        _bring(story, [as_listed(one) for one in merges])
        if first < pipeline_since(story.calendar):
            _release_by_hand(story, merges)
        else:
            _deploy(story, first, merges)
    _account(story)


@action
def _bring(story: Story, rows: Sequence[object]) -> None:
    """The list of the month as somebody brings it: gh pr list --json ..."""
    if not rows:
        return
    way = way_of(story.source, GITHUB, brought_by=story.manager)
    for row in listed.documents(json.dumps(rows).encode()):
        applied = apply(listed.read(row), way)
        if applied.outcome != "done" or "does not count" in applied.detail:
            raise SetUpFailed(f"A pull request could not be brought in: {applied.detail}")


def _release_by_hand(story: Story, merges: Sequence[Merge]) -> None:
    """Before the pipeline was connected somebody said what was released."""
    for one in merges:
        change = Change.objects.get(repository=one.repository, number=one.number)
        actions.implement(change, actor=story.manager, at=one.merged_at + HOUR, by=_person(one.author))
        actions.close(change, actor=story.manager)


def _deploy(story: Story, first: dt.date, merges: Sequence[Merge]) -> None:
    calendar, items = story.calendar, [*deployments_of(merges)]
    if first == calendar.fourth.first:
        if calendar.fourth.day(BOT_PUSH_DAY) < calendar.today:
            apply(github.read("push", bot_push(calendar)), way_of(story.source, GITHUB))
        if calendar.fourth.day(EMERGENCY_DAY) < calendar.today:
            _agree(story)
        items += beside_them(calendar, merges)
    past = [item for item in items if item["deployed_at"] < now()]
    name = f"deployments-{first:%Y-%m}.csv"  # what the pipeline had deployed until today comes as its list
    for outcome in report(past, source=PIPELINE, actor=story.manager, via=DeploymentBatch.Via.FILE, name=name) if past else ():
        if outcome.status != "accepted":
            raise SetUpFailed(f"{outcome.external_id} was not taken: {outcome.errors}")
    if first == calendar.fourth.first and calendar.fourth.day(EMERGENCY_DAY + 3) < calendar.today:
        _end_emergency(story)


def _agree(story: Story) -> None:
    """Reminders went out twice in the evening: the VP agreed on the telephone."""
    urgent = emergency(story.calendar)
    _bring(story, [as_listed(urgent, is_draft=True)])
    change = _urgent(story)
    why = "Customers were sent the same reminder twice, and it went on."
    edit_change(change, actor=story.manager, type=Change.Type.EMERGENCY, emergency_reason=why)
    change.refresh_from_db()
    actions.record_agreement(change, actor=story.manager, agreed_by=_person("anita.desai"), reason=why)
    at = urgent.opened_at + HOUR / 2  # the story is told afterwards: it was recorded at once
    Change.objects.filter(pk=change.pk).update(agreed_at=at, agreed_recorded_at=at, agreed_until=written_due(at))


def _end_emergency(story: Story) -> None:
    """It is reviewed on the next day, which approves it in writing, and looked back at."""
    _bring(story, [as_listed(emergency(story.calendar))])
    change = _urgent(story)
    actions.review(
        change,
        actor=story.manager,
        outcome=Change.Outcome.AS_PLANNED,
        effect="The reminders stopped at once; 214 customers had two, and were written to.",
        lessons="The job that sends them takes a lock now; a test starts it twice.",
        close=True,
    )


def _urgent(story: Story) -> Change:
    return Change.objects.get(repository=APP, number=emergency(story.calendar).number)


def _account(story: Story) -> None:
    """What the schedule does every quarter of an hour: occurrences of each change and deployment, and findings."""
    organization = current_organization()
    controls = Control.objects.filter(population__in=BY_EVENT).values_list("pk", flat=True)
    lay_out(list(controls), actor=story.manager)
    feed_done(organization, now())
    raise_findings(organization, now() + 2 * HOUR)


def _person(key: str) -> Person:
    return Person.objects.get(email=f"{key}@{DOMAIN}")
