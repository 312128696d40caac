"""Clones of the repository to start and to kill."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import say
from tests.launcher.toy import Clone, make_clone, read_until


@pytest.fixture(autouse=True)
def voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test speaks on its own stream, whichever ran before it in this process."""
    monkeypatch.setattr(say._Voice, "stream", sys.stdout)
    monkeypatch.setattr(say._Voice, "quiet", False)


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder that the user of the servers can reach (pytest's own are private to us)."""
    folder = Path(f"/tmp/plumbline-test-{os.getpid()}-{time.monotonic_ns()}")
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_clone(short_folder: Path) -> Iterator[Callable[[str], Clone]]:
    """Makes clones by name; whatever still runs in them afterwards is killed."""
    made: list[Clone] = []

    def make(name: str) -> Clone:
        made.append(make_clone(short_folder / name))
        return made[-1]

    yield make
    for clone in made:
        clone.clear()


@pytest.fixture
def clone(new_clone: Callable[[str], Clone]) -> Clone:
    """A clone of its own."""
    return new_clone("clone")


@pytest.fixture
def running(clone: Clone) -> subprocess.Popen[str]:
    """bin/run of the clone, ready."""
    process = clone.start()
    read_until(process, "to stop")
    return process
