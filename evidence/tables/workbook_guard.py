"""What is looked at before a workbook reaches its reader, which allocates whatever a file asks for.

A kilobyte of XLSX can unpack to gigabytes, claim a rectangle of 17 billion cells, or repeat one long shared text a million
times. The file is unpacked once here, in blocks and keeping nothing, and refused by what it would cost.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO, Final

from evidence.tables.errors import FormatError

BROKEN: Final = "The workbook is damaged or is not an Excel file. Open it in a spreadsheet and save it as .xlsx again."
MOST_ENTRIES: Final = 5000
MOST_UNPACKED: Final = 768 << 20
SUSPICIOUS_SIZE: Final = 32 << 20
MOST_RATIO: Final = 150
MOST_CELLS: Final = 20_000_000
MOST_TEXT: Final = 3 << 30
_BOMB: Final = "The workbook unpacks to far more data than an export has. It was not opened."
_STRAY: Final = "A sheet spreads over more cells than an export has. Delete stray cells, or save it as CSV."
_LONG: Final = "The workbook repeats texts too long for its number of cells. Save it as CSV."
_CHUNK: Final = 1 << 20
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # as the format's standard has it
_OVERLAP: Final = 4096
_SPACES: Final = bytes.maketrans(b"\t\r\n", b"   ")
_TOO_MANY_SPACES: Final = b" " * 2000  # would let a place hide between two blocks
# Where rows and cells say they stand; what does not say it stands after the one before.
_PLACE: Final = re.compile(rb"""\br *= *["']([A-Za-z]{0,8})(\d{1,12})["']""")
_TAG: Final = re.compile(rb"<(?:[\w.-]+:)?(row|c)\b")
_ITEM_END: Final = re.compile(rb"</(?:[\w.-]+:)?si *>")


class _Cost:
    """What one entry of the container would cost its reader."""

    def __init__(self) -> None:
        self.columns = self.rows = self.cells = self.longest_text = 0
        self._unfinished_row = self._unfinished_text = self._row_tags = 0
        self._tail = b""

    def add(self, chunk: bytes) -> None:
        """Look at the next block; what stands across a border is seen twice rather than not at all."""
        data = self._tail + chunk.translate(_SPACES)
        if _TOO_MANY_SPACES in data:
            raise FormatError(BROKEN)
        places = _PLACE.findall(data)
        if places:
            names, numbers = zip(*places, strict=True)
            self.columns = max(self.columns, *map(_column, set(names)))
            self.rows = max(self.rows, *map(int, set(numbers)))
        self._count_tags(b"".join(tag[:1] for tag in _TAG.findall(data)))
        self._measure_texts(_ITEM_END.split(data), len(chunk))
        self._tail = data[-_OVERLAP:]

    def _count_tags(self, tags: bytes) -> None:
        runs = [len(run) for run in tags.split(b"r")]
        runs[0] += self._unfinished_row
        self._unfinished_row = runs[-1]
        self._row_tags += len(runs) - 1
        self.cells += len(tags) - len(runs) + 1
        self.columns = max(self.columns, *runs)
        self.rows = max(self.rows, self._row_tags)

    def _measure_texts(self, items: list[bytes], added: int) -> None:
        if len(items) == 1:
            self._unfinished_text += added
            return
        self.longest_text = max(self.longest_text, self._unfinished_text + len(items[0]), *map(len, items[1:]))
        self._unfinished_text = len(items[-1])


def inspect(file: BinaryIO) -> None:
    """Refuse what must not reach the reader. Raises FormatError."""
    file.seek(0, 2)
    packed = file.tell()
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            _check_kind(entries)
            declared = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ENTRIES or _too_much(declared, packed):
                raise FormatError(_BOMB)
            _unpack(archive, entries, packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OverflowError) as error:
        raise FormatError(BROKEN) from error


def _check_kind(entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename.replace("\\", "/").lstrip("/").lower() for entry in entries}
    if "xl/workbook.bin" in names:
        raise FormatError("This is a binary workbook (.xlsb). Save it as .xlsx or CSV.")
    if "xl/workbook.xml" not in names:
        raise FormatError("This zip file is not an Excel workbook (.xlsx). Upload the files in it one by one.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise FormatError("The workbook is protected by a password. Save it without one.")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise FormatError(BROKEN)


def _too_much(unpacked: int, packed: int) -> bool:
    return unpacked > MOST_UNPACKED or (unpacked > SUSPICIOUS_SIZE and unpacked > packed * MOST_RATIO)


def _unpack(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    total = cells = longest = 0
    for entry in entries:
        cost = _Cost()
        entry.file_size = MOST_UNPACKED + 1  # read to the real end, not to the declared one
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if _too_much(total, packed):
                    raise FormatError(_BOMB)
                cost.add(chunk)
        if cost.columns * cost.rows > MOST_CELLS:
            raise FormatError(_STRAY)
        cells, longest = max(cells, cost.cells), max(longest, cost.longest_text)
    if cells * longest > MOST_TEXT:
        raise FormatError(_LONG)


def _column(name: bytes) -> int:
    number = 0
    for letter in name.upper():
        number = number * 26 + letter - 64
    return number
