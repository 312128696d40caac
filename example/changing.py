"""What Larkfield is changing these days, in every state: raised, judged and carried out here, by the people whose it is.

Two templates of standard changes, two freezes ahead, and changes from a draft to one that was rolled back.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Member
from changes.approving.giving import Shown
from changes.calendar.actions import set_freeze
from changes.drafting.actions import create_change, edit_change
from changes.drafting.risk import asked_of
from changes.drafting.talk import comment, watch
from changes.drafting.templates import approve_template, create_template, submit_template
from changes.lifecycle import actions
from changes.lifecycle.hooks import together
from changes.models import Change, ChangeTemplate
from example.dates import Calendar
from example.roster import DOMAIN
from inventory.models import Person, System
from tenancy.scope import now

AWS, DATABASE, PAYMENTS, CONSOLE, OKTA = "AWS production", "Production PostgreSQL", "Payments", "Customer console", "Okta"
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
CAUTIOUS = {"reach": "some", "undo": "hour", "tried": "part"}  # beside the harmless answers: medium
GRAVE = {"reach": "all", "undo": "longer", "data": "alters"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A change as its story is told. `planned` is the hour from now at which its window of two hours begins."""

    title: str
    by: str
    kind: str
    systems: tuple[str, ...]
    until: str  # the state in which it is left
    approvers: tuple[str, ...] = ()
    implementer: str = ""
    planned: float | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    impact: str = "Nobody notices."
    undo: str = "The setting before is put back; it is kept in the repository."
    abort: str = "Errors above 1 % for five minutes."
    words: str = ""  # why it was rejected, failed or withdrawn


STORIES = (
    _Told(
        title="Move the job queue to larger machines", by="tomas.ferreira", kind="infrastructure", systems=(AWS,),
        until="scheduled", approvers=("lena.vogel",), implementer="chen.wei", planned=50, answers=CAUTIOUS,
        description="Three machines of twice the memory take over one by one; the old ones are kept for a week.",
        impact="Invoices may be sent up to two minutes later while a machine is exchanged.",
        undo="The old machines are put back behind the queue: ten minutes.",
    ),
    _Told(
        title="Encrypt the nightly dumps with a key of their own", by="chen.wei", kind="infrastructure", systems=(DATABASE, AWS),
        until="submitted", answers=GRAVE, planned=98,
        description="A key in the key service, used by the backup job alone; the dumps of the last 90 days are encrypted anew.",
        impact="Nobody notices, unless a restore is needed in that night.",
        undo="The job is pointed to the old key. What was encrypted anew stays readable with the new one.",
    ),
    _Told(
        title="Let the console ask for the second factor once a day", by="kevin.doyle", kind="config", systems=(CONSOLE, OKTA),
        until="submitted", answers={"rights": "same", **CAUTIOUS},
        description="The policy of the console in Okta goes from every sign-in to once in 24 hours on a managed device.",
    ),
    _Told(
        title="Give the finance team a read-only view of payouts", by="priya.nair", kind="access", systems=(PAYMENTS,),
        until="draft", description="A role that sees payouts and can neither create nor approve one.",
    ),
    _Told(
        title="Merge the duplicate customers of the Kappel group", by="emily.carter", kind="data", systems=(DATABASE,),
        until="approved", approvers=("tomas.ferreira",), answers={"data": "alters", "reach": "some"},
        description="14 customers become 3, by the script that support has tried on a copy; the invoices keep their numbers.",
        undo="The rows before are kept in a table for 30 days, and put back by the script.",
    ),
    _Told(
        title="Route the API through the new load balancer", by="tomas.ferreira", kind="infrastructure", systems=(AWS,),
        until="implemented", approvers=("yuki.tanaka",), implementer="erik.johansson", planned=-1, answers=CAUTIOUS,
        description="Names are pointed to the new balancer, a tenth of the traffic first.",
    ),
    _Told(
        title="Turn on row-level auditing for payouts", by="victor.lindqvist", kind="config", systems=(PAYMENTS,),
        until="reviewed", approvers=("nora.fischer",), implementer="maya.cohen", planned=-1,
        description="Each change of a payout is written to the audit table.",
    ),
    _Told(
        title="Shorten the sessions of the console to eight hours", by="maria.santos", kind="config", systems=(CONSOLE,),
        until="closed", approvers=("yuki.tanaka",), implementer="ian.campbell", planned=-1,
        description="Whoever works longer signs in again.",
    ),
    _Told(
        title="Upgrade the database to its next minor version", by="tomas.ferreira", kind="infrastructure", systems=(DATABASE,),
        until="rolled_back", approvers=("lena.vogel",), implementer="fatima.zahra", planned=-1, answers=CAUTIOUS,
        description="The replica first, then the primary by a planned failover.",
        words="An extension was missing on the new image; the replica was made anew from the old one.",
    ),
    _Told(
        title="Send the logs of the console to the central store", by="maria.santos", kind="config", systems=(CONSOLE,),
        until="failed", approvers=("nora.fischer",), implementer="ian.campbell", planned=-1,
        description="The agent is rolled out to the four machines of the console.",
        words="The agent did not start on two of the four machines.",
    ),
    _Told(
        title="Let support run queries on the production database", by="kevin.doyle", kind="access", systems=(DATABASE,),
        until="rejected", answers={"rights": "privileged"}, approvers=("helen.marsh",),
        description="Read access for six people, so that questions of customers are answered sooner.",
        words="Customers' invoices are not to be read at will. Ask for the two views that you need.",
    ),
    _Told(
        title="Replace the office's guest network", by="grace.bauer", kind="infrastructure", systems=(OKTA,),
        until="withdrawn", description="New access points.", words="The lease ends in spring: the new office has its own.",
    ),
)  # fmt: skip


def change_things(calendar: Calendar, members: Mapping[str, Member], *, manager: Member) -> None:
    """Everything of these days."""
    _freeze(calendar, manager)
    _templates(calendar, members, manager)
    with together():
        for place, story in enumerate(STORIES):
            _tell(story, members, manager, _raised(calendar, place))
    _talk(members)


def _freeze(calendar: Calendar, manager: Member) -> None:
    """The days of the year's end, and those in which payouts are closed."""
    midnight = dt.time(0)
    year_end = dt.date(calendar.today.year, 12, 19)
    for name, first, days, systems, reason in (
        ("Year's end", year_end, 16, (), "Most of the team is away, and customers close their books."),
        ("Closing of the quarter", calendar.fourth.last - 2 * DAY, 5, (PAYMENTS,), "Payouts are reconciled."),
    ):
        starts = dt.datetime.combine(first, midnight, calendar.zone)
        if starts > now():
            covered = list(System.objects.filter(name__in=systems))
            ends = dt.datetime.combine(first + days * DAY, midnight, calendar.zone)
            set_freeze(actor=manager, name=name, starts_at=starts, ends_at=ends, reason=reason, systems=covered)


def _templates(calendar: Calendar, members: Mapping[str, Member], manager: Member) -> None:
    """One that is used, one that waits for its approval; and a standard change of the first."""
    renewed = _template(
        calendar, manager, "Renew a TLS certificate", AWS,
        description="Order it, check name and days, put it on the balancer, watch for an hour.",
    )  # fmt: skip
    approve_template(renewed, actor=_member(members, "nora.fischer"), content_hash=renewed.content_hash)
    _template(
        calendar, manager, "Add a machine to the job queue", AWS,
        description="One machine of the present image joins the group.",
    )  # fmt: skip
    renewed = ChangeTemplate.objects.get(pk=renewed.pk)
    change = create_change(actor=_member(members, "tomas.ferreira"), title="Renew the certificate of the API", template=renewed)
    actions.submit(change, actor=_member(members, "tomas.ferreira"))


def _template(calendar: Calendar, manager: Member, title: str, system: str, *, description: str) -> ChangeTemplate:
    template = create_template(
        actor=manager,
        systems=[System.objects.get(name=system)],
        title=title,
        kind="infrastructure",
        description=description,
        impact="Nobody notices.",
        rollback_plan="What was there before is put back; it is kept for a month.",
        test_plan="The monitor asks every minute.",
        expires_on=calendar.today + 200 * DAY,
    )
    submit_template(template, actor=manager)
    return template


def _raised(calendar: Calendar, place: int) -> dt.datetime:
    """Asked for in the two weeks before, one after the other; what is approved and done about it here is done today."""
    day = calendar.today - (len(STORIES) + 2 - place) * DAY
    return dt.datetime.combine(day, dt.time(9 + place % 8, 7 * place % 60), calendar.zone)


def _tell(story: _Told, members: Mapping[str, Member], manager: Member, raised_at: dt.datetime) -> None:
    actor = members.get(f"{story.by}@{DOMAIN}", manager)
    asked_for = _person(story.by)
    change = create_change(actor=actor, requester=asked_for, systems=_systems(story), raised_at=raised_at, **_facts(story))
    if story.until == "draft":
        return
    actions.submit(change, actor=actor)
    if story.until == "withdrawn":
        actions.withdraw(change, actor=actor, reason=story.words)
        return
    for name in story.approvers:
        _answer(story, change, _member(members, name))
    if story.until in {"implemented", "reviewed", "closed", "failed", "rolled_back"}:
        _carry_out(story, change, manager)


def _facts(story: _Told) -> dict[str, Any]:
    harmless = {question.key: question.answers[0].key for question in asked_of(story.kind)}
    facts: dict[str, Any] = {"answers": {**harmless, **story.answers}} if story.until != "draft" else {}
    if story.planned is not None:
        begins = (now() + story.planned * HOUR).replace(minute=0, second=0, microsecond=0)  # the last hour holds this one
        facts |= {"window_from": begins, "window_until": begins + 2 * HOUR}
    if story.implementer:
        facts["implementer"] = _person(story.implementer)
    return facts | {
        "title": story.title,
        "kind": story.kind,
        "description": story.description,
        "impact": story.impact,
        "rollback_plan": story.undo,
        "abort_criteria": story.abort,
        "test_plan": "The monitor's checks and a sign-in by hand, before and after.",
        "environments": ["production"],
    }


def _answer(story: _Told, change: Change, approver: Member) -> None:
    shown = Shown("authenticator", now())
    if story.until == "rejected":
        actions.reject(change, actor=approver, content_hash=change.content_hash, reason=story.words, factor=shown)
    else:
        actions.approve(change, actor=approver, content_hash=change.content_hash, factor=shown)


def _carry_out(story: _Told, change: Change, manager: Member) -> None:
    if story.until == "failed":
        actions.fail(change, actor=manager, reason=story.words)
        return
    actions.implement(change, actor=manager)
    if story.until == "rolled_back":
        actions.roll_back(change, actor=manager, reason=story.words)
    elif story.until in {"reviewed", "closed"}:
        outcome = Change.Outcome.AS_PLANNED
        actions.review(change, actor=manager, outcome=outcome, effect="As expected.", close=story.until == "closed")


def _talk(members: Mapping[str, Member]) -> None:
    """A question about the largest of them, and an answer that changes it."""
    change = Change.objects.get(title=STORIES[1].title)
    security, platform = _member(members, "yuki.tanaka"), _member(members, "tomas.ferreira")
    watch(change, actor=security)
    comment(change, actor=security, text="Who may use the new key? Please name the role in the description.")
    comment(change, actor=platform, text="The role of the backup job, and nobody else. It is written down now.")
    said = f"{change.description} Only the role of the backup job may use it."
    edit_change(change, actor=_member(members, "samuel.price"), description=said)


def _systems(story: _Told) -> list[System]:
    return list(System.objects.filter(name__in=story.systems))


def _member(members: Mapping[str, Member], key: str) -> Member:
    return members[f"{key}@{DOMAIN}"]


def _person(key: str) -> Person:
    return Person.objects.get(email=f"{key}@{DOMAIN}")
