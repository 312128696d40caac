"""What of the removals waits for a member."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from inventory.models import Removal
from inventory.removals.rights import mine
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond, named

TO_DO = ("requested", "still_active")
# What compliance managers are asked about: which removals, and the end of the entry's title, filter and reason.
_QUESTIONS = {
    "active": (
        Q(status="still_active"),
        "still active although claimed done",
        "state=still_active",
        "you run the removals; a later export still shows the access",
    ),
    "unclear": (
        Q(status="cannot_be_verified"),
        "not to be verified",
        "state=cannot_be_verified",
        "you run the removals; the last export does not show whether the access is gone",
    ),
    "nobody": (
        Q(status="requested", assignee=None),
        "with nobody",
        "state=requested&whose=nobody",
        "you run the removals",
    ),
}


def removals_waiting(member: Any) -> Iterable[InboxEntry]:
    """One's own to do, one by one; for compliance managers what has gone wrong or is with nobody."""
    today = member.organization.today()
    theirs = Removal.objects.filter(mine(member), status__in=TO_DO).select_related("system", "person", "account__owner")
    own = theirs.order_by("due_on", "reference")
    shown = list(own[:SHOWN])
    for removal in shown:
        yield InboxEntry(
            title=f"{removal.reference}: {removal.task} of {removal.whose} in {removal.system.name}",
            url=removal.get_absolute_url(),
            why="It is still active although it was claimed done." if removal.status == "still_active" else removal.reason,
            due=removal.due_on,
            overdue=removal.due_on < today,
        )
    if len(shown) == SHOWN:
        yield from beyond(own, "removals", f"{reverse('inventory:removal-list')}?whose=me&state=open", today)
    if member.can("removals.accept"):
        yield from _for_managers(member, today)


def removals_about(member: Any) -> Rows:
    """The rows behind `removals_waiting`."""
    yield Removal.objects.filter(mine(member), status__in=TO_DO)
    if member.can("removals.accept"):
        wrong = Q(pk__in=[])
        for condition, *_ in _QUESTIONS.values():
            wrong |= condition
        yield Removal.objects.filter(wrong)


def _for_managers(member: Any, today: Any) -> Iterable[InboxEntry]:
    """All that went wrong, counted by one query: it is asked for on every page."""
    figures: dict[str, Count | Min] = {}
    for name, (condition, *_) in _QUESTIONS.items():
        figures |= {
            f"{name}_count": Count("pk", filter=condition),
            f"{name}_due": Min("due_on", filter=condition),
            f"{name}_first": Min("reference", filter=condition),
        }
    found = Removal.objects.exclude(mine(member)).aggregate(**figures)
    listing = reverse("inventory:removal-list")
    for name, (_, state, query, why) in _QUESTIONS.items():
        count, due = found[f"{name}_count"], found[f"{name}_due"]
        if count:
            verb = "is" if count == 1 else "are"
            yield InboxEntry(
                title=f"{named(found[f'{name}_first'], count)} {verb} {state}",
                url=f"{listing}?{query}",
                why=why,
                due=due,
                overdue=due < today,
                count=count,
                delegable=False,
            )
