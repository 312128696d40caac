"""A review that was printed while it waited for approval."""

import io

import pytest

from evidence.files import store
from incidents.reviewing.actions import approve_review
from incidents.reviewing.printing import keep
from tests.incidents.reviewing.test_reviews import incident, submitted  # noqa: F401 (a fixture)

pytestmark = pytest.mark.usefixtures("in_acme")


def test_what_was_printed_before_it_was_approved_is_no_evidence_of_the_approved_one(incident, manager, approver):  # noqa: F811
    review = submitted(incident, manager)
    printed = store(io.BytesIO(b"It waits for approval"), "review.pdf")
    approve_review(review, actor=approver, content_hash=review.content_hash)
    assert keep(review.refreshed(), printed, "0" * 64, approved=False).evidence is None
    assert keep(review.refreshed(), printed, "1" * 64, approved=True).evidence is not None
