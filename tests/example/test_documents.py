"""The documents name what the product has."""

from pathlib import Path

import pytest

from inventory.formats.registry import FORMATS
from inventory.models import Removal

DOCS = Path(__file__).resolve().parents[2] / "docs"


def section(key):
    text = (DOCS / "imports.md").read_text()
    return text.partition(f"\n## {FORMATS[key].label}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("key", FORMATS)
def test_each_format_has_its_section_with_files_states_and_what_it_lacks(key):
    found = " ".join(section(key).split())
    assert "**Lacks**" in found
    assert all(state.split()[-1] in found for state in FORMATS[key].no_access_states)
    if key != "generic":
        assert "**Covers**" in found
        assert all(part.label in found for part in FORMATS[key].parts)


def test_the_walk_through_a_quarter_explains_each_outcome_of_a_removal():
    text = (DOCS / "access-reviews.md").read_text()
    told = set(Removal.Status.labels) - {"Requested", "Claimed done", "Withdrawn"}
    assert all(f"*{label}*" in text for label in told)
