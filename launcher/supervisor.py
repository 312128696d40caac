"""Keeps programs running: starts them in order, restarts those that end, stops them in reverse order."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

from launcher import children
from launcher.children import Program
from launcher.locks import Lock
from launcher.say import Refused, line

BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each restart in a row
SETTLED = 60.0  # seconds after which a program that runs is taken to be well again
START_SECONDS = 60.0


class StopAsked(BaseException):
    """A signal asked us to stop. Not an Exception: nothing on the way may swallow it."""


class _Asked:
    """The signal that asked us to stop: what it raised is lost where it came in the middle of a finalizer."""

    by = ""
    raises = True


@contextlib.contextmanager
def _heard_at_the_end() -> Iterator[None]:
    """A signal that asks us to stop is only noted in here, and raised on the way out.

    Raised between the start of a program and the note of its number, it would lose the program; raised in the middle of
    `Popen.poll`, it would leave that one's lock taken, and a later `wait` for the same program would never end.
    """
    _Asked.raises = False
    try:
        yield
    finally:
        _Asked.raises = True
    if _Asked.by:
        raise StopAsked(_Asked.by)


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes]
    begun: float
    failures: int = 0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """The programs of one launcher. Used as a context manager; leaving it stops all of them."""

    root: Path
    running: list[_Child] = field(default_factory=list)
    warden: subprocess.Popen[str] | None = None
    locks: list[Lock] = field(default_factory=list)

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _ask_to_stop)
        self.warden = subprocess.Popen(
            [sys.executable, "-m", "launcher.warden"],
            cwd=self.root,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if kind is StopAsked:
            line("Stopping.")
        for child in reversed(self.running):
            children.stop(child.process, child.program)
            self._tell_warden(f"drop {child.process.pid}")
        self._tell_warden("bye")
        if self.warden:
            self.warden.wait()
        for lock in self.locks:
            lock.release()

    def keep(self, lock: Lock) -> None:
        """Hold a lock until everything is stopped."""
        self.locks.append(lock)

    def _tell_warden(self, text: str) -> None:
        if self.warden and self.warden.stdin:
            try:
                self.warden.stdin.write(text + "\n")
                self.warden.stdin.flush()
            except BrokenPipeError:
                self.warden = None

    def _entrust(self, child: _Child) -> None:
        program = child.program
        self._tell_warden(f"add {child.process.pid} {int(program.stop_signal)} {program.patience:g}")

    def start(self, program: Program, ready: Callable[[], bool] | None = None) -> None:
        """Start a program and wait until it is ready. Refused, with the end of its log, when it never is."""
        with _heard_at_the_end():
            child = _Child(program, children.start(program), time.monotonic())
            self.running.append(child)
            self._entrust(child)
            if ready is None:
                return
            ended = self._wait_ready(child, ready)
        if ended:
            raise Refused(f"{program.name} {ended}. The end of {program.log}:\n{children.tail(program.log)}")

    def _wait_ready(self, child: _Child, ready: Callable[[], bool]) -> str:
        done = children.wait_until(lambda: bool(_Asked.by) or child.process.poll() is not None or ready(), START_SECONDS)
        if child.process.poll() is not None:
            return "ended at once"
        return "" if done else f"did not answer within {START_SECONDS:.0f} seconds"

    def watch(self) -> None:
        """Restart what ends, for ever; ends by StopAsked."""
        with _heard_at_the_end():
            while not _Asked.by:
                for child in self.running:
                    self._look_after(child)
                time.sleep(0.25)

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.restart_at is not None:
            if now >= child.restart_at:
                self._restart(child)
            return
        code = child.process.poll()
        if code is None:
            return
        children.signal_group(child.process.pid, signal.SIGKILL)
        self._tell_warden(f"drop {child.process.pid}")
        child.failures = 0 if now - child.begun > SETTLED else child.failures
        pause = BACKOFF[min(child.failures, len(BACKOFF) - 1)]
        child.failures += 1
        child.restart_at = now + pause
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"
        line(f"{child.program.name} {how}; starting it again in {pause:g} s. The end of {child.program.log}:", trouble=True)
        line(children.tail(child.program.log, 5), trouble=True)

    def _restart(self, child: _Child) -> None:
        child.process = children.start(child.program)
        child.begun = time.monotonic()
        child.restart_at = None
        self._entrust(child)


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    _Asked.by = signal.Signals(number).name
    if _Asked.raises:
        raise StopAsked(_Asked.by)
