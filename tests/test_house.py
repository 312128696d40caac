"""Rules of the house that a machine can see."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.apps import apps

from accounts.permissions import PERMISSIONS
from tenancy.tasks import TenantTask
from tests import measured
from workflow.transitions import Transition

ROOT = Path(__file__).resolve().parent.parent
# Top to bottom, as import-linter has them; those of one row do not import each other.
_CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
LAYERS = [row.split(" | ") for row in _CONTRACTS[0]["layers"][1:]]
OURS = [app for row in LAYERS for app in row] + ["ui", "grc"]
# The functions that move a state in bulk, with an event for each row; all else goes through Transition.
# Rows of a roster file are no records.
MAY_ASSIGN_STATUS = {
    "workflow/transitions.py",
    "inventory/formats/roster.py",
    "inventory/people/roster.py",
    "tenancy/operations.py",
}
# Tasks that belong to no organization.
GLOBAL_TASKS = {
    "accounts.tasks.send_link",
    "audit.tasks.seal_all",
    "incidents.tasks.look",
    "monitoring.tasks.mark",
    "proof.tasks.remove_old",
    "workflow.tasks.tick",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in OURS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def test_a_state_is_assigned_by_transitions_only():
    offenders = {
        f"{name}:{node.lineno}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "status" and name not in MAY_ASSIGN_STATUS
    }
    assert offenders == set()


def test_no_app_looks_past_the_tenant_manager():
    words = {"_base_manager", "_default_manager"}
    users = {
        name for name, tree in sources() for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in words
    }
    assert users <= {"tenancy/models.py", "workflow/transitions.py", "workflow/changes.py"}


def rank(app: str) -> int | None:
    return next((place for place, row in enumerate(LAYERS) if app in row), None)


def test_foreign_keys_point_down():
    for model in apps.get_models():
        mine = rank(model._meta.app_label)
        for field in model._meta.local_fields:
            target = field.related_model
            if mine is None or not isinstance(target, type):
                continue
            theirs = rank(target._meta.app_label)
            assert theirs is None or theirs >= mine, f"{model._meta.label}.{field.name}"


def test_every_task_carries_its_organization():
    current_app.loader.import_default_modules()
    ours = {name: task for name, task in current_app.tasks.items() if name.split(".")[0] in OURS}
    assert ours
    assert {name for name, task in ours.items() if not isinstance(task, TenantTask)} == GLOBAL_TASKS


def test_every_transition_names_a_permission_and_known_states():
    found = 0
    for model in apps.get_models():
        for transition in vars(model).values():
            if isinstance(transition, Transition):
                found += 1
                states = {value for value, _ in getattr(model._meta.get_field("status"), "flatchoices", ())}
                assert transition.permission in PERMISSIONS
                assert {transition.target, *transition.sources} <= states, (model, transition)
    assert found


@pytest.mark.parametrize("app", OURS)
def test_folders_have_no_files_by_kind(app):
    names = {path.name for path in (ROOT / app).rglob("*.py")}
    assert not names & {"services.py", "selectors.py", "managers.py", "signals.py", "utils.py", "helpers.py"}


def test_migrations_that_fill_rows_in_do_so_without_triggers():
    """Where there are rows, the trail would ask for an event of each, and the migration fail; in tests there are none."""
    texts = {path: path.read_text() for app in OURS for path in (ROOT / app / "migrations").glob("0*.py")}
    filling = {str(path.relative_to(ROOT)) for path, text in texts.items() if re.search(r"^UPDATE ", text, re.MULTILINE)}
    assert filling
    assert {name for name in filling if "DISABLE TRIGGER USER" not in (ROOT / name).read_text()} == set()


def test_the_list_of_slow_tests_names_tests_that_exist():
    assert sorted(measured.unknown()) == []
