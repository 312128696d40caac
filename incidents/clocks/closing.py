"""Which notices go on when an incident is closed: it is not closed over an undecided or unsent one without a reason."""

from collections.abc import Iterator

from incidents.hooks import Unfinished
from incidents.models import Incident, NotificationClock
from incidents.models.clock import PENDING
from ui.values import exact

Status = NotificationClock.Status
_WORDS = {
    Status.WAITING.value: "its time does not run yet",
    Status.RUNNING.value: "nobody has decided whether to notify",
    Status.TO_NOTIFY.value: "the notice that was decided on is not recorded as sent",
}


def unfinished(incident: Incident) -> Iterator[Unfinished]:
    """Each clock that is not settled; one whose time does not run holds nothing up. A hook."""
    for clock in NotificationClock.objects.filter(incident=incident, status__in=PENDING).order_by("due_at", "name"):
        due = f", due {exact(clock.due_at)}" if clock.due_at else ""
        yield Unfinished(f"{clock.name}: {_WORDS[clock.status]}{due}.", holds=clock.status != Status.WAITING)
