"""Mail about freezes, to those whose planned changes they hold."""

from collections import defaultdict

from django.conf import settings

from accounts.models import Member
from audit.actors import Actor
from changes.calendar.freezes import WAITING, held_in
from changes.models import Change, FreezeWindow
from ui.values import exact
from workflow.outbox import queue_mail


def tell_held(freeze: FreezeWindow, *, key: str, actor: Actor) -> None:
    """One mail to each who raised or carries out a change that waits for its window in this freeze; `key` names what happened."""
    people = ("raised_by__user", "implementer__member__user")
    held = held_in(freeze).filter(status__in=WAITING, overridden=False).select_related(*people).order_by("window_from", "id")
    mine: dict[Member, list[Change]] = defaultdict(list)
    for change in held:
        for member in {change.raised_by, change.implementer.member if change.implementer else None}:
            if member is not None and member.is_active and member.pk != actor.id:
                mine[member].append(change)
    for member, changes in mine.items():
        queue_mail(
            to=member.email,
            subject=f"{freeze.name} holds {_count(changes)} of yours",
            text="\n".join(_lines(freeze, changes)),
            key=f"freeze:{key}:{member.pk}",
        )


def _lines(freeze: FreezeWindow, changes: list[Change]) -> list[str]:
    return [
        f"{freeze.name}: from {exact(freeze.starts_at)} until {exact(freeze.ends_at)}.",
        freeze.reason,
        "",
        "Planned in this time:",
        *(f"{one.reference}: {one.title}, from {exact(one.window_from)}" for one in changes if one.window_from),
        "",
        "Move them, or ask somebody who runs changes to let them through, with a reason.",
        "",
        f"{settings.PLUMBLINE_BASE_URL}{freeze.get_absolute_url()}",
    ]


def _count(changes: list[Change]) -> str:
    return "a change" if len(changes) == 1 else f"{len(changes)} changes"
