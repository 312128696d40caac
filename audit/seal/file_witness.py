"""A witness that is a file for each organization, which is only appended to.

A line that was cut off, as by a full disk or a kill in the middle of it, tells nothing: it is told again, whole, on the next.
"""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from audit.seal.testimony import KeptHead, UnreadableWitness

_TAIL = 64 * 1024  # more than a line


class FileWitness:
    """`folder/<organization>.jsonl`, one head on a line. The file system may hold it to append only (`chattr +a`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = "file"

    def last(self, organization: uuid.UUID) -> KeptHead | None:
        """The latest head that it has."""
        with _readable():
            path = self._path(organization)
            if not path.exists():
                return None
            with path.open("rb") as file:
                if file.seek(0, os.SEEK_END) > _TAIL:
                    file.seek(-_TAIL, os.SEEK_END)
                    file.readline()
                else:
                    file.seek(0)
                heads = list(_heads(file, so_far=True))
            return heads[-1] if heads else None

    def keep(self, organization: uuid.UUID, heads: Iterable[KeptHead]) -> None:
        """Append heads, and have them on the disk before this returns."""
        with _readable():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path(organization), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                flock(file, LOCK_EX)
                begin = "" if _ends_whole(descriptor) else "\n"
                file.write((begin + "".join(f"{head.line}\n" for head in heads)).encode())
                file.flush()
                os.fsync(file.fileno())

    def told(self, organization: uuid.UUID) -> Iterator[KeptHead]:
        """All that it has."""
        with _readable():
            path = self._path(organization)
            if not path.exists():
                return
            with path.open("rb") as file:
                yield from _heads(file)

    def _path(self, organization: uuid.UUID) -> Path:
        return self.folder / f"{organization}.jsonl"


def _heads(lines: Iterable[bytes], *, so_far: bool = False) -> Iterator[KeptHead]:
    """Those on whole lines. Raises UnreadableWitness where another line is not the beginning of the next whole one.

    So it does at the end, until that line was told again: what stands there may be anything. `so_far` asks for what is whole.
    """
    cut: list[bytes] = []
    last = b""
    for line in lines:
        head = _head(line)
        if head is None:
            cut.append(line.removesuffix(b"\n"))
            continue
        if not all(line.startswith(part) for part in cut):
            raise UnreadableWitness("It has a line that is no head.")
        if line != last:
            yield head
        cut, last = [], line
    if cut and not so_far:
        raise UnreadableWitness("Its end is no head.")


def _head(line: bytes) -> KeptHead | None:
    """None for what was cut off, and for anything else that is none."""
    try:
        return KeptHead.read(line.decode()) if line.endswith(b"\n") else None
    except (UnreadableWitness, UnicodeDecodeError):
        return None


def _ends_whole(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return not size or os.pread(descriptor, 1, size - 1) == b"\n"


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableWitness(f"The file cannot be used: {error}") from error
