"""Starting a program so that it cannot outlive us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from launcher.identity import Identity

PR_SET_PDEATHSIG = 1
FIRM_SECONDS = 5.0
LOG_LIMIT = 10_000_000  # bytes; an older log is kept once, as NAME.log.1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """One long-running program: how to start it, how to ask it to stop, how long to wait before insisting."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: int = signal.SIGTERM
    firm_signal: int = signal.SIGKILL  # after `patience`; some programs have a quick end that still puts things in order
    patience: float = 10.0  # seconds
    identity: Identity | None = None


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, as its own user, bound to our life where the system can do that."""
    with open_log(program.log) as log:
        return subprocess.Popen(
            program.command,
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=bound_to_us(program.stop_signal),  # noqa: PLW1509  the launcher has no threads
            **as_user(program.identity),
        )


def as_user(identity: Identity | None) -> dict[str, Any]:
    """The arguments of subprocess that drop to that account."""
    if identity is None:
        return {}
    return {"user": identity.uid, "group": identity.gid, "extra_groups": []}


def bound_to_us(death_signal: int) -> Callable[[], None]:
    """What the child runs before exec: it will get `death_signal` when we die. Dropping the uid clears this, so
    it must come after; subprocess does that. A parent that died in between is noticed by asking for it again."""
    parent = os.getpid()

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:
                os._exit(1)

    return prepare


def runs(program: Path) -> bool:
    """Whether any process was started from this file. False where processes cannot be listed."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended
            if os.fsencode(program) in command.read_bytes().split(b"\0"):
                return True
    return False


def open_log(path: Path) -> BinaryIO:
    """Open a log for appending; one that has grown too long is put aside first."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def tail(path: Path, count: int = 15) -> str:
    """The last lines of a log, indented, for a message about trouble."""
    if not path.exists():
        return ""
    lines = path.read_text(errors="replace").splitlines()[-count:]
    return "\n".join(f"    {text}" for text in lines)


def signal_group(group: int, number: int) -> bool:
    """Signal a process group; False when nobody is left in it."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Poll a condition; False when the time is up."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def stop(process: subprocess.Popen[bytes], program: Program) -> None:
    """Ask it to stop, wait, insist; then make sure that nobody of its group is left."""
    for number, seconds in ((program.stop_signal, program.patience), (program.firm_signal, FIRM_SECONDS)):
        if process.poll() is None:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
    signal_group(process.pid, signal.SIGKILL)
    process.wait()
