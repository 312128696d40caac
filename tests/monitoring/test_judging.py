"""What results make of what is known: a state machine without a database."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.checking.judging import DOWN, UNKNOWN, Look, Rules, Standing, judge
from tests.monitoring.making import MINUTE, START, WORDS

RULES = Rules(failures=3, successes=2, allowance=dt.timedelta(minutes=2))


def told(story: str, rules: Rules = RULES) -> tuple[Standing, list[tuple[str, int, bool]]]:
    """The standing after a story of one sign a minute (M: failed in maintenance), and its turns with their minute."""
    standing, turns = Standing(), []
    for number, sign in enumerate(story):
        if sign == " ":
            continue
        look = Look(START + MINUTE * number, WORDS.get(sign, DOWN), in_maintenance=sign == "M")
        standing, turn = judge(standing, look, rules)
        if turn:
            turns.append((turn.health, round((turn.at - START) / MINUTE), turn.after_gap))
    return standing, turns


@pytest.mark.parametrize(
    ("story", "health", "turns"),
    [
        ("+", "healthy", [("healthy", 0, True)]),
        ("++--+", "healthy", [("healthy", 0, True)]),  # two failures are not three
        ("++---", "down", [("healthy", 0, True), ("down", 2, False)]),  # from the first of the three
        ("+---+-+", "down", [("healthy", 0, True), ("down", 1, False)]),  # one success is not two
        ("+---++", "healthy", [("healthy", 0, True), ("down", 1, False), ("healthy", 4, False)]),
        ("+~+", "healthy", [("healthy", 0, True), ("degraded", 1, False), ("healthy", 2, False)]),
        ("+---~~", "degraded", [("healthy", 0, True), ("down", 1, False), ("degraded", 4, False)]),
        ("--", "unknown", []),
        ("---", "down", [("down", 0, True)]),
        ("+   +", "healthy", [("healthy", 0, True), ("healthy", 4, True)]),  # nobody looked: not healthy meanwhile
        ("+--   -", "unknown", [("healthy", 0, True)]),  # failures on both sides of a gap are not in a row
        ("+---    -", "down", [("healthy", 0, True), ("down", 1, False), ("down", 8, True)]),  # an outage goes on
        ("+---    +", "down", [("healthy", 0, True), ("down", 1, False), ("down", 8, True)]),  # until its end is sure
        ("+MMMMM+", "healthy", [("healthy", 0, True)]),
        ("+--M--", "healthy", [("healthy", 0, True)]),  # maintenance breaks the row
        ("MMM", "unknown", []),
        ("+---MM++", "healthy", [("healthy", 0, True), ("down", 1, False), ("healthy", 6, False)]),
    ],
)
def test_a_story_is_told(story: str, health: str, turns: list[Any]):
    standing, found = told(story)
    assert standing.health == health
    assert found == turns


def test_an_older_result_changes_nothing():
    standing, _ = told("+++")
    assert judge(standing, Look(START + MINUTE, DOWN), RULES) == (standing, None)


stories = st.text(alphabet="+~- M", max_size=60)
rules = st.builds(Rules, st.integers(1, 5), st.integers(1, 5), st.just(dt.timedelta(minutes=2)))


@given(stories, rules)
def test_it_is_never_down_without_so_many_failures_in_a_row(story: str, given_rules: Rules):
    failed = 0
    standing = Standing()
    for number, sign in enumerate(story):
        if sign == " ":
            continue
        look = Look(START + MINUTE * number, WORDS.get(sign, DOWN), in_maintenance=sign == "M")
        failed = failed + 1 if sign == "-" else 0
        before = standing.health
        standing, turn = judge(standing, look, given_rules)
        if standing.health == DOWN and before != DOWN:
            assert failed >= given_rules.failures
            assert turn is not None
            assert turn.at <= look.at


@given(stories, rules)
def test_turns_are_in_order_and_say_what_is_known(story: str, given_rules: Rules):
    standing, turns = told(story, given_rules)
    assert [at for _, at, _ in turns] == sorted(at for _, at, _ in turns)
    if standing.health != UNKNOWN:
        assert turns[-1][0] == standing.health
    if "-" not in story:
        assert DOWN not in {health for health, _, _ in turns}


@given(stories, rules)
def test_once_told_a_story_reads_the_same_twice(story: str, given_rules: Rules):
    standing, _ = told(story, given_rules)
    again = standing
    for number, sign in enumerate(story):
        if sign != " ":
            again, turn = judge(again, Look(START + MINUTE * number, WORDS.get(sign, DOWN)), given_rules)
            assert turn is None
    assert again == standing
