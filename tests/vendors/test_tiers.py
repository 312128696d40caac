"""The rule of tiers, and the page's words for it."""

from itertools import product

import pytest

from vendors.tiers import REVIEW_DAYS, Risk, explained, judge


@pytest.mark.parametrize(
    ("answers", "risk", "tier"),
    [
        ((0, 0, 0), "low", 3),
        ((1, 1, 0), "low", 3),
        ((1, 1, 1), "medium", 3),
        ((2, 2, 0), "medium", 3),
        ((2, 2, 1), "high", 2),
        ((3, 0, 0), "high", 2),
        ((0, 3, 0), "high", 2),
        ((2, 2, 2), "high", 2),
        ((3, 2, 2), "critical", 1),
        ((3, 3, 3), "critical", 1),
    ],
)
def test_risk_and_tier_follow_from_the_answers(answers, risk, tier):
    found = judge(*answers)
    assert (found.points, found.risk, found.tier) == (sum(answers), risk, tier)


def test_a_graver_answer_never_makes_it_less():
    order = list(Risk.values)
    for answers in product(range(4), repeat=3):
        here = judge(*answers)
        for place in range(3):
            if answers[place] < 3:
                graver = judge(*(one + (place == at) for at, one in enumerate(answers)))
                assert order.index(graver.risk) >= order.index(here.risk)
                assert graver.tier <= here.tier
                assert REVIEW_DAYS[graver.tier] <= REVIEW_DAYS[here.tier]


def test_the_page_says_how_it_came_to_it():
    said = explained(3, 0, 0)
    assert said[0] == "Data of customers, or personal data: 3 of 3 points."
    assert said[3].startswith("3 of 9 points")
    assert said[4] == "One answer has all its 3 points: the risk is high at least."
    assert said[5] == "High risk is tier 2: reviewed every year."
    assert len(explained(2, 2, 1)) == 5
