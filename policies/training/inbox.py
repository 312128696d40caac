"""What of training waits for a member: courses to take, and for whoever runs training those with people who are late."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.models import Member
from policies.training.rights import WRITE
from policies.training.standing import overdue_by_course, owed_by, required
from workflow.inbox import InboxEntry, Rows


def waiting(member: Member) -> Iterator[InboxEntry]:
    """What they have to take within 30 days; nobody can do that for them. And the gaps of a course as one line."""
    today = member.organization.today()
    courses = list(required())
    for course, day in owed_by(member, courses, today):
        title = f"Take the course {course.name}"
        yield InboxEntry(title, course.get_absolute_url(), "you have to", day, overdue=day < today, delegable=False)
    if member.can(WRITE):
        late = overdue_by_course(courses, today)
        for course in courses:
            if count := late.get(course.pk):
                people = "1 person is" if count == 1 else f"{count:,} people are"
                url = f"{reverse('policies:course-people', args=[course.pk])}?state=overdue"
                yield InboxEntry(f"{course.name}: {people} late", url, "you run training", overdue=True, delegable=False)


def about(_member: Member) -> Rows:
    """The courses that people have to take."""
    yield required()
