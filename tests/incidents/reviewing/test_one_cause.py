"""An incident has one root cause: its review edits that one, and what was approved before is told as what it was."""

from typing import Any

import pytest

from audit.models import AuditEvent
from incidents.lifecycle import actions as lifecycle
from incidents.lifecycle import editing
from incidents.models import Incident
from incidents.reviewing.actions import approve_review, begin_review, submit_review, write_review
from incidents.reviewing.cause import difference
from tests.incidents.making import resolved

pytestmark = pytest.mark.usefixtures("in_acme")
SAID: dict[str, Any] = {
    "summary": "The disk was full.", "root_cause": "Nobody was told that it filled.", "went_well": "The replica.",
    "control_failed": "no", "commitment_missed": "no", "disclose": "no",
}  # fmt: skip


@pytest.fixture
def incident(manager, in_acme) -> Incident:
    return resolved(manager)


def approved(incident, manager, approver):
    review = begin_review(incident, actor=manager)
    write_review(review, actor=manager, **SAID)
    submit_review(review, actor=manager)
    return approve_review(review, actor=approver, content_hash=review.content_hash)


def test_a_draft_edits_the_cause_of_the_incident_and_the_trail_says_so(incident, manager):
    review = begin_review(incident, actor=manager)
    assert review.root_cause == "A full disk."
    write_review(review, actor=manager, root_cause="Nobody was told.")
    assert incident.refreshed().root_cause == "Nobody was told."
    told = AuditEvent.objects.filter(verb="incident.edit").latest("at").data
    assert (told["before"], told["after"]) == ({"root_cause": "A full disk."}, {"root_cause": "Nobody was told."})


def test_what_is_said_at_the_incident_is_said_in_the_draft(incident, manager):
    review = begin_review(incident, actor=manager)
    editing.edit_incident(incident, actor=manager, root_cause="No quota.")
    assert review.refreshed().root_cause == "No quota."
    assert difference(review.refreshed()) is None


def test_of_a_closed_incident_the_cause_changes_with_the_approval(incident, manager, approver):
    approved(incident, manager, approver)
    lifecycle.close(incident.refreshed(), actor=manager)
    review = begin_review(incident.refreshed(), actor=manager)
    write_review(review, actor=manager, root_cause="The quota was lifted.")
    assert incident.refreshed().root_cause == SAID["root_cause"]
    differs = difference(review.refreshed())
    assert differs is not None
    assert differs.after == {"Root cause": "The quota was lifted."}
    assert "once this version is approved" in differs.why
    submit_review(review, actor=manager)
    approve_review(review, actor=approver, content_hash=review.content_hash)
    assert incident.refreshed().root_cause == "The quota was lifted."


def test_what_was_approved_stands_as_a_difference_and_not_beside_the_cause(incident, manager, approver, client_of):
    review = approved(incident, manager, approver)
    editing.edit_incident(incident.refreshed(), actor=manager, root_cause="No quota.")
    differs = difference(review.refreshed())
    assert differs is not None
    assert (differs.before, differs.after) == ({"Root cause": SAID["root_cause"]}, {"Root cause": "No quota."})
    paths = [one.get_absolute_url() for one in (incident, review)]
    page, version = (client_of(manager).get(path).content.decode() for path in paths)
    assert "was changed after" in page
    assert SAID["root_cause"] not in page.partition('id="activity"')[0]
    assert "was changed after this version was approved" in version
