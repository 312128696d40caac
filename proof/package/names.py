"""Names of files in a package: readable, the same everywhere, and nothing that a file system or a manifest reads otherwise."""

import re
import unicodedata

from evidence.models import Evidence, StoredFile

LONGEST = 80
# What a file is to an auditor, by what it was found to be; all else are logs and exports.
_REPORTS = ("application/pdf", "application/msword", "application/vnd.openxmlformats-officedocument.wordprocessingml")
_RUNS = frozenset(
    [
        "htm",
        "html",
        "xhtml",
        "shtml",
        "mht",
        "mhtml",
        "svg",
        "xml",
        "js",
        "mjs",
        "vbs",
        "wsf",
        "hta",
        "bat",
        "cmd",
        "com",
        "exe",
        "msi",
        "ps1",
        "scr",
        "lnk",
        "url",
        "reg",
        "jar",
        "sh",
        "command",
        "app",
    ]
)
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")
_TAKEN = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # of Windows


def plain(text: str, otherwise: str = "unnamed") -> str:
    """A part of a path in ASCII: letters without marks, digits, dots, hyphens and underscores."""
    bare = text if text.isascii() else unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = _STRANGE.sub("-", bare).strip("-. ")[:LONGEST].strip("-. ")
    return f"_{name}" if _TAKEN.match(name) else name or otherwise


def kind_of(file: StoredFile, category: str) -> str:
    """The folder that a file of evidence belongs to: policies, screenshots, reports or logs."""
    if category == Evidence.Category.POLICY:
        return "policies"
    if file.content_type.startswith("image/"):
        return "screenshots"
    return "reports" if file.content_type.startswith(_REPORTS) else "logs"


def file_name(reference: str, name: str) -> str:
    """A stored file under its number: `EV-2026-0007-export.csv`; the end of its name stays, however long it is.

    What would run when somebody clicks on it ends on .txt: whoever opens a package shall read, and run nothing.
    """
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 8:
        stem, ending = name, ""
    short = plain(stem, "file")[: LONGEST - len(ending) - 1]
    last = plain(ending)
    whole = f"{plain(reference)}-{short}.{last}" if ending else f"{plain(reference)}-{short}"
    return f"{whole}.txt" if last.lower() in _RUNS else whole
