"""Training as populations for testing."""

import datetime as dt
from collections.abc import Iterator

from evidence.populations.registry import Table, register_population
from policies.models import TrainingRecord
from policies.training.standing import badge, people_of, required
from tenancy.models import current_organization

_TAKEN = (
    "Every training that was completed on these days and not withdrawn, from this installation's own database. "
    "What nobody recorded is not in it."
)
_REQUIRED = (
    "Everybody at work on the last of these days or today, whichever comes first, with each course that they have to take, when "
    "they took it last and until when they have to take it. Roster, courses and trainings are those of now, from this "
    "installation's own database."
)


def register_populations() -> None:
    """Offer them."""
    register_population("training", "Training that was completed", _TAKEN, taken)
    register_population("training_required", "Training that is required, by person", _REQUIRED, needed)


def taken(first: dt.date, last: dt.date) -> Table:
    """Those of these days."""
    header = ("Id", "Person", "E-mail", "Department", "Joined", "Course", "Completed", "Expires", "Certificate", "Recorded (UTC)")
    return Table(header, _taken(first, last))


def _taken(first: dt.date, last: dt.date) -> Iterator[tuple[str, ...]]:
    rows = TrainingRecord.objects.filter(status="current", completed_on__range=(first, last))
    found = rows.select_related("person", "course", "certificate").order_by("completed_on", "pk")
    for one in found.iterator(chunk_size=2000):
        yield (
            str(one.pk),
            one.person.name,
            one.person.email,
            one.person.department,
            _day(one.person.started_on),
            one.course.name,
            _day(one.completed_on),
            _day(one.expires_on),
            one.certificate.reference if one.certificate else "",
            one.recorded_at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S"),
        )


def needed(_first: dt.date, last: dt.date) -> Table:
    """A row for each person and course as of the last day."""
    header = ("Id", "Person", "E-mail", "Department", "Joined", "Course", "Last completed", "To be taken by", "State")
    return Table(header, _needed(min(last, current_organization().today())))


def _needed(day: dt.date) -> Iterator[tuple[str, ...]]:
    for course in required():
        for one in people_of(course, day).order_by("name", "pk").iterator(chunk_size=2000):
            yield (
                f"{one.pk}/{course.pk}",
                one.name,
                one.email,
                one.department,
                _day(one.started_on),
                course.name,
                _day(one.last_on),
                _day(one.due_on),
                badge(one, day).label,
            )


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
