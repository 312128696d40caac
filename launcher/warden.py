"""Cleans up after a launcher that was killed.

The launcher holds the other end of our standard input and writes one line per program it starts or has stopped. When
that end closes without "bye", nobody is left to stop them, so we do, in reverse order. The kernel's parent-death signal
reaches direct children only, and only on Linux; this reaches whole process groups everywhere.
"""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from launcher import children


@dataclass(frozen=True)
class Charge:
    """A program to end: its process, the signal that asks it to, and the seconds it is given."""

    process: int
    signal: int
    patience: float
    birth: str


def main() -> None:
    """Watch standard input until it ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    charges: dict[int, Charge] = {}
    for text in sys.stdin:
        words = text.split()
        if words[0] == "bye":
            return
        if words[0] == "add":
            process = int(words[1])
            charges[process] = Charge(process, int(words[2]), float(words[3]), born(process))
        elif words[0] == "drop":
            charges.pop(int(words[1]), None)
    for charge in reversed(charges.values()):
        end(charge)


def born(process: int) -> str:
    """When a process started, in the kernel's ticks: its number alone may have been given to another since."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def end(charge: Charge) -> None:
    """Ask a program to stop, wait, then kill what is left of its group.

    The group may outlive its leader; its number cannot be given away while it does.
    """
    now = born(charge.process)
    if now and now != charge.birth:
        return
    try:
        os.kill(charge.process, charge.signal)
    except ProcessLookupError:
        children.signal_group(charge.process, signal.SIGTERM)
    if not children.wait_until(lambda: not children.signal_group(charge.process, 0), charge.patience, pause=0.05):
        children.signal_group(charge.process, signal.SIGKILL)


if __name__ == "__main__":
    main()
