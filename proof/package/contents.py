"""What a package holds, before it is written: files with the paths they get, and folders for the index."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from controls.models import AuditPeriod
from evidence.files import open_file
from evidence.models import Evidence, StoredFile
from proof.package.bag import Bag
from proof.package.names import file_name, plain
from ui.refusals import ActionRefused

CHUNK = 1 << 20


@dataclass(slots=True)
class Put:
    """A file of the package and where it comes from."""

    path: str
    file: StoredFile | None = None
    content: bytes = b""


@dataclass(slots=True)
class Folder:
    """A control or a request, as the index tells of it."""

    title: str
    path: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    @property
    def links(self) -> list[tuple[str, str]]:
        """Its files as the index leads to them: path, and the name below the folder."""
        return [(path, path.removeprefix(f"{self.path}/")) for path in sorted(self.files)]


@dataclass(slots=True)
class Contents:
    """All of it: files to copy, folders to tell of, and the records whose events come along."""

    period: AuditPeriod
    puts: list[Put] = field(default_factory=list)
    controls: list[Folder] = field(default_factory=list)
    requests: list[Folder] = field(default_factory=list)
    populations: list[Folder] = field(default_factory=list)
    records: set[uuid.UUID] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)

    def folder(self, part: str, number: str, name: str) -> Folder:
        """A folder of its own, numbered where two names come to the same (capitals tell nothing apart everywhere)."""
        path = own = f"{part}/{plain(number)}-{plain(name)}"
        count = 1
        while own.lower() in self._taken:
            count += 1
            own = f"{path}-{count}"
        self._taken.add(own.lower())
        return Folder(f"{number} {name}", own)

    def put(self, folder: Folder, name: str, *, file: StoredFile | None = None, content: bytes = b"") -> None:
        """Put a file into a folder; one that is there under this name already is left as it is."""
        path = f"{folder.path}/{name}"
        if path not in folder.files:
            folder.files.add(path)
            self.puts.append(Put(path, file, content))

    def put_evidence(self, folder: Folder, item: Evidence, below: str = "") -> str:
        """Put an item's file into a folder; returns where it is in it."""
        name = file_name(item.reference, item.file.name)
        inside = f"{below}/{name}" if below else name
        self.put(folder, inside, file=item.file)
        self.records.add(item.pk)
        return inside


def stream(put: Put) -> Iterator[bytes]:
    """The bytes of a file; raises ActionRefused, naming it, where they are gone or are not what was kept."""
    if put.file is None:
        yield put.content
        return
    size = 0
    with open_file(put.file) as file:
        while chunk := file.read(CHUNK):
            size += len(chunk)
            yield chunk
    if size != put.file.size:
        raise ActionRefused(f"The stored file “{put.file.name}” is not as long as when it was kept: no package is made of it.")


def write(contents: Contents, bag: Bag, progress: Callable[[int, int], None]) -> None:
    """Copy every file into the bag; raises ActionRefused for the first that is missing or altered."""
    for number, one in enumerate(sorted(contents.puts, key=lambda put: put.path), start=1):
        entry = bag.add(one.path, stream(one))
        if one.file is not None and entry.sha256 != one.file.sha256:
            raise ActionRefused(f"The stored file “{one.file.name}” does not match its hash: no package is made of it.")
        progress(number, len(contents.puts))
