"""What uploads are: a known export with its parts, or a table with a mapping of its columns."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from evidence.files import open_file, store
from evidence.models import StoredFile
from evidence.tables.errors import FormatError
from evidence.tables.reading import open_table
from inventory.formats.mapping import Mapping, fingerprint, suggest_mapping, validate
from inventory.formats.registry import FORMATS, Upload, recognise
from inventory.models import ImportMapping, Snapshot
from inventory.snapshots.reading import GENERIC, TABLE
from ui.refusals import ActionRefused

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Recognised:
    """The stored files of an upload, each with its part, and the format they make up."""

    format_key: str
    parts: dict[str, tuple[str, StoredFile]]


def recognise_uploads(uploads: Sequence["UploadedFile[Any]"], *, plain_table: bool = False) -> Recognised:
    """Store the uploads and find out what they are together. Raises ActionRefused at the field `uploads`."""
    if not 1 <= len(uploads) <= MOST_FILES:
        raise ActionRefused(f"Choose between one and {MOST_FILES} files.", field="uploads")
    stored = [(upload.name or "file", store(upload, upload.name or "file")) for upload in uploads]
    if len({file.pk for _, file in stored}) != len(stored):
        raise ActionRefused("The same file was chosen twice.", field="uploads")
    try:
        return (None if plain_table else _known(stored)) or _plain(stored)
    except FormatError as error:
        raise ActionRefused(str(error), field="uploads") from error


def suggested_mapping(snapshot: Snapshot, headers: Sequence[str]) -> tuple[Mapping, bool]:
    """The mapping to begin with, and whether it is remembered from an earlier import."""
    if snapshot.mapping:
        return Mapping.from_dict(snapshot.mapping), False
    remembered = ImportMapping.objects.filter(
        system_id=snapshot.system_id, kind="entitlements", fingerprint=fingerprint(headers)
    ).first()
    if remembered is not None:
        mapping = Mapping.from_dict(remembered.mapping)
        if not validate(mapping, headers):
            return mapping, True
    return suggest_mapping(headers), False


def _known(stored: Sequence[tuple[str, StoredFile]]) -> Recognised | None:
    by_name = {f"{position}/{name}": (name, file) for position, (name, file) in enumerate(stored)}
    with ExitStack() as stack:
        found = recognise([Upload(name, stack.enter_context(open_file(file))) for name, (_, file) in by_name.items()])
    if found is None:
        return None
    if found.unknown:
        names = " and ".join(f"“{upload.name.partition('/')[2]}”" for upload in found.unknown)
        raise ActionRefused(
            f"{names} is not part of an export of {found.format.label}, or a part is there twice.", field="uploads"
        )
    if found.missing:
        names = " and ".join(f"{part.label} ({part.how})" for part in found.missing)
        raise ActionRefused(f"An export of {found.format.label} also needs: {names}", field="uploads")
    return Recognised(found.format.key, {part: by_name[upload.name] for part, upload in found.parts.items()})


def _plain(stored: Sequence[tuple[str, StoredFile]]) -> Recognised:
    if len(stored) != 1:
        known = ", ".join(one.label for key, one in FORMATS.items() if key != GENERIC)
        raise ActionRefused(f"These files are no known export ({known}). Any other list comes as one file.", field="uploads")
    table_headers(stored[0][1])
    return Recognised(GENERIC, {TABLE: stored[0]})


def table_headers(file: StoredFile) -> tuple[list[str], list[list[str]]]:
    """The headers and the first rows of a table. Raises FormatError."""
    with open_file(file) as source, open_table(source) as table:
        rows: list[list[str]] = []
        for record_ in table.rows:
            if len(rows) == 5:
                break
            if isinstance(record_, tuple):
                rows.append([cell[:80] for cell in record_[1]])
        return table.headers, rows
