"""Files under their SHA-256: written before the commit, never changed, swept when no row came to know them."""

import datetime as dt
import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any, BinaryIO, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.http import FileResponse

from audit.actions import action
from audit.actors import System
from audit.record import record
from evidence.contents import HEAD, content_type, is_utf8
from evidence.models import FileCheck, StoredFile
from evidence.rereading import keep_results
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused

STORAGE = System("file storage")  # what it mends follows from its hashes, whoever sent the bytes
BLOCK = 1 << 20
LARGEST_READ = 8 << 20  # bytes of a text that is read through before it leaves, to say which characters it has
ORPHAN_AGE = dt.timedelta(days=1)
# No browser takes a file of ours for a page, whatever is in it, and no page shows it within its own.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:"<>|?*\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
_HASH = re.compile(r"[0-9a-f]{64}")
_FOLDER = re.compile(r"[0-9a-f]{2}")
TICK_SECONDS, TICKS = 900, 96  # of the schedule, in a day


@dataclass(frozen=True, slots=True)
class _Received:
    """A whole file in a temporary place, with what is known of it."""

    file: IO[bytes]
    sha256: str
    size: int
    content_type: str


def store(source: "UploadedFile[Any] | IO[bytes]", name: str) -> StoredFile:
    """Keep the bytes of an upload or a binary stream for the active organization; the same bytes give the same row.

    Streams; raises ActionRefused when there is nothing in it or more than PLUMBLINE_UPLOAD_LIMIT bytes.
    """
    if isinstance(source, UploadedFile):
        _check_size(source.size or 0, name)
    with tempfile.SpooledTemporaryFile(max_size=BLOCK) as spool:
        received = _receive(_blocks(source), cast("IO[bytes]", spool), name)
        return _keep(received, name)


def store_made(file: IO[bytes], name: str) -> StoredFile:
    """Keep what this product has made itself: as long as it is, and read where it lies. At its beginning or not."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    for block in _blocks(file):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return _keep(_Received(file, digest.hexdigest(), size, content_type(head)), name)


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, for reading. Raises ActionRefused when the storage does not have them."""
    try:
        return cast("BinaryIO", default_storage.open(stored.path, "rb"))
    except OSError as error:
        raise ActionRefused(f"The stored file “{stored.name}” cannot be read. Tell your administrator.") from error


def verify(stored: StoredFile) -> bool:
    """Whether the bytes are still those that were stored."""
    try:
        with default_storage.open(stored.path, "rb") as file:
            return hashlib.file_digest(cast("Any", file), "sha256").hexdigest() == stored.sha256
    except OSError:
        return False


def download(stored: StoredFile, name: str = "") -> FileResponse:
    """The file as an attachment that no browser opens in our name. Close to the storage: it streams."""
    response = FileResponse(
        open_file(stored), as_attachment=True, filename=safe_name(name or stored.name), content_type=_answer_type(stored)
    )
    response["Content-Length"] = str(stored.size)
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _answer_type(stored: StoredFile) -> str:
    """The type under which a file leaves: a text says its character set, and is bytes like any other where nobody knows that."""
    if not stored.content_type.startswith("text/"):
        return stored.content_type
    if stored.size <= LARGEST_READ:
        with open_file(stored) as file:
            if is_utf8(file.read()):
                return f"{stored.content_type}; charset=utf-8"
    return "application/octet-stream"


def safe_name(name: str) -> str:
    """A name without paths, control characters or characters that reverse the direction of text."""
    return _UNSAFE.sub("_", name).strip(" .")[-255:] or "file"


def sweep_share(organization: Organization, at: dt.datetime) -> None:
    """At each tick a share of the folders, so that each is swept once a day."""
    turn = int(at.timestamp()) // TICK_SECONDS % TICKS
    sweep(organization, at, lambda folder: int(folder, 16) % TICKS == turn)


def sweep(organization: Organization, now: dt.datetime, chosen: Callable[[str], bool] = bool) -> None:
    """Delete files older than a day that no row knows: what an upload wrote whose transaction did not commit."""
    for path in _unknown_paths(str(organization.id), chosen):
        if default_storage.get_modified_time(path) < now - ORPHAN_AGE:
            _delete_unless_known(path)


def _check_size(size: int, name: str) -> None:
    limit = settings.PLUMBLINE_UPLOAD_LIMIT
    if size > limit:
        raise ActionRefused(f"“{safe_name(name)}” is larger than {limit >> 20} MB, which is the most that can be stored.")


def _blocks(source: "UploadedFile[Any] | IO[bytes]") -> Iterator[bytes]:
    if isinstance(source, UploadedFile):
        yield from source.chunks(BLOCK)
        return
    while block := source.read(BLOCK):
        yield block


def _receive(blocks: Iterable[bytes], spool: IO[bytes], name: str) -> _Received:
    digest, size, head = hashlib.sha256(), 0, b""
    for block in blocks:
        size += len(block)
        _check_size(size, name)
        digest.update(block)
        head = head or block[:HEAD]
        spool.write(block)
    if not size:
        raise ActionRefused(f"“{safe_name(name)}” is empty.")
    spool.seek(0)
    return _Received(spool, digest.hexdigest(), size, content_type(head))


def _keep(received: _Received, name: str) -> StoredFile:
    stored = StoredFile(sha256=received.sha256, size=received.size, content_type=received.content_type, name=safe_name(name))
    _lock(stored.path)
    known = StoredFile.objects.filter(sha256=received.sha256).first()
    if known is not None:
        _mend(known, received)
        return known
    if not verify(stored):
        _write(stored, received)
    stored.save(force_insert=True)
    return stored


def _write(stored: StoredFile, received: _Received) -> None:
    """The bytes under their hash, in the place of any others."""
    if default_storage.exists(stored.path):
        default_storage.delete(stored.path)
    default_storage.save(stored.path, File(received.file))


def _mend(known: StoredFile, received: _Received) -> None:
    """Where the stored bytes are altered or gone, these are the right ones: they are put back, which is an event."""
    if verify(known):
        return
    _write(known, received)
    _record_mended(known)
    keep_results({known: FileCheck.Result.INTACT}, now())


@action
def _record_mended(file: StoredFile) -> None:
    record("file.mend", file, actor=STORAGE, metadata={"severity": "critical", "file": file.name, "sha256": file.sha256})


def _lock(path: str) -> None:
    """One writer or sweeper for each content, until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [path])


def _unknown_paths(root: str, chosen: Callable[[str], bool]) -> Iterator[str]:
    """The files in the chosen folders that no row names; asking for the age of each would take a request each."""
    try:
        folders, _ = default_storage.listdir(root)
    except OSError:
        return
    for folder in filter(chosen, filter(_FOLDER.fullmatch, folders)):
        names = [name for name in default_storage.listdir(f"{root}/{folder}")[1] if _HASH.fullmatch(name)]
        known = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True))
        for name in names:
            if name not in known:
                yield f"{root}/{folder}/{name}"


def _delete_unless_known(path: str) -> None:
    if not path.startswith(f"{current_tenant_id()}/"):
        raise ValueError("A sweep reaches for another organization's files.")
    _lock(path)
    if not StoredFile.objects.filter(sha256=_HASH.findall(path)[-1]).exists():
        default_storage.delete(path)
