"""What the audit binder finds of people: who confirmed what they were asked to, and who was trained."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from controls.binder.documents import Document, Presence, of_all
from controls.models import AuditPeriod
from evidence.printing.words import plural
from policies.models import Acknowledgement
from policies.training.standing import overdue_by_course, people_by_course, required


def acknowledged(period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """What fell due in the period before the day. Those who left without it are not judged."""
    name, url = "Acknowledgements of policies", reverse("policies:acknowledgements")
    gone = Q(status="open") & (Q(person__status="left") | Q(person__left_on__lt=day))
    rows = Acknowledgement.objects.filter(due_on__gte=period.starts_on, due_on__lt=day).exclude(gone)
    counted = rows.aggregate(whole=Count("pk"), done=Count("pk", filter=Q(status="confirmed")))
    whole, done = counted["whole"], counted["done"]
    if not whole:
        asked = Acknowledgement.objects.exists()
        note = "None has fallen due in the period." if asked else "Nobody was asked to confirm a policy."
        yield Document(name, Presence.NOT_EVALUABLE, note, url)
        return
    yield Document(name, of_all(done, whole), f"{done:,} of {whole:,} that fell due in the period are confirmed", url)


def trained(_period: AuditPeriod, day: dt.date) -> Iterator[Document]:
    """Whether everybody at work has taken what they have to take."""
    name, url, courses = "Training", reverse("policies:courses"), list(required())
    whole = sum(people_by_course(courses, day).values())
    if not whole:
        note = "Nobody has to take a course that is in use." if courses else "No course is required."
        yield Document(name, Presence.NOT_EVALUABLE, note, url)
        return
    late = sum(overdue_by_course(courses, day).values())
    note = f"{plural(late, 'training is', 'trainings are')} overdue, of {whole:,}" if late else f"{whole:,}, none overdue"
    yield Document(name, Presence.INCOMPLETE if late else Presence.PRESENT, note, url)
