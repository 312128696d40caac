"""bin/manage and bin/bench: one command with the servers it needs, in the terminal of the person who typed it."""

import os
import signal
import subprocess

from launcher import packages, site
from launcher.marks import marks_of
from launcher.places import Places
from launcher.services import PASSING, external_addresses, provide
from launcher.supervisor import StopAsked, Supervisor

CHANGES_THE_DATABASE = (["migrate"], ["restore"], ["dbshell"])


def manage(places: Places, arguments: list[str]) -> int:
    """Run manage.py."""
    return _run(places, ["manage.py", *arguments])


def bench(places: Places, arguments: list[str]) -> int:
    """Run the benchmarks."""
    return _run(places, ["-m", "bench", *arguments])


def _run(places: Places, arguments: list[str]) -> int:
    places.make()
    try:
        with Supervisor(places.root) as supervisor:
            packages.ensure(places)
            found = provide(supervisor, places, who=f"{PASSING} {os.getpid()}")
            if arguments[1:2] in CHANGES_THE_DATABASE:
                _forget(places)
            return _in_foreground([str(places.python), *arguments], places, _environment(places, found))
    except StopAsked:
        return 130


def _environment(places: Places, found: dict[str, str]) -> dict[str, str]:
    """As bin/run has it, down to the address that links are made with."""
    values = site.environment(places, found)
    running = site.run_lock(places).holder()
    if running:
        values.setdefault("PLUMBLINE_BASE_URL", running.split()[0])
    values.setdefault("PLUMBLINE_LOG_LEVEL", "WARNING")
    values.setdefault("PLUMBLINE_EXAMPLE", "1" if places.example_made.exists() else "0")
    return values


def _forget(places: Places) -> None:
    """What bin/run believes to have done may be undone by this command."""
    marks = marks_of(places, private="DATABASE_URL" not in external_addresses())
    for name in ("prepared", "example"):
        marks.remove(name)


def _in_foreground(command: list[str], places: Places, values: dict[str, str]) -> int:
    """Keep the terminal's Ctrl-C for the command itself: it may be a shell that goes on after it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    process = subprocess.Popen(command, cwd=places.root, env=values)
    try:
        return process.wait()
    except StopAsked:
        process.terminate()
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)
