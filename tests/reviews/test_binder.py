"""What the binder is told of skipped quarters."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from reviews import binder
from reviews.models import Campaign
from reviews.quarters import quarter_of

URL = "/x/"
PERIOD: Any = SimpleNamespace(starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31))


def campaign(day: dt.date, status: str, due: dt.date) -> Any:
    return SimpleNamespace(
        period_from=day, quarter=quarter_of(day).label, status=status, due_on=due, reference=f"AR-{quarter_of(day).label}"
    )


@pytest.fixture
def told(monkeypatch):
    """What is said of these campaigns on a day."""

    def tell(campaigns: list[Any], day: dt.date) -> list[tuple[str, str]]:
        rows = SimpleNamespace(order_by=lambda *_: campaigns)
        monkeypatch.setattr(Campaign, "objects", SimpleNamespace(filter=lambda **_: rows))
        monkeypatch.setattr(binder, "reverse", lambda name: URL)
        return [(fact.outcome.value, fact.sentence) for fact in binder.quarters_reviewed(PERIOD, day)]

    return tell


Q2, Q3, Q4 = dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1)


def test_without_any_review_nothing_is_known(told):
    assert told([], Q4) == [("unknown", "No access review has been started here.")]


def test_quarters_before_the_first_review_are_left_to_the_evidence(told):
    done = campaign(Q3, "closed", dt.date(2026, 7, 30))
    assert told([done], dt.date(2026, 10, 2)) == [("holds", "No quarter was skipped from Q3 2026 to Q4 2026.")]


def test_a_quarter_that_is_over_without_sign_off_was_skipped(told):
    first, open_one = campaign(Q2, "signed_off", Q2), campaign(Q3, "active", dt.date(2026, 7, 30))
    assert told([first, open_one], dt.date(2026, 10, 2)) == [("broken", "Q3 2026 is over and no review of it was signed off.")]
    assert told([first], dt.date(2026, 10, 2))[0][0] == "broken"


def test_the_last_day_of_a_quarter_still_belongs_to_it(told):
    first = campaign(Q2, "closed", Q2)
    assert told([first], dt.date(2026, 9, 30))[0][0] == "holds"
    assert told([first], dt.date(2026, 10, 1))[0][0] == "broken"


def test_one_that_is_late_is_not_skipped_yet_nor_kept(told):
    done, late = campaign(Q3, "closed", Q3), campaign(Q4, "active", dt.date(2026, 10, 30))
    assert told([done, late], dt.date(2026, 10, 30))[0][0] == "holds"
    assert told([done, late], dt.date(2026, 10, 31)) == [("unknown", "AR-2026-Q4 was due on 30 Oct 2026 and is not signed off.")]


def test_it_reads_the_campaigns_themselves(in_acme):
    period: Any = PERIOD
    assert [fact.outcome.value for fact in binder.quarters_reviewed(period, Q4)] == ["unknown"]
