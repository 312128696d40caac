"""What of the removals waits for a member."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from inventory.models import Removal
from inventory.removals.rights import mine
from workflow.inbox import InboxEntry

TO_DO = ("requested", "still_active")
TROUBLE = ("still_active", "cannot_be_verified")


def removals_waiting(member: Any) -> Iterable[InboxEntry]:
    """One's own to do, one by one; for compliance managers what has gone wrong or is with nobody."""
    today = member.organization.today()
    theirs = Removal.objects.filter(mine(member), status__in=TO_DO).select_related("system", "person", "account")
    for removal in theirs.order_by("due_on")[:50]:
        who = removal.person.name if removal.person else removal.account.name
        yield InboxEntry(
            title=f"{removal.reference}: {removal.task} of {who} in {removal.system.name}",
            url=removal.get_absolute_url(),
            why="It is still active although it was claimed done." if removal.status == "still_active" else removal.reason,
            due=removal.due_on,
            overdue=removal.due_on < today,
        )
    if member.can("removals.accept"):
        yield from _for_managers(member, today)


def _for_managers(member: Any, today: Any) -> Iterable[InboxEntry]:
    listing = reverse("inventory:removal-list")
    questions = (
        (
            "Removals still active",
            f"{listing}?state=still_active",
            "A later export still shows the access.",
            Q(status="still_active"),
        ),
        (
            "Removals that cannot be verified",
            f"{listing}?state=cannot_be_verified",
            "The last export does not show whether the access is gone.",
            Q(status="cannot_be_verified"),
        ),
        (
            "Removals with nobody",
            f"{listing}?state=requested&whose=nobody",
            "Nobody is assigned.",
            Q(status="requested", assignee=None),
        ),
    )
    for title, url, why, condition in questions:
        found = Removal.objects.filter(condition).exclude(mine(member)).aggregate(n=Count("pk"), due=Min("due_on"))
        if found["n"]:
            yield InboxEntry(title=title, url=url, why=why, due=found["due"], overdue=found["due"] < today, count=found["n"])
