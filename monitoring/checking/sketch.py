"""Durations in bins that grow by 4 %, so that an hour keeps its percentiles in a few numbers (as DDSketch does).

Bin i holds the milliseconds above 1.04^(i-1) and up to 1.04^i. The value that stands for it is at most 2 % away from any in it;
to whole milliseconds, so at most half a millisecond more. Bins of hours add up: a percentile of a year is as right as of an hour.
Masson, Rim, Lee: DDSketch, VLDB 2019.
"""

import math
from collections import Counter
from collections.abc import Iterable

GROWTH = 1.04
ERROR = (GROWTH - 1) / (GROWTH + 1)  # of a percentile, relative: 1.96 %


def bin_of(milliseconds: int) -> int:
    """The bin of a duration. What takes less than a millisecond counts as one."""
    return math.ceil(round(math.log(max(milliseconds, 1), GROWTH), 9))


def value_of(number: int) -> int:
    """What stands for a bin, in milliseconds."""
    return round(2 * GROWTH**number / (GROWTH + 1))


def binned(durations: Iterable[int]) -> tuple[list[int], list[int]]:
    """The bins that hold any, in order, and how many each holds."""
    found = sorted(Counter(map(bin_of, durations)).items())
    return [number for number, _ in found], [count for _, count in found]


def percentile(bins: Iterable[tuple[int, int]], share: float) -> int | None:
    """The smallest duration that at least this share does not exceed, from bins in order with their counts; None of none."""
    counted = list(bins)
    wanted = math.ceil(share * sum(count for _, count in counted))
    for number, count in counted:
        wanted -= count
        if wanted <= 0:
            return value_of(number)
    return None
