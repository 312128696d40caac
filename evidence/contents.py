"""What kind of file some bytes are, found from the bytes alone."""

import codecs

import filetype

HEAD = 8192
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\x0b\x0c\x1b")


def content_type(head: bytes) -> str:
    """The media type of a file that begins with `head` (up to HEAD bytes). Never a type that a browser would run."""
    found = filetype.guess(head)
    if found is not None:
        return str(found.mime)
    if not _is_text(head):
        return "application/octet-stream"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return "application/json" if start in {b"{", b"["} else "text/plain"


def is_utf8(content: bytes) -> bool:
    """Whether a whole text is in UTF-8."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_text(head: bytes) -> bool:
    if head.startswith(_BOMS):
        return True
    return len(head) == len(head.translate(None, _CONTROLS))
