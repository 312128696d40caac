"""The known formats, and finding out which of them some files are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from evidence.tables.errors import FormatError
from evidence.tables.sources import Source
from inventory.formats import aws_iam, github, google_workspace, okta
from inventory.formats.declarations import Format, Part, Parts, Probe, Upload, probe
from inventory.formats.rows import EntitlementRow, ReadResult

__all__ = ["FORMATS", "GENERIC", "Format", "Part", "Recognition", "Upload", "read", "recognise"]


def _needs_mapping(parts: Parts, zone: str) -> ReadResult[EntitlementRow]:
    raise FormatError("This file is read with a mapping of its columns.")


GENERIC: Final = Format(
    key="generic",
    label="Any list (CSV or Excel)",
    parts=(
        Part("table", "List of accounts and what they may do", ("csv", "xlsx"), "One row per account and role.", required=True),
    ),
    covers=("What the columns say that you choose: one row is one right of one account.",),
    lacks=("Whatever has no column; it is shown as not in the file, never as a no.",),
    no_access_states=("disabled", "inactive", "suspended", "deactivated", "deprovisioned", "terminated", "archived", "deleted"),
    stated_count_label="Rows that the source itself shows",
    claim=lambda _probe: "",
    read=_needs_mapping,
)
FORMATS: Final[dict[str, Format]] = {
    f.key: f for f in (aws_iam.FORMAT, google_workspace.FORMAT, okta.FORMAT, github.FORMAT, GENERIC)
}


@dataclass(frozen=True, slots=True)
class Recognition:
    """What some files are: their format, which file is which part, and files that belong to none."""

    format: Format
    parts: dict[str, Upload]
    unknown: tuple[Upload, ...]

    @property
    def missing(self) -> tuple[Part, ...]:
        """Required parts that are not among the files; reading refuses."""
        return tuple(p for p in self.format.parts if p.required and p.key not in self.parts)

    @property
    def left_out(self) -> tuple[Part, ...]:
        """Optional parts that are not among the files."""
        return tuple(p for p in self.format.parts if not p.required and p.key not in self.parts)


def recognise(files: Iterable[Upload | tuple[str, Source]]) -> Recognition | None:
    """Find the format that claims most of the files by their content; None when no known format claims any."""
    seen = [(upload, probe(upload)) for upload in (Upload(*file) for file in files)]
    found = [_claims(candidate, seen) for candidate in FORMATS.values()]
    best = max(found, key=lambda recognition: len(recognition.parts))
    return best if best.parts else None


def _claims(candidate: Format, seen: list[tuple[Upload, Probe]]) -> Recognition:
    parts: dict[str, Upload] = {}
    unknown = []
    for upload, look in seen:
        key = candidate.claim(look)
        if key and key not in parts:
            parts[key] = upload
        else:
            unknown.append(upload)
    return Recognition(candidate, parts, tuple(unknown))


def read(key: str, parts: Parts, *, zone: str = "UTC") -> ReadResult[EntitlementRow]:
    """Read the files of a known format; naive times are in `zone` (IANA). Raises FormatError, also while iterating."""
    known = FORMATS[key]
    missing = [part.label for part in known.parts if part.required and part.key not in parts]
    if missing:
        raise FormatError(f"{known.label} also needs: {', '.join(missing)}.")
    return known.read(parts, zone)
