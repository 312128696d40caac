"""What the launcher tells the person in front of it: one line per step, with how long it took."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TextIO


class Refused(Exception):
    """The launcher cannot go on; the message is a sentence for the person who started it."""


class _Voice:
    """The stream the lines go to. Commands whose output is read by programs speak on stderr."""

    stream: TextIO = sys.stdout
    quiet = False


def speak_on(stream: TextIO, *, quiet: bool = False) -> None:
    """Send all further lines to `stream`; with `quiet`, only lines that report trouble."""
    _Voice.stream = stream
    _Voice.quiet = quiet


def line(text: str = "", *, trouble: bool = False) -> None:
    """Print one line at once, even into a pipe."""
    if trouble or not _Voice.quiet:
        _Voice.stream.write(text + "\n")
        _Voice.stream.flush()


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step, then say how many seconds it took, or that it failed."""
    if _Voice.quiet:
        yield
        return
    begun = time.monotonic()
    _Voice.stream.write(f"{text} ... ")
    _Voice.stream.flush()
    try:
        yield
    except BaseException:
        line("stopped", trouble=True)
        raise
    line(f"{time.monotonic() - begun:.1f} s")
