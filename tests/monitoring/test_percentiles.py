"""The 95th percentile of any time comes from the bins of its hours, and is at most 2 % and half a millisecond off."""

import math
import random

from hypothesis import given
from hypothesis import strategies as st

from monitoring.checking.recording import keep
from monitoring.checking.sketch import ERROR, binned, percentile
from monitoring.models import CheckHour
from monitoring.uptime.charts import slowest_of_95
from tests.monitoring.making import MINUTE, START, check_of, result


def true_one(durations: list[int]) -> int:
    """The nearest rank."""
    return sorted(durations)[math.ceil(0.95 * len(durations)) - 1]


def is_near(told: int | None, durations: list[int]) -> bool:
    exact = max(true_one(durations), 1)
    return told is not None and abs(told - exact) <= exact * ERROR + 0.5


@given(st.lists(st.integers(0, 60_000), min_size=1, max_size=60))
def test_it_is_as_near_as_is_said(durations: list[int]):
    assert is_near(percentile(zip(*binned(durations), strict=True), 0.95), durations)


def test_nothing_has_none():
    assert percentile([], 0.95) is None


def test_hours_add_up_to_any_time_whatever_came_in_which_batch(in_acme, manager):
    chance = random.Random(7)
    check = check_of(manager)
    kept = [(START + MINUTE * number, round(chance.lognormvariate(5, 0.8))) for number in range(200)]
    for some in (kept[:90], kept[90:100], kept[100:]):
        keep([result(check, at, "healthy", duration_ms=took) for at, took in some])
    keep([result(check, START + 300 * MINUTE, "down", duration_ms=None)])
    assert sum(sum(one.counts) for one in CheckHour.objects.all()) == 200
    assert is_near(slowest_of_95(check, START, START + 400 * MINUTE), [took for _, took in kept])
    assert is_near(slowest_of_95(check, START + 60 * MINUTE, START + 120 * MINUTE), [took for _, took in kept[60:120]])
    keep([result(check, START + 500 * MINUTE, "healthy", duration_ms=136)])
    assert slowest_of_95(check, START + 420 * MINUTE, START + 600 * MINUTE) == 136, "never above the slowest"
    assert slowest_of_95(check, START + 300 * MINUTE, START + 400 * MINUTE) is None
