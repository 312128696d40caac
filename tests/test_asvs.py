"""docs/asvs.md names each requirement of ASVS 5.0.0 at levels 1 and 2 once, with a state, and what it names exists."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "asvs.md"
NUMBERS = ROOT / "tests" / "asvs.csv"
KEPT, NOT_HERE, OPEN = "kept", "does not apply", "open"
CHAPTER = re.compile(r"^## (V\d+) .+\n(?:(?!^## ).*\n)*", re.MULTILINE)
TEST = re.compile(r"`(tests/[^`]+)`")


class Row(NamedTuple):
    """A requirement as the page has it."""

    number: str
    level: str
    about: str
    state: str
    shown: str


def chapters() -> dict[str, list[Row]]:
    """The rows of each chapter's table."""
    return {found[1]: [Row(*cells) for cells in cells_of(found[0])[1:]] for found in CHAPTER.finditer(PAGE.read_text())}


def cells_of(text: str) -> list[list[str]]:
    """The cells of the tables in a text, without the lines below their heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines]


def rows() -> list[Row]:
    return [row for found in chapters().values() for row in found]


def test_each_requirement_is_there_once_in_order_with_its_level():
    with NUMBERS.open(newline="") as file:
        wanted = [(one["number"], one["level"]) for one in csv.DictReader(file)]
    assert [(row.number, row.level) for row in rows()] == wanted
    assert Counter(level for _, level in wanted) == {"1": 70, "2": 183}  # as many as the standard has


def test_each_stands_in_its_chapter():
    assert list(chapters()) == [f"V{number}" for number in range(1, 18)]
    assert [row for chapter, found in chapters().items() for row in found if f"V{row.number.split('.')[0]}" != chapter] == []


def test_each_says_in_few_words_what_it_is_about_and_has_a_state_and_a_reason():
    for row in rows():
        assert 0 < len(row.about.split()) <= 12, row
        assert row.state in {KEPT, NOT_HERE, OPEN}, row
        assert row.shown.strip(), row


def test_what_is_kept_names_a_test():
    assert [row.number for row in rows() if row.state == KEPT and not TEST.search(row.shown)] == []


def test_every_test_named_exists_and_holds_tests():
    for name in set(TEST.findall(PAGE.read_text())) - {"tests/asvs.csv"}:
        assert re.search(r"^def test_", (ROOT / name).read_text(), re.MULTILINE), name


def test_every_file_named_exists():
    for name in re.findall(r"`([a-z]+/[\w/.-]+\.\w+)`", PAGE.read_text()):
        assert (ROOT / name).is_file(), name


@pytest.mark.parametrize("name", sorted(set(re.findall(r"\]\((?!https:)([^)#]+)", PAGE.read_text()))))
def test_every_document_named_exists(name):
    assert (PAGE.parent / name).is_file()


def test_every_number_that_the_introduction_mentions_is_open():
    opened = {row.number for row in rows() if row.state == OPEN}
    said = PAGE.read_text().partition("The open ones that matter most")[2].partition("## V1 ")[0]
    mentioned = re.findall(r"\b\d+\.\d+\.\d+\b", said)
    assert mentioned
    assert set(mentioned) <= opened


def test_the_counts_are_right():
    counted = {chapter: Counter(row.state for row in found) for chapter, found in chapters().items()}
    counted["All"] = Counter(row.state for row in rows())
    told = cells_of(PAGE.read_text().partition("## Counts\n")[2])[1:]
    states = (KEPT, NOT_HERE, OPEN)
    expected = [[name, *(str(found[state]) for state in states), str(found.total())] for name, found in counted.items()]
    assert told == expected
