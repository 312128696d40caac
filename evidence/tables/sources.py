"""Opening files and finding out how their text is encoded."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from evidence.tables.errors import FormatError

Source: TypeAlias = str | os.PathLike[str] | BinaryIO
BLOCK: Final = 1 << 20
LONGEST_LINE: Final = 4 << 20
MOST_BYTES: Final = 128 << 20
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KNOWN_BINARY: Final = (
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file (.xls) or a workbook with a password. Save it as .xlsx without a password."),
    (b"%PDF", "This is a PDF. Export the list as CSV, XLSX or JSON instead."),
    (b"\x1f\x8b", "This file is compressed (.gz). Unpack it first."),
    (b"7z\xbc\xaf", "This file is compressed (.7z). Unpack it first."),
)
_UNDEFINED_IN_CP1252: Final = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])
_CONTROLS: Final = bytes(c for c in range(1, 32) if c not in b"\t\n\r\x0b\x0c\x1a")


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """Give the source as a binary file at its start; a path is closed at the end, a file object is left open."""
    try:
        if isinstance(source, str | os.PathLike):
            with Path(source).open("rb") as file:
                yield file
        else:
            source.seek(0)
            yield source
    except OSError as error:
        raise FormatError("The file cannot be read from storage.") from error


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """Give the whole file in blocks, from the start. Raises FormatError when it is too large to be an export."""
    file.seek(0)
    total = 0
    while block := file.read(BLOCK):
        total += len(block)
        if total > MOST_BYTES:
            raise FormatError(f"The file is larger than {MOST_BYTES >> 20} MB. Export fewer columns, or split it by system.")
        yield block
    file.seek(0)


def detect_encoding(file: BinaryIO) -> tuple[str, bool, str]:
    """Give (encoding, whether NULs may occur, notice or ""). Raises FormatError for what is not text."""
    file.seek(0)
    start = file.read(4096)
    if not start.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        raise FormatError("The file is empty.")
    for magic, sentence in _KNOWN_BINARY:
        if start.startswith(magic):
            raise FormatError(sentence)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding, encoding != "utf-8-sig" or _scan(file)[1], ""
    encoding = _without_bom(start)
    if encoding:
        return encoding, True, "The file has no byte-order mark; it was read as UTF-16."
    return _eight_bit(file)


def _without_bom(start: bytes) -> str:
    """Recognise UTF-16 by its zero bytes, which stand in one half of the positions; refuse other binary data."""
    zeros = start.count(0)
    if zeros * 10 >= len(start) * 3:
        if start[1::2].count(0) * 10 >= zeros * 9:
            return "utf-16-le"
        if start[0::2].count(0) * 10 >= zeros * 9:
            return "utf-16-be"
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if (zeros + controls) * 10 > len(start):
        raise FormatError("The file is not text. Export the list as CSV, XLSX or JSON.")
    return ""


def _eight_bit(file: BinaryIO) -> tuple[str, bool, str]:
    is_utf8, has_nul, has_undefined = _scan(file)
    if is_utf8:
        return "utf-8", has_nul, ""
    encoding, name = ("latin-1", "Latin-1") if has_undefined else ("cp1252", "Windows-1252 (Western European)")
    return encoding, has_nul, f"The file is not UTF-8; it was read as {name}. Check the names with accents."


def _scan(file: BinaryIO) -> tuple[bool, bool, bool]:
    """Read the whole file once: (is valid UTF-8, has NULs, has bytes that Windows-1252 does not define)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, has_nul, has_undefined, line = True, False, False, 0
    for block in blocks(file):
        line = _line_length(block, line)
        has_nul = has_nul or b"\0" in block
        if is_utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
        has_undefined = has_undefined or len(block.translate(None, _UNDEFINED_IN_CP1252)) != len(block)
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    return is_utf8, has_nul, has_undefined


def _line_length(block: bytes, before: int) -> int:
    """Give the length of the unfinished line after this block. Raises FormatError when it is no line of a table."""
    first = min((at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0), default=len(block))
    if before + first > LONGEST_LINE:
        raise FormatError("The file has a line of more than four million characters; it is not a table.")
    last = max(block.rfind(b"\n"), block.rfind(b"\r"))
    return before + len(block) if last < 0 else len(block) - last
