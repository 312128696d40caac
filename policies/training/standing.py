"""Who has to take a course until when: within so many days from joining, and again before what they took expires."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, Count, DateField, F, OuterRef, Q, QuerySet, Subquery, UUIDField, Value, When
from django.db.models.functions import Cast, Greatest

from inventory.models import Person
from policies.models import Course, TrainingRecord
from policies.people import at_work
from ui.components import Badge

SOON = dt.timedelta(days=30)


def required() -> QuerySet[Course]:
    """The courses that people have to take."""
    return Course.objects.filter(required=True, status=Course.Status.ACTIVE).order_by("name", "pk")


def people_of(course: Course, today: dt.date) -> QuerySet[Any]:
    """Whoever at work has to take it, with `last_on` and `until` of what counts longest, and `due_on`.

    `due_on` is the day until when they have to take it, again or for the first time: so many days from when they joined or
    from when it was required, whichever is later; none for what counts for good.
    """
    records = TrainingRecord.objects.filter(course=course, person=OuterRef("pk"), status=TrainingRecord.Status.CURRENT)
    best = records.order_by(F("expires_on").desc(nulls_first=True), "-completed_on", "pk")
    # GREATEST passes over what is not known: whoever has no first day here counts from when it was required.
    begun = Greatest("started_on", Value(course.required_from, output_field=DateField()))
    first = Cast(begun + Value(dt.timedelta(days=course.join_days)), DateField())
    people = Person.objects.filter(at_work(today))
    if course.departments:
        people = people.filter(department__in=course.departments)
    return people.annotate(
        last_on=Subquery(best.values("completed_on")[:1]), until=Subquery(best.values("expires_on")[:1])
    ).annotate(due_on=Case(When(last_on__isnull=True, then=first), default=F("until"), output_field=DateField()))


def overdue(today: dt.date) -> Q:
    """Of `people_of`: the gaps."""
    return Q(due_on__lt=today)


def soon(today: dt.date) -> Q:
    """Of `people_of`: who has to take it within 30 days."""
    return Q(due_on__gte=today, due_on__lte=today + SOON)


def badge(person: Any, today: dt.date) -> Badge:
    """How somebody of `people_of` stands, as a word in a tone."""
    if person.due_on is not None and person.due_on < today:
        return Badge("Expired" if person.last_on else "Not trained", "bad")
    if person.last_on is None:
        return Badge("To be taken", "warn")
    return Badge("Expires soon", "warn") if person.due_on and person.due_on <= today + SOON else Badge("Trained", "ok")


def overdue_by_course(courses: Iterable[Course], today: dt.date) -> dict[uuid.UUID, int]:
    """How many gaps each of these courses has; those without any are not there. One query, whatever their number."""
    return {key: count for key, count in _union(_counted(course, overdue(today), today) for course in courses) if count}


def people_by_course(courses: Iterable[Course], today: dt.date) -> dict[uuid.UUID, int]:
    """How many people have to take each of these courses. One query."""
    return dict(_union(_counted(course, Q(), today) for course in courses))


def owed_by(member: Any, courses: Sequence[Course], today: dt.date) -> list[tuple[Course, dt.date]]:
    """What a member has to take within 30 days, or should have, the first day first. One query."""
    by_key = {course.pk: course for course in courses}
    found = _union(_owed(course, Q(member=member.pk), today).values_list("course_key", "due_on") for course in courses)
    return sorted(((by_key[key], day) for key, day in found), key=lambda pair: (pair[1], pair[0].name))


def everybody_owing(courses: Sequence[Course], today: dt.date) -> list[tuple[uuid.UUID, uuid.UUID, dt.date]]:
    """(course, person, day) of all who are members and have to take something within 30 days, or should have. One query."""
    wanted = Q(member__isnull=False)
    return sorted(_union(_owed(one, wanted, today).values_list("course_key", "pk", "due_on") for one in courses), key=str)


def late_under_managers(courses: Sequence[Course], until: dt.date, today: dt.date) -> list[Any]:
    """(course, person, day, the manager's member) of all who had to take something by `until` and have not. One query."""
    wanted = Q(due_on__lte=until, manager__member__isnull=False)
    rows = (_owed(one, wanted, today) for one in courses)
    return sorted(_union(one.values_list("course_key", "pk", "due_on", "manager__member") for one in rows), key=str)


def _owed(course: Course, whose: Q, today: dt.date) -> Any:
    rows = people_of(course, today).filter(whose, due_on__lte=today + SOON)
    return rows.order_by().annotate(course_key=Value(course.pk, output_field=UUIDField()))


def _counted(course: Course, which: Q, today: dt.date) -> Any:
    """One row: the course and how many. The organization's key groups them, as all have the same."""
    rows = people_of(course, today).filter(which).order_by().values("tenant_id").annotate(count=Count("pk"))
    keyed = rows.annotate(course_key=Value(course.pk, output_field=UUIDField()))
    return keyed.values_list("course_key", "count")


def _union(parts: Iterable[QuerySet[Any, Any]]) -> list[Any]:
    found = list(parts)
    if not found:
        return []
    return list(found[0].union(*found[1:], all=True) if len(found) > 1 else found[0])
