"""What another area has finished is evidence, and performs what it belongs to once that has begun."""

import datetime as dt

import pytest

from controls.models import ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.occurrences.feeds import ACCESS_REVIEWS, Fed, feed
from tests.controls.occurrences.made import make_control
from tests.evidence.helpers import kept

pytestmark = pytest.mark.usefixtures("in_acme", "on")


@pytest.mark.parametrize(
    ("belongs_on", "key", "performed_on"),
    [
        ("2026-03-31", "2026-Q1", dt.date(2026, 5, 19)),
        ("2026-06-30", "2026-Q2", dt.date(2026, 5, 19)),
        ("2026-09-30", "2026-Q3", None),
    ],
)
def test_it_performs_what_has_begun_and_is_linked_to_what_has_not(manager, belongs_on, key, performed_on):
    control = make_control(manager, cadence=Cadence.QUARTERLY, library_key="AC-005")
    day = dt.date.fromisoformat(belongs_on)
    item = kept(manager, "Review")
    feed(Fed(ACCESS_REVIEWS, [item], day, dt.date(2026, 5, 19), manager, "Signed off."))
    row = Occurrence.objects.get(control=control, key=key)
    assert (row.status, row.performed_on) == ("performed" if performed_on else "open", performed_on)
    assert ControlEvidence.objects.get(evidence=item).occurrence == row
