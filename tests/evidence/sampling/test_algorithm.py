"""plumbline-sample-1: the published vectors, and the few lines of docs/controls.md that draw without this program."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.sampling.algorithm import ALGORITHM, draw, normal_seed, rank
from evidence.sampling.sizes import SUGGESTIONS, suggested, suggested_size

DOCS = Path(__file__).resolve().parents[3] / "docs" / "controls.md"
# Computed with sha256sum: printf '2026-Q1\0E-001' | sha256sum, and so on.
VECTORS = [
    ("2026-Q1", "E-001"),
    ("2026-Q1", "E-002"),
    ("2026-Q1", "Zoë"),
    ("", "E-001"),
    ("Hollis Audit 4711", "CHG-2026-0001"),
]
FIFTY = [f"E-{number:03d}" for number in range(1, 51)]


def published() -> list[tuple[str, str, str]]:
    """Seed, key and rank of the table in the docs."""
    row = re.compile(r"^\| `([^`]*)` \| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
    return [(seed.strip(), key, digest) for seed, key, digest in row.findall(DOCS.read_text())]


def test_the_docs_publish_these_vectors():
    assert [(seed, key) for seed, key, _ in published()] == VECTORS


@pytest.mark.parametrize(("seed", "key"), VECTORS)
def test_a_rank_is_what_sha256sum_says(seed, key):
    found = subprocess.run(["sha256sum"], input=seed.encode() + b"\0" + key.encode(), capture_output=True, check=True)
    assert rank(seed, key).hex() == found.stdout.decode().split()[0]
    assert (seed, key, rank(seed, key).hex()) in published()


def test_the_draw_of_a_seed_never_changes():
    """A change of this list is another algorithm, and wants another name."""
    assert ALGORITHM == "plumbline-sample-1"
    assert draw("2026-Q1", FIFTY, 5) == ["E-027", "E-012", "E-016", "E-044", "E-019"]


def test_the_lines_in_the_docs_draw_the_same(tmp_path):
    block = re.search(r"```python\n(# plumbline-sample-1.*?)```", DOCS.read_text(), re.DOTALL)
    assert block is not None
    script = tmp_path / "draw.py"
    script.write_text(block[1])
    keys = tmp_path / "keys.txt"
    keys.write_text("\n".join([*FIFTY, "Zoë", ""]))
    arguments = [sys.executable, "-I", str(script), "Hollis Audit 4711", "7", str(keys)]
    found = subprocess.run(arguments, capture_output=True, check=True, text=True)
    assert found.stdout.splitlines() == draw("Hollis Audit 4711", [*FIFTY, "Zoë"], 7)


@given(st.text(max_size=20), st.sets(st.text(max_size=20), max_size=30), st.integers(1, 40), st.randoms())
def test_it_depends_on_the_set_and_the_seed_alone(seed, keys, size, random):
    shuffled = sorted(keys)
    random.shuffle(shuffled)
    found = draw(seed, shuffled, size)
    assert found == draw(seed, sorted(keys), size) == sorted(keys, key=lambda key: rank(seed, key))[:size]


@given(st.sets(st.text(max_size=20), min_size=5, max_size=30))
def test_a_larger_sample_begins_with_the_smaller(keys):
    assert draw("seed", keys, 5) == draw("seed", keys, 12)[:5]


def test_the_same_word_is_the_same_seed_however_it_was_typed():
    assert normal_seed(" Zoe\N{COMBINING DIAERESIS} ") == "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"


@pytest.mark.parametrize(
    ("rows", "days", "frequency", "size"),
    [
        (1, 365, "Yearly", 1),
        (4, 365, "Quarterly", 2),
        (3, 92, "Monthly", 3),
        (52, 365, "Weekly", 10),
        (90, 92, "Daily", 25),
        (189, 31, "Many times a day", 40),
        (0, 31, "Yearly", 0),
    ],
)
def test_the_suggested_size_follows_how_often_it_happens(rows, days, frequency, size):
    assert suggested(rows, days).frequency == frequency
    assert suggested_size(rows, days) == size


def test_the_suggestions_are_those_of_practice():
    assert {one.frequency: one.words for one in SUGGESTIONS} == {
        "Yearly": "1",
        "Quarterly": "2",
        "Monthly": "2 to 4",
        "Weekly": "5 to 10",
        "Daily": "20 to 25",
        "Many times a day": "25 to 40",
    }
