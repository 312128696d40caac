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


def campaign(day: dt.date, status: str, due: dt.date, undecided: int = 0) -> Any:
    items = SimpleNamespace(filter=lambda **_: SimpleNamespace(count=lambda: undecided))
    reference = f"AR-{quarter_of(day).label}"
    return SimpleNamespace(
        period_from=day,
        quarter=quarter_of(day).label,
        status=status,
        due_on=due,
        reference=reference,
        items=items,
        item_count=598,
    )


@pytest.fixture
def told(monkeypatch):
    """What is said of these campaigns on a day, by an organization that came here on another."""

    def tell(campaigns: list[Any], day: dt.date, *, came: dt.date = dt.date(2026, 9, 25)) -> list[tuple[str, str]]:
        organization = SimpleNamespace(created_at=came, day_of=lambda moment: moment)
        monkeypatch.setattr(binder, "current_organization", lambda: organization)
        rows = SimpleNamespace(order_by=lambda *_: campaigns)
        monkeypatch.setattr(Campaign, "objects", SimpleNamespace(filter=lambda **_: rows))
        monkeypatch.setattr(binder, "reverse", lambda name: URL)
        return [(fact.outcome.value, fact.sentence) for fact in binder.quarters_reviewed(PERIOD, day)]

    return tell


Q2, Q3, Q4 = dt.date(2026, 4, 1), dt.date(2026, 7, 1), dt.date(2026, 10, 1)


def test_without_any_review_nothing_is_known(told):
    assert told([], Q4) == [("unknown", "No access review has been started here.")]


def test_quarters_before_the_organization_was_here_are_left_to_the_evidence_and_named(told):
    done = campaign(Q3, "closed", dt.date(2026, 7, 30))
    ((outcome, sentence),) = told([done], dt.date(2026, 10, 2))
    assert (outcome, sentence) == (
        "holds",
        "No quarter was skipped from Q3 2026 to Q4 2026. Q1 2026 to Q2 2026 of the period came before the organization was here: "
        "only the evidence of the control can show their review.",
    )


def test_quarters_without_a_review_while_the_organization_was_here_were_skipped(told):
    done = campaign(Q3, "closed", dt.date(2026, 7, 30))
    assert told([done], dt.date(2026, 10, 2), came=dt.date(2025, 6, 1)) == [
        ("broken", "Q1 2026 is over and no review of it was signed off."),
        ("broken", "Q2 2026 is over and no review of it was signed off."),
    ]
    assert told([], dt.date(2026, 7, 2), came=Q2) == [("broken", "Q2 2026 is over and no review of it was signed off.")]


def test_a_quarter_at_whose_end_the_organization_came_is_not_asked_of_it(told):
    done = campaign(Q3, "closed", dt.date(2026, 7, 30))
    assert told([done], Q4, came=dt.date(2026, 6, 17))[0][0] == "holds"
    assert told([done], Q4, came=dt.date(2026, 6, 16))[0] == ("broken", "Q2 2026 is over and no review of it was signed off.")


def test_a_second_review_that_is_late_is_said_although_another_was_signed_off(told):
    done, late = campaign(Q4, "signed_off", dt.date(2026, 10, 30)), campaign(Q4, "active", dt.date(2026, 10, 30), 191)
    for day in (dt.date(2026, 11, 23), dt.date(2026, 12, 31)):
        assert told([done, late], day) == [
            ("unknown", "AR-2026-Q4 was due on 30 Oct 2026 and is not signed off: 191 of 598 items are undecided.")
        ]


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
