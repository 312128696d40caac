"""Files that follow from the code: written by a command, which with --check says how they differ."""

from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

COMMANDS = {
    "event_codes": ("audit", "docs/events.md", "audit/codes.csv", "The event codes have changed"),
    "role_table": ("accounts", "docs/permissions.md", "accounts/roles.py", "The roles have changed"),
    "openapi": ("api", "docs/openapi.yaml", "the code", "The API has changed"),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_that_differs_is_shown_and_what_is_written_agrees(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    app, committed, source, changed = COMMANDS[name]
    command = import_module(f"{app}.management.commands.{name}").Command
    assert str(command.place).endswith(f"/{committed}")
    place = tmp_path / Path(committed).name
    monkeypatch.setattr(command, "place", place)
    with pytest.raises(CommandError, match=f"{changed}: run manage.py {name} and commit"):
        call_command(name, "--check")
    assert not place.exists()
    call_command(name)
    call_command(name, "--check")
    place.write_text(place.read_text().replace("e", "E", 1))
    with pytest.raises(CommandError, match=source) as refused:
        call_command(name, "--check")
    assert len([line for line in str(refused.value).splitlines() if line.startswith(("+", "-"))]) == 4


@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_committed_follows_from_the_code(name: str):
    call_command(name, "--check")
