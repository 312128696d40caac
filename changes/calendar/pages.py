"""The calendar: months, weeks and days of planned changes, with the freezes over them."""

import datetime as dt
import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import TemplateView

from audit.actions import action
from audit.record import record
from changes.calendar.board import weeks_of
from changes.calendar.icalendar import TYPE, written
from changes.calendar.listing import EVERYBODY
from changes.calendar.reading import Found, find, freezes_in, held_of, is_about, meetings_of
from changes.calendar.spans import VIEWS, Span, span_of
from changes.rights import visible_to
from inventory.models import System
from tenancy.scope import now
from ui.moments import zone_name
from ui.screens import ScreenRequest, screen
from ui.screens.base import Screen

FILE_MOST = 2_000  # changes of a day in a file
MOST = {"month": 4, "week": 12, "day": 200}  # changes shown on a day
LEGEND = (("warn", "Not yet approved"), ("info", "Approved or carried out"), ("ok", "Closed"), ("bad", "Failed or rolled back"))


class Calendar(Screen, TemplateView):
    """What is planned, when, on which systems, and what holds it."""

    permission = EVERYBODY
    title = "Calendar"
    template_name = "changes/calendar.html"
    primary_action = ("Set a freeze", "changes:freeze-create", "changes.write")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """A page of days."""
        member, today = self.request.member, self.request.organization.today()
        span = span_of(self.request.GET, today)
        systems = list(System.objects.filter(status=System.Status.ACTIVE))
        system = chosen_system(self.request.GET.get("system", ""), systems)
        visible, most = visible_to(member), MOST[span.view]
        found = find(span, visible, most=most, system=system)
        found.meetings = meetings_of(found.waiting, visible, sees_all=member.can("changes.read"))
        freezes = freezes_in(*reach(span, found))
        found.held = held_of(found.waiting, freezes)
        bands = [one for one in freezes if one.starts_at < span.ends and one.ends_at > span.begins]
        if system is not None:
            bands = [one for one in bands if is_about(one, [system.pk])]
        return super().get_context_data(
            **self.frame(),
            span=span,
            weeks=weeks_of(span, found, bands, today=today, most=most),
            found=found,
            freezes=bands,
            overlapping=len(found.meetings),
            held=len(found.held),
            systems=systems,
            system=system,
            zone=zone_name(),
            legend=LEGEND,
            links=links(span, today, system),
            **kwargs,
        )


@screen(EVERYBODY)
def download(request: ScreenRequest) -> HttpResponse:
    """The days of a page as a file for other calendars; that it left is noted."""
    span = span_of(request.GET, request.organization.today())
    system = chosen_system(request.GET.get("system", ""), list(System.objects.filter(status=System.Status.ACTIVE)))
    changes = find(span, visible_to(request.member), most=FILE_MOST, system=system).changes
    freezes = [one for one in freezes_in(span.begins, span.ends) if system is None or is_about(one, [system.pk])]
    text = written(changes, freezes, at=now())
    note_download(request, span, text, len(changes) + len(freezes))
    name = f"changes-{span.view}-{span.on.isoformat()}.ics"
    return HttpResponse(text, content_type=TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@action
def note_download(request: ScreenRequest, span: Span, text: str, rows: int) -> None:
    """An event, as of every list that leaves."""
    facts = {"list": "Calendar", "form": "iCalendar", "filter": span.label, "rows": rows}
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    record("list.export", request.organization, actor=request.member, metadata={**facts, "sha256": sha256})


def links(span: Span, today: dt.date, system: System | None) -> dict[str, Any]:
    """Where the page leads: the times around it, and the same time seen otherwise."""
    return {
        "previous": address(span.view, span.previous(), system),
        "next": address(span.view, span.next(), system),
        "today": address(span.view, today, system),
        "file": address(span.view, span.on, system).replace(reverse("changes:calendar"), reverse("changes:calendar-file"), 1),
        "views": [(label, address(view, span.on, system), view == span.view, view[0]) for view, label in VIEWS.items()],
    }


def address(view: str, on: dt.date, system: System | None) -> str:
    """A page of the calendar."""
    asked = {"view": view, "on": on.isoformat(), **({"system": str(system.pk)} if system else {})}
    return f"{reverse('changes:calendar')}?{urlencode(asked)}"


def chosen_system(key: str, systems: list[System]) -> System | None:
    """The system that the address names, if there is one."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return next((one for one in systems if one.pk == wanted), None)


def reach(span: Span, found: Found) -> tuple[dt.datetime, dt.datetime]:
    """From when until when freezes matter: the span, and the whole windows of what is shown in it."""
    starts = [one.window_from for one in found.waiting if one.window_from]
    ends = [one.window_until for one in found.waiting if one.window_until]
    return min([span.begins, *starts]), max([span.ends, *ends])
