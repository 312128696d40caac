"""What waits for the owners of controls."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import Member
from controls.models import Control, Occurrence
from controls.occurrences.calendar import DAY, spelled
from controls.occurrences.states import asked_for, overdue
from workflow.inbox import InboxEntry, Rows, named

SINGLY = 3  # so many of one control are named one by one


def waiting(member: Member) -> Iterator[InboxEntry]:
    """What is due or overdue of the controls that this member owns; for who runs the controls, also what nobody owns."""
    today = member.organization.today()
    if member.can("occurrences.perform"):
        yield from _own(member, today)
    if member.can("controls.write"):
        yield from _nobodys(today)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    due = Occurrence.objects.filter(asked_for(member.organization.today()))
    if member.can("occurrences.perform"):
        yield due.filter(control__owner__member=member)
    if member.can("controls.write"):
        yield due.filter(control__owner__isnull=True)


def _own(member: Member, today: dt.date) -> Iterator[InboxEntry]:
    mine = Occurrence.objects.filter(asked_for(today), control__owner__member=member).order_by()
    counted = mine.values_list("control").annotate(number=Count("pk"), late=Count("pk", filter=overdue(today)), due=Min("due_on"))
    figures = {key: rest for key, *rest in counted}
    few = [key for key, (number, _, _) in figures.items() if number <= SINGLY]
    yield from (_single(row, today) for row in mine.filter(control__in=few).select_related("control"))
    many = [key for key in figures if key not in few]
    if many:
        first = _earliest(mine, many)
        for control in Control.objects.filter(pk__in=many):
            number, late, due = figures[control.pk]
            url = _list(control=str(control.pk), show="todo") if member.can("controls.read") else first[control.pk]
            why = f"you own the control, and {late:,} of them are overdue" if late else "you own the control"
            yield InboxEntry(f"{control}: {number:,} occurrences", url, why, due, overdue=due < today, count=number)


def _single(row: Occurrence, today: dt.date) -> InboxEntry:
    missed = f", and it counts as missed since {spelled(row.missed_after + DAY)}" if row.missed_after < today else ""
    return InboxEntry(
        title=f"{row.control}: {row.label}",
        url=row.get_absolute_url(),
        why=f"you own the control{missed}",
        due=row.due_on,
        overdue=row.due_on < today,
    )


def _earliest(rows: QuerySet[Occurrence], controls: list[UUID]) -> dict[UUID, str]:
    """The page of the first that is due of each control."""
    first = rows.filter(control__in=controls).order_by("control_id", "due_on", "pk").distinct("control_id")
    return {row.control_id: row.get_absolute_url() for row in first}


def _nobodys(today: dt.date) -> Iterator[InboxEntry]:
    orphans = Occurrence.objects.filter(asked_for(today), control__owner__isnull=True)
    found = orphans.aggregate(
        number=Count("pk"), controls=Count("control", distinct=True), due=Min("due_on"), code=Min("control__code")
    )
    if number := found["number"]:
        things = "1 occurrence is" if number == 1 else f"{number:,} occurrences are"
        controls = named(found["code"], found["controls"])
        yield InboxEntry(
            title=f"{things} due of controls that nobody owns",
            url=_list(owner="nobody", show="todo"),
            why=f"you run the controls, and nobody owns {controls}",
            due=found["due"],
            overdue=found["due"] < today,
            count=number,
            delegable=False,
        )


def _list(**chosen: str) -> str:
    return f"{reverse('controls:occurrence-list')}?{urlencode(chosen)}"
