"""Data and privacy: requests of people, customers who left, what was deleted, what is held, and what nobody reports."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from evidence.printing.words import day, plural
from inventory.removals.due import add_business_days
from privacy.models import PENDING, DeletionCertificate, EndedCustomer, InUse, LegalHold, RetentionSchedule, SubjectRequest
from privacy.retention.reported import report_due_on
from reports.monthly.data import Column, Decision, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

DEFINITIONS = [
    (
        "Requests of people past due",
        "Requests about their own data that are not answered, whose day has passed: a month from when they came, longer where "
        "they were told so (GDPR, Article 12(3)). People are not named here.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """Requests, cases, deletions and holds; of schedules elsewhere those that are late and those nobody reports on."""

    requests: list[SubjectRequest]
    counts: dict[str, int]
    cases: list[EndedCustomer]
    deleted: list[Any]
    holds: int
    schedules: int
    unreported: list[tuple[RetentionSchedule, dt.date]]
    unknown: int
    today: dt.date

    @property
    def late(self) -> list[SubjectRequest]:
        """Those past due."""
        return [one for one in self.requests if one.due_on < self.today]

    @property
    def late_cases(self) -> list[EndedCustomer]:
        """Those past due."""
        return [one for one in self.cases if one.due_on < self.today]


def told(span: Span) -> Area:
    """Of the whole organization. Nothing where none of it is kept here."""
    known = _known(span)
    if not (known.counts["ever"] or known.cases or known.deleted or known.holds or known.schedules):
        return Area()
    return Area(
        matters=list(_matters(known)),
        decisions=list(_decisions(known, span)),
        sections=[_section(known)],
        definitions=DEFINITIONS,
    )


def _known(span: Span) -> _Known:
    rows = SubjectRequest.objects.filter(opened_at__lt=span.moment)
    closed = Q(closed_at__gte=span.since, closed_at__lt=span.until)
    counts = rows.aggregate(
        ever=Count("pk"),
        came=Count("pk", filter=Q(received_on__range=(span.first, span.last))),
        closed=Count("pk", filter=closed & Q(status__in=["answered", "refused"])),
    )
    made = DeletionCertificate.objects.filter(made_at__gte=span.since, made_at__lt=span.until)
    schedules = list(RetentionSchedule.objects.filter(status=InUse.ACTIVE).select_related("owner").order_by("reference"))
    due = [(one, report_due_on(one, span.today)) for one in schedules if not one.kind]
    return _Known(
        requests=list(rows.filter(status__in=PENDING).select_related("owner").order_by("due_on", "pk")),
        counts=counts,
        cases=list(EndedCustomer.objects.filter(status="open").select_related("owner").order_by("due_on", "pk")),
        deleted=list(made.order_by("what").values("what").annotate(times=Count("pk"), rows=Sum("count"), kept=Sum("held"))),
        holds=LegalHold.objects.filter(status=LegalHold.Status.IN_FORCE).count(),
        schedules=len(schedules),
        unreported=[(one, by) for one, by in due if by is not None and by < span.today],
        unknown=sum(by is None for _, by in due),
        today=span.today,
    )


def _matters(known: _Known) -> Iterator[Matter]:
    if known.late:
        text = f"{plural(len(known.late), 'request of a person is', 'requests of people are')} past due"
        yield Matter(rank=3, text=text)
    if known.late_cases:
        text = f"the data of {plural(len(known.late_cases), 'customer who left was', 'customers who left was')} not gone in time"
        yield Matter(rank=3, text=text)
    if known.unreported:
        yield Matter(rank=5, text=f"{plural(len(known.unreported), 'deletion was', 'deletions were')} not reported by its system")


def _decisions(known: _Known, span: Span) -> Iterator[Decision]:
    by = add_business_days(span.today, 2).isoformat()
    for one in known.late:
        who = one.owner.name if one.owner else span.responsible
        yield Decision(rank=3, what=f"Answer {one.reference} ({one.get_kind_display().lower()}).", who=who, by=by)


def _section(known: _Known) -> Section:
    came, closed = known.counts["came"], known.counts["closed"]
    if known.counts["ever"]:
        pending = (
            f"{plural(len(known.requests), 'request of a person is', 'requests of people are')} open, {len(known.late):,} late."
        )
        sentence = f"{pending} {came:,} came in these days and {closed:,} were answered."
    else:
        sentence = "Nobody has asked about their own data."
    if known.holds:
        sentence += f" {plural(known.holds, 'legal hold is', 'legal holds are')} in force."
    notes = []
    if known.unknown:
        count = plural(known.unknown, "schedule of data elsewhere", "schedules of data elsewhere")
        notes.append(f"Whether data was deleted under {count} could not be evaluated: no system reports it here.")
    if not known.schedules:
        notes.append("Whether data is kept no longer than it may be could not be evaluated: there is no retention schedule.")
    return Section(
        key="privacy",
        title="Data, retention and requests of people",
        sentence=sentence,
        tables=[_late(known), _unreported(known), _deleted(known)],
        notes=notes,
    )


def _late(known: _Known) -> Table:
    rows: list[tuple[str, SubjectRequest | EndedCustomer]] = [
        (f"{one.reference} {one.get_kind_display().lower()}", one) for one in known.late
    ]
    rows += [(f"{one.reference} the data of {one.name}", one) for one in known.late_cases]
    return Table(
        title="Requests and customers who left, past due",
        columns=[Column(label="What", width=52), Column(label="Was due", width=24), Column(label="With", width=24)],
        rows=[[what, day(one.due_on.isoformat()), one.owner.name if one.owner else "Nobody"] for what, one in rows],
        none="None is past due." if known.requests or known.cases else "",
        exceptions=True,
    )


def _unreported(known: _Known) -> Table:
    return Table(
        title="Deletions elsewhere that were not reported",
        columns=[Column(label="Schedule", width=52), Column(label="Was due", width=24), Column(label="With", width=24)],
        rows=[
            [f"{one.reference} {one.name}", day(by.isoformat()), one.owner.name if one.owner else "Nobody"]
            for one, by in known.unreported
        ],
        none="",
        exceptions=True,
    )


def _deleted(known: _Known) -> Table:
    return Table(
        title="What was deleted in these days",
        columns=[
            Column(label="What", width=46),
            Column(label="Certificates", width=18, numeric=True),
            Column(label="Rows", width=18, numeric=True),
            Column(label="Kept for a hold", width=18, numeric=True),
        ],
        rows=[[one["what"], f"{one['times']:,}", f"{one['rows']:,}", f"{one['kept']:,}"] for one in known.deleted],
        none="Nothing was deleted.",
    )
