"""Policies and people: what is in force and looked at in time, who confirmed it, who is trained, who was checked first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import TruncDate

from evidence.printing.words import day, plural
from policies.background.gaps import early
from policies.models import Acknowledgement, BackgroundCheck, BackgroundRule, Policy
from policies.standing.legs import in_force_on
from policies.training.standing import overdue_by_course, people_by_course, required
from reports.monthly.areas.words import quoted
from reports.monthly.data import Column, Matter, Section, Table
from reports.monthly.registry import Area
from reports.monthly.span import Span

DEFINITIONS = [
    (
        "Confirmed in time",
        "Of what people at work were asked to confirm by a day of these days that has passed, what they confirmed by that day. "
        "What was closed without their word counts as not confirmed.",
    )
]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is in use, held and late of policies; acknowledgements by policy; courses with people and gaps; checks."""

    whole: int
    held: int
    late: list[Any]
    asked: list[Any]
    courses: list[tuple[str, int, int]]  # name, people, overdue
    checks: int
    unchecked: int | None  # None: nobody said who has to be checked

    @property
    def untrained(self) -> int:
        """Gaps of all courses."""
        return sum(late for _, _, late in self.courses)


def told(span: Span) -> Area:
    """Of the whole organization. Nothing where none of it is kept here."""
    known = _known(span)
    if not (known.whole or known.asked or known.courses or known.checks or known.unchecked is not None):
        return Area()
    return Area(matters=list(_matters(known)), sections=[_section(known)], definitions=DEFINITIONS)


def _known(span: Span) -> _Known:
    today = span.today
    holds = Exists(in_force_on(today).filter(policy=OuterRef("pk")))
    rows = Policy.objects.filter(status=Policy.Status.ACTIVE).annotate(holds=holds)
    late = rows.filter(holds=True, next_review_on__lt=today).select_related("owner").order_by("next_review_on", "pk")
    counts = rows.aggregate(whole=Count("pk"), held=Count("pk", filter=Q(holds=True)))
    courses = list(required())
    people, gaps = people_by_course(courses, today), overdue_by_course(courses, today)
    rule = BackgroundRule.objects.first()
    return _Known(
        whole=counts["whole"],
        held=counts["held"],
        late=list(late),
        asked=_asked(span),
        courses=[(one.name, people.get(one.pk, 0), gaps.get(one.pk, 0)) for one in courses],
        checks=BackgroundCheck.objects.filter(status=BackgroundCheck.Status.CURRENT).count(),
        unchecked=early(rule, today).count() if rule else None,
    )


def _asked(span: Span) -> list[Any]:
    """What fell due in these days, by policy: people, in time, later, not. Those who left without it are not judged."""
    gone = Q(status="open") & (Q(person__status="left") | Q(person__left_on__lt=span.today))
    last = min(span.last, span.today - dt.timedelta(days=1))
    rows = Acknowledgement.objects.filter(due_on__range=(span.first, last)).exclude(gone)
    done = Q(status="confirmed")
    in_time = done & Q(confirmed_on__lte=F("due_on"))
    rows = rows.annotate(confirmed_on=TruncDate("confirmed_at", tzinfo=span.organization.tzinfo))
    grouped = rows.order_by("campaign__policy__title", "campaign__policy").values("campaign__policy", "campaign__policy__title")
    return list(
        grouped.annotate(
            people=Count("pk"),
            in_time=Count("pk", filter=in_time),
            done=Count("pk", filter=done),
            lacking=Count("pk", filter=~done),
        )
    )


def _matters(known: _Known) -> Iterator[Matter]:
    if known.unchecked:
        people = plural(known.unchecked, "person", "people")
        yield Matter(rank=3, text=f"{people} at work had access before a background check")
    elif known.unchecked is None and known.checks:
        yield Matter(rank=3, text="nobody said whose background has to be checked, so it could not be evaluated")
    if known.late:
        yield Matter(rank=5, text=f"{plural(len(known.late), 'policy was', 'policies were')} not reviewed in time")
    if known.untrained:
        yield Matter(rank=5, text=f"{plural(known.untrained, 'training is', 'trainings are')} overdue")
    lacking = sum(one["lacking"] for one in known.asked)
    if lacking:
        yield Matter(rank=5, text=f"{plural(lacking, 'acknowledgement', 'acknowledgements')} of policies did not come in time")


def _section(known: _Known) -> Section:
    if known.whole:
        sentence = f"{known.held:,} of {plural(known.whole, 'policy is', 'policies are')} in force, {len(known.late):,} overdue."
    else:
        sentence = "No policy is kept here."
    return Section(
        key="policies",
        title="Policies, training and background checks",
        sentence=f"{sentence} {_checked(known)}",
        tables=[_late(known), _confirmed(known), _trained(known)],
    )


def _checked(known: _Known) -> str:
    if known.unchecked is None:
        return "Whether people are checked before they get access could not be evaluated: nobody said from when they have to be."
    if not known.unchecked:
        return "Nobody at work whom the rule names had access before a background check."
    return f"{plural(known.unchecked, 'person', 'people')} at work had access before a background check, or without one."


def _late(known: _Known) -> Table:
    return Table(
        title="Policies overdue for review",
        columns=[Column(label="Policy", width=55), Column(label="Was due", width=20), Column(label="With", width=25)],
        rows=[
            [f"{one.reference} {one.title}", day(one.next_review_on.isoformat()), one.owner.name if one.owner else "Nobody"]
            for one in known.late
        ],
        none="None that is in force is overdue." if known.held else "",
        exceptions=True,
    )


def _confirmed(known: _Known) -> Table:
    names = {"people": "Asked", "in_time": "In time", "done": "Confirmed", "lacking": "Not"}
    return Table(
        title="Acknowledgements that were due in these days",
        columns=[Column(label="Policy", width=44), *(Column(label=one, width=14, numeric=True) for one in names.values())],
        rows=[[one["campaign__policy__title"], *(f"{one[name]:,}" for name in names)] for one in known.asked],
        none="No acknowledgement was due.",
    )


def _trained(known: _Known) -> Table:
    return Table(
        title="Training",
        columns=[
            Column(label="Course", width=55),
            Column(label="People", width=15, numeric=True),
            Column(label="Overdue", width=30, numeric=True),
        ],
        rows=[[quoted(name), f"{people:,}", f"{late:,}"] for name, people, late in known.courses],
        none="No course is required: whether people are trained could not be evaluated.",
    )
