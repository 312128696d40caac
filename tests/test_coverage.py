"""docs/coverage.md says where each system is; everything that it names exists, and none of the eighteen is missing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.routes import routes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "coverage.md"
API = ROOT / "docs" / "openapi.yaml"
SYSTEMS = [f"S{number}" for number in range(1, 19)]
ROW = re.compile(r"^\| (?!---|What it owes)(.+) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")


def sections() -> dict[str, str]:
    """By heading what stands below it."""
    parts = re.split(r"^## (.+)\n", PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def cells(column: int) -> Iterator[str]:
    """What a column of all tables names; no cell of it is empty."""
    for text in sections().values():
        for row in ROW.findall(text):
            named = CODE.findall(row.split(" | ")[column])
            assert named, row
            yield from named


def test_none_of_the_eighteen_is_missing():
    found = [heading.split()[0] for heading in sections() if re.match(r"S\d", heading)]
    assert found == SYSTEMS
    assert all(ROW.search(text) for text in sections().values())


def test_every_page_named_exists():
    known = {route.name for route in routes("grc.urls_organization")}
    assert not set(cells(1)) - known


def test_every_address_of_the_api_exists():
    known = set(re.findall(r"^  (/api/[\w/-]+?)/?:", API.read_text(), re.MULTILINE))
    assert not set(cells(2)) - known


def test_every_test_named_exists_and_holds_tests():
    for name in cells(3):
        path = ROOT / name
        files = [path] if path.suffix else list(path.rglob("test_*.py"))
        assert files, name
        assert all(re.search(r"^\s*(async )?def test_", file.read_text(), re.MULTILINE) for file in files), name


@pytest.mark.parametrize("name", re.findall(r"\]\(([^)#]+)", PAGE.read_text()))
def test_every_document_named_exists(name):
    assert (PAGE.parent / name).is_file()
