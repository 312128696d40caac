"""What Larkfield's repositories and pipeline tell: pull requests as `gh pr list --json` prints them, and deployments of them.

From September the pipeline reports each deployment: 171 in September, all approved beforehand; 189 in October, of which 187 were
approved beforehand, one was an emergency and one a push of the bot that nobody had approved. One merge deploys three services in
three regions.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from example.dates import Calendar
from example.roster import EVERYBODY
from example.sources.github import ROBOT, handle

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
APP, API = "larkfield/app", "larkfield/api"
SERVICES = [f"{service}-{region}" for service in ("web", "worker", "scheduler") for region in ("east", "west", "eu")]
A_MONTH_BY_HAND = 3  # merges of each month before the pipeline was connected, released by hand
MERGES_BEFORE, MERGES, DAYS_SINCE = 19, 20, 2  # 9 deployments each; since then one merge in two working days
AGAIN = 7  # redeploys of one of them; with the emergency and the bot they make 189
BOT_PUSH_DAY, EMERGENCY_DAY, REDEPLOY_DAY = 20, 12, 6  # of the fourth quarter's first month
REVIEWERS = ("laura.novak", "ian.campbell", "anita.desai", "tomas.ferreira")
_AUTHORS = (
    "julia.meyer", "aisha.khan", "dmitri.ivanov", "hana.suzuki", "tom.becker", "carlos.vega", "nina.petrova", "sean.obrien",
    "peter.dahl", "jorge.molina", "emily.carter",
)  # fmt: skip
_TITLES = (
    "Round the tax of each line, not of the sum", "Let a customer choose the day invoices are sent",
    "Cache the list of currencies", "Retry a webhook for a day before giving up", "Show unpaid invoices first",
    "Move PDF rendering to the worker", "Check the IBAN before it is saved", "Update Django to its latest patch",
    "Log who opened an invoice of a customer", "Paginate the API's list of payments", "Send reminders in the customer's language",
    "Drop the column that nothing reads", "Limit log-ins per minute", "Import bank statements in CAMT.053",
    "Mark a credit note as such in the export", "Rename a flag that said its opposite", "Add the Swiss QR bill",
    "Show the audit log to administrators", "Archive attachments after ten years", "Fix the total of a partial payment",
    "Use the new address form everywhere", "Test the export with a thousand invoices", "Warn before a number range ends",
)  # fmt: skip
SELF_MERGED = 9  # every so many, its author merged what the reviewer had approved
EMERGENCY_TITLE = "Stop sending reminders twice"


@dataclass(frozen=True, slots=True)
class Merge:
    """A pull request that was merged, and where in the story it stands."""

    repository: str
    number: int
    title: str
    author: str
    reviewer: str
    opened_at: dt.datetime
    merged_at: dt.datetime

    @property
    def head(self) -> str:
        """Its last commit."""
        return commit_of(f"{self.repository}#{self.number} head")

    @property
    def merge(self) -> str:
        """The commit it was merged as."""
        return commit_of(f"{self.repository}#{self.number} merge")


def commit_of(what: str) -> str:
    """A commit's name: always the same for the same thing."""
    return hashlib.sha1(what.encode(), usedforsecurity=False).hexdigest()


def merges_of(first: dt.date, calendar: Calendar) -> list[Merge]:
    """The pull requests merged in the month that begins on `first`, as far as it has come."""
    days = [first + number * DAY for number in range((_next(first) - first).days)]
    working = [day for day in days if day.weekday() < 5]
    count = _how_many(first, calendar, len(working))
    placed = [(working[place * len(working) // count], place) for place in range(count)]
    return [_merge(day, place, calendar) for day, place in placed if day < calendar.today]


def _how_many(first: dt.date, calendar: Calendar, working: int) -> int:
    begun = calendar.fourth.first
    if first == begun:
        return MERGES
    if first == pipeline_since(calendar):
        return MERGES_BEFORE
    return A_MONTH_BY_HAND if first < begun else working // DAYS_SINCE


def pipeline_since(calendar: Calendar) -> dt.date:
    """The first day of the month in which the pipeline was connected: the last one of the third quarter."""
    return (calendar.fourth.first - DAY).replace(day=1)


def _next(first: dt.date) -> dt.date:
    return (first.replace(day=28) + 4 * DAY).replace(day=1)


def _merge(day: dt.date, place: int, calendar: Calendar) -> Merge:
    number = (day.year - 2000) * 1200 + day.month * 100 + place
    at = dt.datetime.combine(day, dt.time(9 + place % 7, 7 * place % 60), calendar.zone)
    return Merge(
        repository=API if number % 3 == 0 else APP,
        number=number,
        title=_TITLES[number % len(_TITLES)],
        author=_AUTHORS[number % len(_AUTHORS)],
        reviewer=REVIEWERS[number % len(REVIEWERS)],
        opened_at=at - 20 * HOUR,
        merged_at=at,
    )


def emergency(calendar: Calendar) -> Merge:
    """What could not wait: put out from its branch at night, reviewed on the next working day."""
    at = dt.datetime.combine(calendar.fourth.day(EMERGENCY_DAY), dt.time(21, 40), calendar.zone)
    return Merge(APP, 90_001, EMERGENCY_TITLE, "chen.wei", "laura.novak", at - HOUR, at + 13 * HOUR)


def as_listed(one: Merge, *, is_draft: bool = False) -> dict[str, Any]:
    """As gh prints it: merged with its review, or while it is a draft with neither."""
    ready = one.merged_at - 30 * MINUTE
    row = {
        "number": one.number,
        "title": one.title,
        "body": f"{one.title}. To undo it, the release before is deployed again; it keeps the data as it is.",
        "url": f"https://github.com/{one.repository}/pull/{one.number}",
        "state": "MERGED",
        "isDraft": is_draft,
        "author": {"login": handle(one.author)},
        "createdAt": _text(one.opened_at),
        "updatedAt": _text(one.merged_at),
        "closedAt": _text(one.merged_at),
        "mergedAt": _text(one.merged_at),
        "mergedBy": {"login": handle(one.author if one.number % SELF_MERGED == 0 else one.reviewer)},
        "mergeCommit": {"oid": one.merge},
        "headRefOid": one.head,
        "headRefName": f"work-{one.number}",
        "isCrossRepository": False,
        "baseRefName": "main",
        "commits": [_commit(one)],
        "reviews": [_review(one, ready)],
        "statusCheckRollup": [_check(name, ready) for name in ("tests", "dependency scan")],
    }
    unmerged: dict[str, Any] = {
        "state": "OPEN",
        "closedAt": None,
        "mergedAt": None,
        "mergedBy": None,
        "mergeCommit": None,
        "reviews": [],
    }
    return {**row, **unmerged, "updatedAt": _text(one.opened_at)} if is_draft else row


def _commit(one: Merge) -> dict[str, Any]:
    author = {"login": handle(one.author), "name": EVERYBODY[one.author].name, "email": EVERYBODY[one.author].email}
    return {"oid": one.head, "authors": [author], "messageHeadline": one.title, "committedDate": _text(one.opened_at)}


def _review(one: Merge, at: dt.datetime) -> dict[str, Any]:
    review = {"id": f"review-{one.number}", "author": {"login": handle(one.reviewer)}, "state": "APPROVED"}
    return {**review, "commit": {"oid": one.head}, "submittedAt": _text(at), "body": "Read it and tried it on staging."}


def _check(name: str, at: dt.datetime) -> dict[str, Any]:
    return {"name": name, "status": "COMPLETED", "conclusion": "SUCCESS", "completedAt": _text(at - HOUR)}


def bot_push(calendar: Calendar) -> dict[str, Any]:
    """What GitHub sent when the robot pushed to the main branch past every request."""
    sha = commit_of("base image")
    author = {"name": "Larkfield CI", "email": "ci@larkfield.example", "username": ROBOT}
    pushed = {"id": sha, "message": "Update the base image", "timestamp": _text(_pushed_at(calendar)), "author": author}
    return {
        "ref": "refs/heads/main",
        "before": commit_of("before the base image"),
        "after": sha,
        "forced": False,
        "repository": {"full_name": APP, "default_branch": "main"},
        "pusher": {"name": ROBOT},
        "sender": {"login": ROBOT, "type": "Bot"},
        "commits": [pushed],
    }


def _pushed_at(calendar: Calendar) -> dt.datetime:
    return dt.datetime.combine(calendar.fourth.day(BOT_PUSH_DAY), dt.time(4, 12), calendar.zone)


def deployments_of(merges: Sequence[Merge]) -> Iterator[dict[str, Any]]:
    """Nine for each merge, minutes after it."""
    for one in merges:
        for place, service in enumerate(SERVICES):
            at = one.merged_at + (9 + place) * MINUTE
            yield _deployed(f"{service}-{one.number}", one.repository, one.merge, at, service, by=handle(one.author))


def beside_them(calendar: Calendar, merges: Sequence[Merge]) -> Iterator[dict[str, Any]]:
    """Of the fourth quarter's first month: one merge deployed again, the emergency, and the bot's push."""
    again = next((one for one in merges if one.merged_at.date() >= calendar.fourth.day(REDEPLOY_DAY)), None)
    if again is not None:
        for place, service in enumerate(SERVICES[-AGAIN:]):
            at = again.merged_at + 3 * HOUR + place * MINUTE
            yield _deployed(f"{service}-{again.number}-again", again.repository, again.merge, at, service, by="tferreira")
    urgent = emergency(calendar)
    at = urgent.opened_at + HOUR
    yield _deployed("worker-east-hotfix", urgent.repository, urgent.head, at, "worker-east", by=handle(urgent.author))
    at = _pushed_at(calendar) + 9 * MINUTE
    yield _deployed("web-eu-base-image", APP, commit_of("base image"), at, "web-eu", by=ROBOT, bot=True)


def _deployed(name: str, repository: str, commit: str, at: dt.datetime, service: str, **more: Any) -> dict[str, Any]:
    by = more.pop("by")
    place = {"environment": "production", "service": service, "system": "AWS production"}
    return {"id": name, **place, "repository": repository, "commit": commit, "deployed_at": at, "deployed_by": by, **more}


def _text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
