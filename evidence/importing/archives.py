"""The files that came with a list, by name: uploaded ones, and those in ZIP archives. Nothing is ever unpacked to a path."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import IO, cast

from django.conf import settings

from evidence.files import open_file
from evidence.models import StoredFile
from ui.refusals import ActionRefused

ZIP = "application/zip"
MOST_MEMBERS = 20_000
MOST_BYTES = 20  # times the limit of one upload, for all that an archive holds
TIGHTEST = 1000  # times: what unpacks to more is no document
# What every program reads and writes; others may ask for gigabytes of memory to unpack, and fail in ways of their own.
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_TRAILING = ("__macosx/", ".ds_store", "thumbs.db")


@dataclass(frozen=True, slots=True)
class Found:
    """A file by its name: its size, why it cannot be taken, and the archive it is in."""

    name: str
    size: int
    reason: str = ""
    stored: StoredFile | None = None  # uploaded by itself
    archive: zipfile.ZipFile | None = None
    member: zipfile.ZipInfo | None = None

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes. Raises ActionRefused when they cannot be read."""
        try:
            with self._opened() as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
            raise ActionRefused(f"“{self.name}” is damaged in its archive.") from error

    def _opened(self) -> IO[bytes]:
        if self.archive is not None and self.member is not None:
            return self.archive.open(self.member)
        return cast("IO[bytes]", open_file(cast("StoredFile", self.stored)))


@dataclass(slots=True)
class Shelf:
    """Everything that came, found by path, or by the bare name where only one file has it."""

    by_path: dict[str, list[Found]] = field(default_factory=dict)
    by_name: dict[str, list[Found]] = field(default_factory=dict)

    def put(self, found: Found) -> None:
        """Add a file."""
        path = normal(found.name)
        self.by_path.setdefault(path, []).append(found)
        self.by_name.setdefault(path.rpartition("/")[2], []).append(found)

    def find(self, name: str) -> tuple[Found | None, str]:
        """The file that a row names, or why there is none."""
        path = normal(name)
        found = self.by_path.get(path) or self.by_name.get(path.rpartition("/")[2], [])
        if not found:
            return None, f"There is no file called “{name[:200]}”."
        if len(found) > 1:
            return None, f"There is more than one file called “{name[:200]}”: write its folder too."
        return (None, found[0].reason) if found[0].reason else (found[0], "")

    def names(self) -> set[str]:
        """Every path."""
        return set(self.by_path)


def normal(name: str) -> str:
    """A name for comparing: forward slashes, no leading ones, without regard to case."""
    return name.strip().replace("\\", "/").removeprefix("./").strip("/").casefold()


@contextmanager
def shelf_of(files: Iterable[tuple[str, StoredFile]]) -> Iterator[Shelf]:
    """The shelf of these files (name, stored), while their archives are open. Raises ActionRefused for a hostile archive."""
    shelf = Shelf()
    with ExitStack() as stack:
        for name, stored in files:
            if stored.content_type != ZIP:
                shelf.put(Found(name, stored.size, stored=stored))
                continue
            archive = _opened(stack, name, stored)
            for member in _members(archive, name):
                shelf.put(Found(member.filename, member.file_size, _fault(member), archive=archive, member=member))
        yield shelf


def _opened(stack: ExitStack, name: str, stored: StoredFile) -> zipfile.ZipFile:
    try:
        return stack.enter_context(zipfile.ZipFile(stack.enter_context(open_file(stored))))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise ActionRefused(f"“{name}” is a damaged archive.", field="uploads") from error


def _members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)]
    if len(members) > MOST_MEMBERS:
        raise ActionRefused(f"“{name}” holds more than {MOST_MEMBERS:,} files.", field="uploads")
    if sum(one.file_size for one in members) > MOST_BYTES * settings.PLUMBLINE_UPLOAD_LIMIT:
        size = MOST_BYTES * settings.PLUMBLINE_UPLOAD_LIMIT >> 20
        raise ActionRefused(f"“{name}” would unpack to more than {size:,} MB. Divide it.", field="uploads")
    return members


def _is_litter(name: str) -> bool:
    path = normal(name)
    return path.startswith(_TRAILING[0]) or path.endswith(_TRAILING[1:])


def _fault(member: zipfile.ZipInfo) -> str:
    """Why a file of an archive cannot be taken; empty when it can."""
    if ".." in member.filename.replace("\\", "/").split("/"):
        return "Its name leads out of the archive."
    if member.flag_bits & 1:
        return "It is protected by a password."
    if member.compress_type not in METHODS:
        return "It is packed in a way that few programs can read. Pack it again as an ordinary ZIP."
    if member.file_size > settings.PLUMBLINE_UPLOAD_LIMIT:
        return f"It is larger than {settings.PLUMBLINE_UPLOAD_LIMIT >> 20} MB, which is the most that can be stored."
    if member.file_size > TIGHTEST * max(member.compress_size, 1) and member.file_size > 1 << 20:
        return "It unpacks to far more than any document would."
    return "" if member.file_size else "It is empty."
