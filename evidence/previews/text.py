"""The beginning of a text file."""

import codecs
from dataclasses import dataclass

from evidence.files import open_file
from evidence.models import StoredFile

SHOWN = 64 << 10  # bytes
LINES = 400
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, and whether there is more."""

    text: str
    more: bool


def excerpt_of(stored: StoredFile) -> Excerpt:
    """The first lines; the page that shows them escapes them. Raises ActionRefused when the storage does not have the file."""
    with open_file(stored) as file:
        data = file.read(SHOWN)
    lines = _decoded(data).splitlines()
    more = stored.size > len(data) or len(lines) > LINES
    return Excerpt("\n".join(lines[:LINES]), more)


def _decoded(data: bytes) -> str:
    """In the encoding it begins with, else UTF-8, else Latin-1, in which any bytes are text."""
    named = next((encoding for bom, encoding in _BOMS.items() if data.startswith(bom)), "")
    if named:
        return data.decode(named, "replace")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)  # a character may be cut at the end
    except UnicodeDecodeError:
        return data.decode("latin-1")
