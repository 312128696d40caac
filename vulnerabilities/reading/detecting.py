"""Which tool wrote a file, and what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evidence.tables.errors import FormatError
from vulnerabilities.models.scope import Tool
from vulnerabilities.reading import grype, npm, osv, pip, sarif, storage, trivy
from vulnerabilities.reading.json_values import MOST_FOUND, document
from vulnerabilities.reading.report import Report


@dataclass(frozen=True, slots=True)
class _Format:
    looks_like: Callable[[Any], bool]
    read: Callable[[Any], Report]


# Asked in this order: the first that knows a file's shape reads it.
_FORMATS = {
    Tool.SARIF: _Format(sarif.looks_like, sarif.read),
    Tool.TRIVY: _Format(trivy.looks_like, trivy.read),
    Tool.GRYPE: _Format(grype.looks_like, grype.read),
    Tool.NPM_AUDIT: _Format(npm.looks_like, npm.read),
    Tool.PIP_AUDIT: _Format(pip.looks_like, pip.read),
    Tool.OSV_SCANNER: _Format(osv.looks_like, osv.read),
}
FILES = tuple(_FORMATS)


def read(content: bytes, tool: str) -> Report:
    """The scan in a file of a tool. Raises FormatError, with the tool that seems to have written it where there is one."""
    report = storage.read(content) if tool == Tool.STORAGE else _of_scanner(content, tool)
    if len(report.found) > MOST_FOUND:
        raise FormatError(f"It names {len(report.found):,} vulnerabilities; {MOST_FOUND:,} are read at most: scan fewer things.")
    return report


def _of_scanner(content: bytes, tool: str) -> Report:
    data = document(content)
    wrote = next((one for one, known in _FORMATS.items() if known.looks_like(data)), None)
    if wrote is None:
        raise FormatError(f"This is JSON, but not what {Tool(tool).label} writes.")
    if wrote != tool:
        raise FormatError(f"{wrote.label} wrote this file; this scope is scanned with {Tool(tool).label}.")
    return _FORMATS[wrote].read(data)
