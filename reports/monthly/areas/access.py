"""Access reviews, and whether access that had to go is gone."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet

from controls.status.readiness import Share
from evidence.printing.words import day, plural
from inventory.models import Removal
from inventory.models.removal import OPEN
from inventory.removals.due import add_business_days
from reports.monthly.data import Column, Decision, Figure, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span
from reviews.models import Campaign, Item

Status = Removal.Status
VERIFIED = (Status.VERIFIED_REMOVED, Status.VERIFIED_CHANGED)
DECIDED = (Item.Decision.RETAIN, Item.Decision.REVOKE, Item.Decision.MODIFY)
DEFINITIONS = [
    (
        "Access removals verified",
        "Of the removals and changes of access that were due in the days of the report, or were finished in them, those that a "
        "later complete export of the system itself has shown to be done. One that was reported done counts only then.",
    )
]


def told(span: Span) -> Area:
    """Of all systems."""
    removals = list(_cohort(span))
    reviews = list(_reviews(span))
    active = [row for row in _open(span) if row.status == Status.STILL_ACTIVE]
    back = [row for row in removals if row.regranted_at]
    return Area(
        figures=[_figure(removals)],
        matters=list(_matters(active, back, reviews, span)),
        decisions=[_decision(row, span) for row in active],
        sections=[_section(span, removals, reviews)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> QuerySet[Removal]:
    rows = Removal.objects.filter(requested_at__lt=span.moment).exclude(status=Status.WITHDRAWN)
    return rows.select_related("system", "account", "person", "assignee", "checked_snapshot")


def _cohort(span: Span) -> QuerySet[Removal]:
    """What was due in the span, or finished in it."""
    finished = Q(closed_at__gte=span.since, closed_at__lt=span.until) & ~Q(status__in=OPEN)
    return _known(span).filter(Q(due_on__range=(span.first, span.last)) | finished).order_by("due_on", "reference")


def _open(span: Span) -> QuerySet[Removal]:
    return _known(span).filter(status__in=OPEN).order_by("due_on", "reference")


def _gone(row: Removal) -> bool:
    return row.status in VERIFIED and row.regranted_at is None


def _figure(rows: list[Removal]) -> Figure:
    """Verified of all; the note says what became of the others."""
    counts = Counter(
        "granted again" if row.regranted_at and row.status in VERIFIED else row.status for row in rows if not _gone(row)
    )
    words = {
        "granted again": "granted again",
        Status.STILL_ACTIVE: "still active",
        Status.CLAIMED: "await an export" if counts[Status.CLAIMED] > 1 else "awaits an export",
        Status.REQUESTED: "not reported done",
        Status.CANNOT_BE_VERIFIED: "cannot be verified",
        Status.ACCEPTED: "accepted by name",
    }
    note = ", ".join(f"{counts[key]:,} {text}" for key, text in words.items() if counts[key])
    verified = sum(1 for row in rows if _gone(row))
    return Figure(
        key="removals", label="Access removals verified", part=verified, whole=len(rows), none="None was due",
        note=note or ("all verified" if rows else ""),
    )  # fmt: skip


def _matters(active: list[Removal], back: list[Removal], reviews: list[Campaign], span: Span) -> Iterator[Matter]:
    for row in active:
        yield Matter(rank=1, text=f"{_access(row)} is still active after it was reported removed")
    for row in back:
        yield Matter(rank=2, text=f"{_access(row)} was granted again after its removal was verified")
    late = [row for row in _open(span) if row.due_on < span.today and row.status != Status.STILL_ACTIVE]
    if late:
        yield Matter(rank=4, text=f"{plural(len(late), 'access removal is', 'access removals are')} past due")
    for review in reviews:
        if review.status == Campaign.Status.ACTIVE and review.due_on < span.today:
            yield Matter(rank=3, text=f"the access review {review.reference} is past its due day")


def _access(row: Removal) -> str:
    """Whose access to what: Mara Lind's access to AWS production."""
    who = row.person.name if row.person else row.account.display_name or row.account.name
    return f"{who}'s access to {row.system.name}"


def _decision(row: Removal, span: Span) -> Decision:
    reported = f", reported removed on {_local(row.claimed_at, span)}" if row.claimed_at else ""
    seen = f" and still active on {_local(row.checked_snapshot.as_of, span)}" if row.checked_snapshot else ""
    by = max(row.due_on, add_business_days(span.today, 2))
    return Decision(
        rank=1,
        what=f"Remove {_access(row)}{reported}{seen}, or accept it by name.",
        who=row.assignee.name if row.assignee else span.responsible,
        by=by.isoformat(),
    )


def _local(moment: dt.datetime, span: Span) -> str:
    return f"{moment.astimezone(span.organization.tzinfo):%-d %B}"


def _reviews(span: Span) -> QuerySet[Campaign]:
    """Those that ran in the span: started before its end, and not closed before its beginning."""
    ran = Q(closed_at__isnull=True) | Q(closed_at__gte=span.since)
    rows = Campaign.objects.filter(ran, status__in=Campaign.STARTED, started_at__lt=span.until)
    decided = Count("items", filter=Q(items__decision__in=DECIDED))
    return rows.annotate(decided=decided).order_by("period_from", "reference")


def _section(span: Span, removals: list[Removal], reviews: list[Campaign]) -> Section:
    verified = sum(1 for row in removals if _gone(row))
    words = f"{Share(verified, len(removals))} access removals were verified." if removals else "No access removal was due."
    run = plural(len(reviews), "access review") + " ran in these days." if reviews else "No access review ran in these days."
    return Section(
        key="access",
        title="Access reviews and revocations verified",
        sentence=f"{run} {words}",
        tables=[_exceptions(span, removals), _campaigns(reviews), _by_system(removals)],
    )


def _exceptions(span: Span, removals: list[Removal]) -> Table:
    """What is past due at the moment, whenever it was due, and what came back."""
    rows = [row for row in _open(span) if row.due_on < span.today or row.status == Status.STILL_ACTIVE]
    known = set(rows)
    rows += [row for row in removals if row.regranted_at and row not in known]
    return Table(
        title="Not gone, or back again",
        columns=[
            Column(label="Removal", width=17),
            Column(label="Access", width=36),
            Column(label="Due", width=13),
            Column(label="State", width=17),
            Column(label="Assigned to", width=17),
        ],
        rows=[
            [
                row.reference,
                f"{_access(row)}: {row.access}",
                day(row.due_on.isoformat()),
                str(row.status_badge.label),
                row.assignee.name if row.assignee else "Nobody",
            ]
            for row in rows
        ],
        none="No removal is past due, and no removed access came back.",
        exceptions=True,
    )


def _campaigns(reviews: list[Campaign]) -> Table:
    return Table(
        title="Access reviews",
        columns=[
            Column(label="Review", width=42),
            Column(label="State", width=16),
            Column(label="Decided", width=26, numeric=True),
            Column(label="Due", width=16, numeric=True),
        ],
        rows=[
            [
                f"{review.reference} {review.name}",
                str(review.get_status_display()),
                str(Share(review.decided, review.item_count)) if review.item_count else "Nothing to decide",  # type: ignore[attr-defined] # annotated
                day(review.due_on.isoformat()),
            ]
            for review in reviews
        ],
        none="",
    )


def _by_system(removals: list[Removal]) -> Table:
    own: dict[str, list[Removal]] = defaultdict(list)
    for row in removals:
        own[row.system.name].append(row)
    rows = [[name, *_numbers(own[name])] for name in sorted(own)]
    return Table(
        title="Removals due or finished in these days, by system",
        columns=[
            Column(label="System", width=32),
            *(Column(label=label, width=17, numeric=True) for label in ("All", "Verified", "Accepted by name", "Not over")),
        ],
        rows=[[*row] for row in rows],
        total=["All", *_numbers(removals)] if len(rows) > 1 else [],
        none="",
    )


def _numbers(rows: list[Removal]) -> list[str]:
    gone = sum(1 for row in rows if _gone(row))
    accepted = sum(1 for row in rows if row.status == Status.ACCEPTED)
    return [f"{number:,}" for number in (len(rows), gone, accepted, len(rows) - gone - accepted)]
