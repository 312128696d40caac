"""The catalogue of event codes: what each means, what it is about, and which criteria it speaks to.

An event's code is its `verb`. `codes.csv` has a line for each that the product can record; docs/events.md is made of it.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

TABLE = Path(__file__).with_name("codes.csv")
NONE = "none"  # the resource of an event about no record, such as a denial


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `resources` are the kinds of record that its events are about, such as `changes.change`, or NONE."""

    code: str
    resources: tuple[str, ...]
    meaning: str
    criteria: tuple[str, ...]


def _read() -> Mapping[str, Code]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            Code(row["code"], tuple(row["resources"].split()), row["meaning"], tuple(row["criteria"].split()))
            for row in csv.DictReader(file, strict=True)
        ]
    return MappingProxyType({row.code: row for row in rows})


CODES: Mapping[str, Code] = _read()


def stray(code: str, kind: str) -> str:
    """The sentence that says why no event may have this code about this kind of record; empty when it may."""
    known = CODES.get(code)
    if known is None:
        return f"{code} is no event code: add it to audit/codes.csv."
    about = kind or NONE
    if about not in known.resources:
        return f"{code} is recorded about {about}, but audit/codes.csv has {' '.join(known.resources)}."
    return ""
