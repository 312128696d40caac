"""The part of everything that hangs on an incident: timeline, tasks, links, clocks, and a review that was printed."""

import datetime as dt
import io

from accounts.models import Member
from controls.models import Control
from evidence.files import store
from incidents.clocks.deciding import set_impact, set_moment
from incidents.clocks.holidays import add_holiday
from incidents.links.actions import add_link
from incidents.models import Incident, ReviewControl
from incidents.reporting.actions import open_incident
from incidents.reviewing.actions import begin_review
from incidents.reviewing.printing import keep
from incidents.timeline.actions import write
from incidents.todo.actions import add_task
from tenancy.models import current_organization
from tenancy.scope import now


def make_work(manager: Member, incident: Incident, word: str) -> None:
    """One of each; opening the incident has started its clocks."""
    write(incident, kind="action", text=word, actor=manager)
    today = current_organization().today()
    add_task(incident, actor=manager, title=word, owner=manager, due_on=today, kind="preventive")
    other = open_incident(actor=manager, title=word)
    add_link(incident, actor=manager, kind="incident", number=other.reference, note=word)
    set_moment(incident, what="awareness", at=now() - dt.timedelta(minutes=1), reason=word, actor=manager)
    set_impact(incident, customer="yes", personal="yes", health="no", reason=word, actor=manager)
    add_holiday(actor=manager, day=today, name=word)
    review = begin_review(incident, actor=manager)
    control = Control.objects.order_by("code").first()
    if control is not None:
        ReviewControl.objects.create(review=review, control=control)
    keep(review, store(io.BytesIO(word.encode()), f"{word}.pdf"), "0" * 64, approved=False)
