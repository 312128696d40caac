"""A review is approved of the incident as it is."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from incidents.lifecycle import actions as lifecycle
from incidents.reviewing.actions import approve_review, submit_review, withdraw_review
from incidents.timeline.actions import write
from tenancy.scope import now
from tests.incidents.reviewing.test_reviews import incident, submitted  # noqa: F401 (a fixture)
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


def test_an_incident_that_was_changed_since_is_not_approved_as_it_was(incident, manager, approver):  # noqa: F811 (the fixture)
    review = submitted(incident, manager)
    write(incident, kind="action", text="The timeline goes on", actor=manager)
    lifecycle.correct_time(incident, "detected", now() - dt.timedelta(hours=1), "The log says so.", manager)
    with pytest.raises(ActionRefused, match="was changed since this was submitted"):
        approve_review(review, actor=approver, content_hash=review.content_hash)
    withdraw_review(review, actor=manager)
    submit_review(review.refreshed(), actor=manager)
    latest = review.refreshed()
    approve_review(latest, actor=approver, content_hash=latest.content_hash)
    with pytest.raises(ActionRefused, match="is approved: it cannot be approved or returned now"):
        approve_review(latest, actor=approver, content_hash=latest.content_hash)
    assert AuditEvent.objects.filter(verb="incident_review.approve", object_id=review.pk).count() == 1
