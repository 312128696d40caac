"""What of acknowledgements waits for a member."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import Member
from policies.acknowledging.rights import theirs
from workflow.inbox import SHOWN, InboxEntry, Rows, beyond


def waiting(member: Member) -> Iterator[InboxEntry]:
    """What they are asked to read and confirm. Nobody can do that for them."""
    today = member.organization.today()
    rows = theirs(member)
    for one in rows[:SHOWN]:
        title = f"Read and confirm {one.campaign.version}"
        late = one.due_on < today
        yield InboxEntry(title, one.get_absolute_url(), "you are asked to", one.due_on, overdue=late, delegable=False)
    yield from beyond(rows, "policies to read and confirm", f"{reverse('policies:acknowledgements')}?view=mine", today)


def about(member: Member) -> Rows:
    """The rows behind `waiting`."""
    yield theirs(member)
