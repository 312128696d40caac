"""Mail about who is on call: of overrides to whom they concern, of gaps to those who run the schedules."""

from django.conf import settings

from accounts.models import Member
from audit.actors import Actor
from incidents.models import OnCallOverride, OnCallSchedule
from incidents.models.oncall import RUN
from incidents.oncall.plan import Span
from tenancy.models import current_organization
from ui.values import exact
from workflow.outbox import queue_mail


def tell_override(override: OnCallOverride, actor: Actor) -> None:
    """Whoever was put on call by somebody else reads it."""
    if actor.id == override.member_id:
        return
    when = f"from {exact(override.starts_at)} to {exact(override.ends_at)}"
    why = f"\nWhy: {override.reason}" if override.reason else ""
    queue_mail(
        to=override.member.email,
        subject=f"You are on call {when}",
        text=f"{actor.name} has put you on call for {override.schedule.name}, {when}.{why}\n\n{_address(override.schedule)}",
        key=f"on-call-override:{override.pk}",
    )


def tell_gap(schedule: OnCallSchedule, span: Span, *, key: str) -> None:
    """Those who run the schedules read of a gap, once for each."""
    text = (
        f"{schedule.name}, from {exact(span.begins)} to {exact(span.ends)}: {span.gap}\n"
        f"{span.member.name} is told in their place. Put somebody on call, or change the rotation.\n\n{_address(schedule)}"
    )
    for member in runners():
        queue_mail(
            to=member.email,
            subject=f"A gap in who is on call: {schedule.name}, {exact(span.begins)}",
            text=text,
            key=f"on-call-gap:{schedule.pk}:{key}:{member.pk}",
        )


def runners() -> list[Member]:
    """Members whose roles let them decide who is on call."""
    members = Member.objects.active().able(RUN).filter(organization=current_organization(), user__is_service=False)
    return list(members.select_related("user", "organization").order_by("user__name", "pk"))


def _address(schedule: OnCallSchedule) -> str:
    return f"{settings.PLUMBLINE_BASE_URL}{schedule.get_absolute_url()}"
