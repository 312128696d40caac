"""A clone of the repository with a toy site in it: the launcher is real, Plumbline is three small files."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from launcher.places import here

SLOW_SECONDS = 5
WSGI = f"""
import time
def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep({SLOW_SECONDS})
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello from the toy"]
"""
CELERY = """
import os
from celery import Celery
app = Celery("toy", broker=os.environ["REDIS_URL"].replace("unix://", "redis+socket://") + "?virtual_host=0")
"""
MANAGE = """
import os, sys
if sys.argv[1] == "env":
    print("\\n".join(f"{name}={value}" for name, value in os.environ.items()))
elif sys.argv[1] == "example" and "--describe" in sys.argv:
    print("Sign in as toy@example.com")
elif sys.argv[1] == "run_checks":
    import time
    time.sleep(100_000)
elif sys.argv[1] == "fail":
    sys.exit(3)
"""
LINES = {"grc/__init__.py": "", "grc/settings.py": "", "grc/wsgi.py": WSGI, "grc/celery.py": CELERY, "manage.py": MANAGE}


@dataclass
class Clone:
    """One clone and what was started in it."""

    root: Path
    port: int
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start bin/run in a session of its own."""
        process = subprocess.Popen(
            [self.root / "bin/run", "--port", str(self.port), *arguments],
            env=clean_environment() | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def clear(self) -> None:
        """Kill whatever still runs in it."""
        for number in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        for process in self.started:
            process.communicate()

    def call(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one of the commands in bin/ to its end."""
        return subprocess.run(
            [self.root / "bin" / command[0], *command[1:]],
            env=clean_environment() | settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def processes(self) -> dict[int, str]:
        """Every process that runs in this clone or for it, by working directory, command line or environment."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                text = self._trace(entry)
                if str(self.root) in text:
                    found[int(entry.name)] = text
        return found

    def _trace(self, entry: Path) -> str:
        try:
            if entry.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return ""
            command = entry.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            return f"{command} in {entry.joinpath('cwd').readlink()}"
        except OSError:
            return ""

    def is_empty_within(self, seconds: float) -> bool:
        """Whether all of them are gone by then."""
        return wait_for(lambda: not self.processes(), seconds)


def clean_environment() -> dict[str, str]:
    """Ours without the addresses and secrets of the test run; the launcher has to find its own."""
    mine = re.compile(r"DATABASE_|REDIS_URL|EMAIL_URL|PLUMBLINE_|DJANGO_|PYTEST_")
    return {name: value for name, value in os.environ.items() if not mine.match(name)} | {"PYTHON": sys.executable}


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    """Poll until it holds; False when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What it prints, up to the line with these words; fails when it ends first."""
    assert process.stdout
    seen = ""
    for text in process.stdout:
        seen += text
        if words in text:
            return seen
    pytest.fail(f"ended without saying {words!r}:\n{seen}")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_clone(root: Path) -> Clone:
    """Copy the launcher to `root` and put the toy site beside it."""
    root.mkdir(parents=True)
    source = here()
    for name in ("bin", "launcher"):
        shutil.copytree(source.root / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(source.root / name, root / name)
    for name, text in LINES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "var").mkdir()
    (root / "var/venv").symlink_to(source.venv.resolve())
    return Clone(root, free_port())
