"""Reading every stored file again in turn, so that each is compared with its hash at least every 30 days.

At each tick the files that were read longest ago are read, up to a share of all that is stored: enough for the whole within a
third of the 30 days. What is read is only noted; a change of the result is a critical event, and whoever leans on the evidence
is told. A storage that does not answer says nothing about its files: reading stops, and is tried again at the next tick. One file
that cannot be read is noted as such, and the next is read.
"""

import datetime as dt
import hashlib
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db.models import Count, Exists, OuterRef, Sum

from audit.actions import action
from audit.actors import SCHEDULE
from audit.record import Entry, record_many
from evidence.hooks import tell_changed
from evidence.models import EvidenceRevision, FileCheck, StoredFile
from evidence.storage import answers
from tenancy.scope import current_tenant_id, now

EVERY = dt.timedelta(days=30)
DUE_AFTER = dt.timedelta(days=20)
TICKS = 30 * 96
PACE = 4  # times the even pace: from the 20th day on, all is read within seven and a half
LEAST_BYTES = 64 << 20
LEAST_FILES = 500
SILENT_SECONDS = 3600
VERBS = {"altered": "alter", "missing": "miss", "unreadable": "unread", "intact": "recover"}
Result = FileCheck.Result
log = logging.getLogger(__name__)


def due_files(at: dt.datetime) -> list[StoredFile]:
    """The files to read at a tick: those never read, then those read longest ago; at least one when any is due."""
    totals = StoredFile.objects.aggregate(bytes=Sum("size"), files=Count("pk"))
    most_bytes = max(LEAST_BYTES, PACE * (totals["bytes"] or 0) // TICKS)
    most_files = max(LEAST_FILES, PACE * totals["files"] // TICKS)
    never = StoredFile.objects.filter(~Exists(FileCheck.objects.filter(file=OuterRef("pk")))).order_by("pk")[:most_files]
    oldest = FileCheck.objects.filter(checked_at__lt=at - DUE_AFTER).select_related("file").order_by("checked_at")[:most_files]
    return _within([*never, *(check.file for check in oldest)][:most_files], most_bytes)


def _within(files: Iterable[StoredFile], most_bytes: int) -> list[StoredFile]:
    taken: list[StoredFile] = []
    size = 0
    for file in files:
        size += file.size
        if taken and size > most_bytes:
            break
        taken.append(file)
    return taken


def read_again(stored: StoredFile) -> str | None:
    """What the bytes are now: intact, altered, missing, or there and not to be read; None when the storage does not answer."""
    try:
        with default_storage.open(stored.path, "rb") as file:
            found = hashlib.file_digest(cast("Any", file), "sha256").hexdigest()
    except FileNotFoundError:
        return Result.MISSING if answers() else None
    except OSError:
        log.exception("A stored file cannot be read: %s", stored.path)
        return Result.UNREADABLE if answers() else None
    return Result.INTACT if found == stored.sha256 else Result.ALTERED


def keep_results(found: Mapping[StoredFile, str], at: dt.datetime) -> list[FileCheck]:
    """Note when the files were read; returns the checks whose result has changed, which have their events."""
    fresh = [FileCheck(file=file, result=Result.INTACT, checked_at=at, since=at) for file in found]
    FileCheck.objects.bulk_create(fresh, ignore_conflicts=True)  # so that there is a row to lock
    files = {file.pk: file for file in found}
    rows = list(FileCheck.objects.filter(file__in=files).select_for_update(of=("self",)).order_by("pk"))
    changed = []
    for row in rows:
        result = found[files[row.file_id]]
        if row.result != result:
            row.result, row.since = result, at
            changed.append(row)
    FileCheck.objects.filter(pk__in=[row.pk for row in rows]).update(checked_at=at)
    if changed:
        _tell(changed, files)
    return changed


@action
def _tell(changed: list[FileCheck], files: Mapping[Any, StoredFile]) -> None:
    """One critical event for each file, and for each item that has it in a revision."""
    FileCheck.objects.bulk_update(changed, ["result", "since"])
    results = {row.file_id: row.result for row in changed}
    revisions = EvidenceRevision.objects.filter(file__in=results).select_related("evidence").order_by("evidence", "-number")
    entries: dict[str, list[Entry]] = defaultdict(list)
    for key, result in results.items():
        file = files[key]
        entries[f"file.{VERBS[result]}"].append(Entry(file._meta.label_lower, file.pk, file.name, metadata=_facts(file)))
    for revision in revisions:
        item, file = revision.evidence, files[revision.file_id]
        facts = {**_facts(file), "revision": revision.number}
        verb = f"evidence.{VERBS[results[file.pk]]}"
        entries[verb].append(Entry(item._meta.label_lower, item.pk, str(item), metadata=facts))
    for verb, told in entries.items():
        record_many(verb, actor=SCHEDULE, entries=told)
    tell_changed({revision.evidence_id for revision in revisions}, SCHEDULE)


def _facts(file: StoredFile) -> dict[str, Any]:
    return {"severity": "critical", "file": file.name, "sha256": file.sha256}


def silent() -> bool:
    """Whether the storage did not answer when its files were last to be read."""
    return bool(cache.get(_silence()))


def note_silence(*, is_silent: bool) -> None:
    """Remember that, for an hour, or that it answers."""
    if is_silent:
        cache.set(_silence(), now(), SILENT_SECONDS)
    else:
        cache.delete(_silence())


def count_overdue(at: dt.datetime) -> int:
    """Count the files that have not been read for longer than they should, and remember the number for the pages."""
    late = FileCheck.objects.filter(checked_at__lt=at - EVERY).count()
    unread = StoredFile.objects.filter(created_at__lt=at - EVERY)
    number = late + unread.filter(~Exists(FileCheck.objects.filter(file=OuterRef("pk")))).count()
    cache.set(f"{current_tenant_id()}:files-overdue", number, SILENT_SECONDS)
    return number


def overdue() -> int:
    """How many there were when it was last counted."""
    number: int = cache.get(f"{current_tenant_id()}:files-overdue", 0)
    return number


def _silence() -> str:
    return f"{current_tenant_id()}:storage-silent"


def read_all(files: Collection[StoredFile]) -> tuple[dict[StoredFile, str], bool]:
    """Read files until the storage falls silent; what was found, and whether it answered to the end. Outside any scope."""
    found: dict[StoredFile, str] = {}
    for file in files:
        result = read_again(file)
        if result is None:
            return found, False
        found[file] = result
    return found, True
