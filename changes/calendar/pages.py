"""The calendar: months, weeks and days of planned changes, with the freezes over them."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.views.generic import TemplateView

from changes.calendar.board import weeks_of
from changes.calendar.listing import EVERYBODY
from changes.calendar.moments import zone_name
from changes.calendar.reading import Found, find, freezes_in, held_of, is_about, meetings_of
from changes.calendar.spans import VIEWS, Span, span_of
from changes.rights import visible_to
from inventory.models import System
from ui.screens.base import Screen

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


def links(span: Span, today: dt.date, system: System | None) -> dict[str, Any]:
    """Where the page leads: the times around it, and the same time seen otherwise."""
    return {
        "previous": address(span.view, span.previous(), system),
        "next": address(span.view, span.next(), system),
        "today": address(span.view, today, system),
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
