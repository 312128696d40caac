"""A witness that is a file for each organization, which is only appended to."""

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
                end = file.seek(0, os.SEEK_END)
                file.seek(max(0, end - _TAIL))
                lines = [line for line in file.read().split(b"\n") if line]
            return KeptHead.read(lines[-1].decode()) if lines else None

    def keep(self, organization: uuid.UUID, heads: Iterable[KeptHead]) -> None:
        """Append heads, and have them on the disk before this returns."""
        with _readable():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._path(organization), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                flock(file, LOCK_EX)
                file.write("".join(f"{head.line}\n" for head in heads).encode())
                file.flush()
                os.fsync(file.fileno())

    def told(self, organization: uuid.UUID) -> Iterator[KeptHead]:
        """All that it has."""
        with _readable():
            path = self._path(organization)
            if not path.exists():
                return
            with path.open(encoding="utf-8") as file:
                for line in file:
                    yield KeptHead.read(line)

    def _path(self, organization: uuid.UUID) -> Path:
        return self.folder / f"{organization}.jsonl"


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableWitness(f"The file cannot be used: {error}") from error
