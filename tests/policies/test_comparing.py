"""Two long texts are compared in little time, whatever somebody writes, and nothing of either is lost."""

import time

import pytest

from ui.differences import compare

LONG = "".join(f"Line {number} says something of its own.\n" for number in range(3_000))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("-\n" * 100_000, "-\n" * 99_999),
        ("-\n" * 50_000 + "x\n" + "-\n" * 40_000, "-\n" * 40_000 + "y\n" + "-\n" * 50_000),
        ("a " * 50_000, "a b " * 25_000),
        ("a " * 1_900, "a b " * 900),
        (LONG, LONG.replace("Line 1500 says", "Line 1500 tells")),
        (LONG, LONG[::-1]),
    ],
)
def test_any_two_texts_are_compared_soon_and_wholly(before, after):
    begun = time.monotonic()
    pieces = compare(before, after)
    assert time.monotonic() - begun < 20
    assert "".join(one.words for one in pieces if one.how != "new") == before
    assert "".join(one.words for one in pieces if one.how != "gone") == after


def test_a_word_in_a_long_text_is_found():
    pieces = compare(LONG, LONG.replace("Line 1500 says", "Line 1500 tells"))
    assert [one.words for one in pieces if one.how != "same"] == ["says", "tells"]
