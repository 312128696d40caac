"""Running checks, two at a time: what passes is one line, what fails shows what it said."""

import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from launcher import children
from launcher.places import Places
from launcher.say import line

AT_ONCE = 2


@dataclass(frozen=True)
class Check:
    """One tool: what it is called in the output, how it is run, and what is set for it beyond the others."""

    name: str
    command: list[str]
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """How a check ended."""

    name: str
    passed: bool
    seconds: float


@dataclass
class _Running:
    check: Check
    process: subprocess.Popen[str]
    output: IO[str] | None
    begun: float = field(default_factory=time.monotonic)


def run_together(checks: Sequence[Check], places: Places, values: Mapping[str, str]) -> list[Outcome]:
    """Run checks that do not disturb each other; their outcomes, in the order in which they ended."""
    waiting = list(checks)
    running: list[_Running] = []
    ended: list[Outcome] = []
    try:
        while waiting or running:
            while waiting and len(running) < AT_ONCE:
                running.append(_start(waiting.pop(0), places, values, shown=False))
            for one in [one for one in running if one.process.poll() is not None]:
                running.remove(one)
                ended.append(_finish(one))
            time.sleep(0.02)
    finally:
        for one in running:
            children.signal_group(one.process.pid, signal.SIGKILL)
            one.process.wait()
    return ended


def run_shown(check: Check, places: Places, values: Mapping[str, str]) -> Outcome:
    """Run one check whose output is of interest while it comes."""
    one = _start(check, places, values, shown=True)
    try:
        one.process.wait()
    except BaseException:
        one.process.send_signal(signal.SIGINT)
        children.wait_until(lambda: one.process.poll() is not None, 10.0)
        children.signal_group(one.process.pid, signal.SIGKILL)
        one.process.wait()
        raise
    return _finish(one)


def _start(check: Check, places: Places, values: Mapping[str, str], *, shown: bool) -> _Running:
    output = None if shown else tempfile.TemporaryFile("w+")  # noqa: SIM115  _finish closes it
    process = subprocess.Popen(
        check.command,
        cwd=places.root,
        env=dict(values) | dict(check.settings),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=children.bound_to_us(signal.SIGTERM),  # noqa: PLW1509  the launcher has no threads
    )
    return _Running(check, process, output)


def _finish(one: _Running) -> Outcome:
    outcome = Outcome(one.check.name, one.process.returncode == 0, time.monotonic() - one.begun)
    if one.output:
        with one.output:
            one.output.seek(0)
            said = one.output.read().strip()
        if said and not outcome.passed:
            line(said)
    line(f"{'ok    ' if outcome.passed else 'FAILED'} {outcome.name} ({outcome.seconds:.1f} s)")
    return outcome
