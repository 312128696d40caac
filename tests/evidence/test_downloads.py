"""Whoever takes a file away is in the trail, whichever page or operation served it."""

import ast
import datetime as dt
import io
from pathlib import Path

import pytest

from audit.models import AuditEvent
from evidence.actions import add_evidence
from evidence.files import store
from evidence.populations.actions import begin_freezing, freeze
from tests.controls.status import rows
from tests.controls.status.world import Expected

DAY = dt.date(2026, 1, 1)
ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "api", "audit", "changes", "controls", "evidence", "home", "inventory", "reports", "reviews", "workflow")


def importers_of_download() -> list[str]:
    """The files of the product that serve files past the trail."""
    found = []
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "evidence.files":
                found += [str(path.relative_to(ROOT)) for name in node.names if name.name == "download"]
    return found


def test_files_are_served_in_one_place_which_notes_it():
    assert importers_of_download() == ["evidence/downloads.py"]


def read(client, path: str) -> bytes:
    """A file, to its end."""
    return b"".join(client.get(path).streaming_content)


def taken() -> list[tuple[str, object]]:
    return list(AuditEvent.objects.filter(verb__endswith=".download").values_list("verb", "object_id"))


@pytest.mark.usefixtures("in_acme")
def test_the_file_of_an_occurrence_is_noted_of_its_item(client_of, manager):
    control = rows.control()
    file = store(io.BytesIO(b"proof"), "proof.txt")
    item = add_evidence(title="Proof", category="other", file=file, source="Test", collector="Test", actor=manager)
    occurrence = rows.occurrence(control, Expected(dt.date(2026, 4, 12)))
    rows.link(control, item, "operation", occurrence)
    assert read(client_of(manager), f"/o/acme/controls/occurrences/{occurrence.pk}/files/{item.pk}/")
    assert taken() == [("evidence.download", item.pk)]


@pytest.mark.usefixtures("in_acme")
def test_a_population_is_noted_of_its_file(client_of, manager):
    frozen = freeze(begin_freezing("evidence", DAY, DAY, actor=manager))
    assert read(client_of(manager), f"/o/acme/evidence/populations/{frozen.pk}/file/")
    assert len(taken()) == 1
