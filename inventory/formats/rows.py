"""The rows that every format is read into, and the result that counts them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, fields
from operator import attrgetter
from types import TracebackType
from typing import Final, Generic, TypeVar

from evidence.tables.errors import RowProblem
from evidence.tables.rows import RowError
from evidence.tables.text import storable

LAST_USED_STATES: Final = ("known", "never", "no_information", "not_applicable", "not_supported", "not_in_file")
LIMITS: Final = {
    "account_id": 500,
    "account_name": 500,
    "display_name": 500,
    "email": 320,
    "entitlement_key": 500,
    "role": 500,
    "meaning": 2000,
    "resource": 500,
    "account_state": 100,
    "granted_by": 500,
    "owner_email": 320,
}
DUPLICATES_KEPT: Final = 1000


@dataclass(slots=True)
class EntitlementRow:
    """One right of one account. Absent text is ""; instants are UTC; `privileged` None = the file does not say."""

    row_number: int
    account_id: str
    account_name: str = ""
    display_name: str = ""
    email: str = ""
    entitlement_key: str = ""
    role: str = ""
    meaning: str = ""
    resource: str = ""
    privileged: bool | None = None
    account_state: str = ""
    last_used_at: dt.datetime | None = None
    last_used_state: str = "not_in_file"
    granted_at: dt.datetime | None = None
    granted_by: str = ""
    owner_email: str = ""
    part: str = ""


@dataclass(slots=True)
class Duplicate:
    """A row that repeats an earlier one's account, entitlement and resource; the first is kept."""

    row_number: int
    first_row_number: int
    differs: bool
    part: str = ""


@dataclass(slots=True)
class Facts:
    """What a reader learns about its files while it reads."""

    notices: list[str] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    as_of: dt.datetime | None = None
    identified_by: str = ""

    def count(self, part: str) -> None:
        """Count one data row of a file."""
        self.records[part] = self.records.get(part, 0) + 1

    def notice(self, sentence: str) -> None:
        """Keep a sentence for the preview, once."""
        if sentence not in self.notices:
            self.notices.append(sentence)


R = TypeVar("R")
_account = attrgetter("account_id")


def entitlement_key(row: EntitlementRow) -> Hashable:
    """Give what makes an entitlement the same one."""
    return (row.account_id, row.entitlement_key, row.resource)


class ReadResult(Generic[R]):
    """Rows and errors of one read, once through; counts, notices and as_of are final when it is exhausted."""

    def __init__(self, rows: Iterator[R | RowError], facts: Facts, row_type: type[R], key: Callable[[R], Hashable]) -> None:
        """Take the reader's generator, the facts it fills in, and what makes two rows the same."""
        self.facts = facts
        self.notices = facts.notices
        self.records = facts.records
        self.accepted = self.rejected = self.duplicates = self.differing = 0
        self.duplicate_rows: list[Duplicate] = []
        self._rows = rows
        self._key = key
        names = [f.name for f in fields(row_type) if f.name not in {"row_number", "part"}]  # type: ignore[arg-type]
        self._content = attrgetter(*names)
        self._accounts: set[str] | None = set() if row_type is EntitlementRow else None

    @property
    def read(self) -> int:
        """Rows seen: accepted, rejected and duplicates."""
        return self.accepted + self.rejected + self.duplicates

    @property
    def accounts(self) -> int:
        """Distinct accounts among the accepted rows."""
        return len(self._accounts or ())

    @property
    def as_of(self) -> dt.datetime | None:
        """The instant the file says it describes, UTC, or None."""
        return self.facts.as_of

    @property
    def identified_by(self) -> str:
        """What account ids are made of in these files: two snapshots compare only when it is the same."""
        return self.facts.identified_by

    def __iter__(self) -> Iterator[R | RowError]:
        """Hand out rows and errors in the order of the files. Raises FormatError."""
        seen: dict[Hashable, tuple[int, int]] = {}
        key, content, accounts = self._key, self._content, self._accounts
        for row in self._rows:
            if isinstance(row, RowError):
                self.rejected += 1
                yield row
                continue
            place = (row.row_number, hash(content(row)))  # type: ignore[attr-defined]
            first = seen.setdefault(key(row), place)
            if first is not place:
                self._repeat(row, first, place)
                continue
            self.accepted += 1
            if accounts is not None:
                accounts.add(_account(row))
            yield row

    def _repeat(self, row: R, first: tuple[int, int], place: tuple[int, int]) -> None:
        differs = first[1] != place[1]
        self.duplicates += 1
        self.differing += differs
        if len(self.duplicate_rows) < DUPLICATES_KEPT:
            self.duplicate_rows.append(Duplicate(place[0], first[0], differs, getattr(row, "part", "")))

    def close(self) -> None:
        """Close the files that the reader opened; harmless when it is exhausted."""
        close = getattr(self._rows, "close", None)
        if close is not None:
            close()

    def __enter__(self) -> ReadResult[R]:
        """Give itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close."""
        self.close()


def checked(row: EntitlementRow) -> EntitlementRow:
    """Give the row back if every text fits and can be stored. Raises RowProblem."""
    reasons = []
    for name, limit in LIMITS.items():
        value = getattr(row, name)
        if len(value) > limit:
            reasons.append(too_long(name, limit))
        if not storable(value):
            reasons.append(f"The {name.replace('_', ' ')} has characters that cannot be stored.")
    if not row.account_id:
        reasons.append("The row names no account.")
    if reasons:
        raise RowProblem(*reasons)
    return row


def too_long(name: str, limit: int) -> str:
    """Say that a field is longer than allowed."""
    return f"The {name.replace('_', ' ')} is longer than {limit} characters."
