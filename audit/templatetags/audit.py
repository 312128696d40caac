"""The activity of one record as sentences."""

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import Context
from django.urls import reverse

from audit.models import AuditEvent
from audit.queries import activity_of
from audit.sentences import actor, did
from audit.values import readable

register = template.Library()
SHOWN = 50


@register.inclusion_tag("audit/change.html")
def change(event: AuditEvent) -> dict[str, Any]:
    """Before and after of one event, and its note."""
    return {"readable": readable(event)}


@register.inclusion_tag("audit/activity.html", takes_context=True)
def activity(context: Context, subject: Model) -> dict[str, Any]:
    """The latest events of `subject`; those who may read the trail get a link to all of them."""
    events = activity_of(subject.pk, SHOWN)
    member = context.get("member")
    may_read = member is not None and member.can("audit.read")
    return {
        "entries": [
            {
                "event": event,
                "actor": actor(event),
                "deed": did(event),
                "readable": readable(event),
                "url": reverse("audit:detail", args=[event.pk]) if may_read else "",
            }
            for event in events
        ],
        "trail_url": f"{reverse('audit:list')}?object={subject.pk}" if may_read else "",
    }
