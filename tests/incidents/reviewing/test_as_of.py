"""Tasks and notices of a review are those of its approval, and it says as of when."""

import pytest

from audit.models import AuditEvent
from incidents.clocks.deciding import decide
from incidents.lifecycle import actions as lifecycle
from incidents.models import Incident, NotificationClock
from incidents.reviewing.actions import approve_review, begin_review
from incidents.reviewing.paper import context_of, review_html, sheet_of
from incidents.reviewing.record import sha256
from incidents.todo.actions import add_task, finish_task
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.incidents.making import an_incident
from tests.incidents.reviewing.test_reviews import submitted

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def incident(in_acme, manager, acme) -> Incident:
    """Resolved, with notices that nobody has decided and a measure that is open."""
    one = an_incident(manager, kind="security", severity="high", assigned_to=manager)
    lifecycle.resolve(one, actor=manager, resolution="Locked.")
    add_task(one, actor=manager, title="Rotate the keys", owner=manager, due_on=acme.today(), kind="preventive")
    return one


def test_the_paper_has_notices_and_measures_as_of_the_approval(incident, manager, approver, acme):
    review = submitted(incident, manager)
    waiting = context_of(sheet_of(review))
    assert {one["status"] for one in waiting["clocks"]} == {"To be decided"}
    assert ", when it was submitted." in waiting["standing_as_of"]
    for clock in NotificationClock.objects.filter(incident=incident):
        decide(clock, notify=False, reason="No risk.", actor=manager)
    finish_task(incident.tasks.get(), actor=manager)
    page = signed_in(approver).get(review.get_absolute_url()).content.decode()
    assert "not to be notified" in page  # whoever approves sees them as they are
    with tenant(acme):
        approve_review(review, actor=approver, content_hash=review.content_hash)
    review = review.refreshed()
    assert review.standing is not None
    told = context_of(sheet_of(review))
    assert {one["status"] for one in told["clocks"]} == {"Not to be notified"}
    assert [one["status"] for one in told["measures"]] == ["Done"]
    assert ", when it was approved." in told["standing_as_of"]
    assert told["standing_as_of"] in review_html(sheet_of(review))
    noted = AuditEvent.objects.get(verb="incident_review.approve", object_id=review.pk).data["metadata"]
    assert noted == {"sha256": review.content_hash, "standing_sha256": sha256(review.standing)}


def test_what_happens_after_the_approval_changes_nothing_of_it(incident, manager, approver):
    review = submitted(incident, manager)
    approve_review(review, actor=approver, content_hash=review.content_hash)
    before = sheet_of(review.refreshed())
    finish_task(incident.tasks.get(), actor=manager)
    assert sheet_of(review.refreshed()) == before


def test_a_draft_says_that_it_goes_on(incident, manager):
    told = context_of(sheet_of(begin_review(incident, actor=manager)))
    assert (told["as_of"], told["standing_as_of"]) == (
        "a draft, as it stood when this was made",
        "As they stood when this was made.",
    )
