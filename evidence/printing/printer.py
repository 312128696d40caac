"""HTML to PDF, in a process of its own with a limit on memory and no access to anything but the HTML.

The process is `evidence.printing.press`. It gets no environment, so no secret, and imports neither Django nor the rest of the
product.
"""

import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS_LIMIT = 300
# The print style of every document; each adds its own after it. A change of the screens changes no document.
STYLE = Path(__file__).with_name("paper.css")
# Characters that no XML may hold: in a review's name they would spoil the PDF's metadata, by which archives know it.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ROOT = Path(__file__).resolve().parent.parent.parent


class PrintingFailed(RuntimeError):
    """The printing process ended without a PDF: its last words, or that it took too long."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file attached inside the PDF."""

    name: str
    description: str
    content: bytes


def make_pdf(html: str, *, made_at: str, enclosures: Sequence[Enclosure] = ()) -> bytes:
    """Print self-contained HTML as PDF/A-3a and PDF/UA-1, and sign it; the same input gives the same bytes.

    `made_at` is ISO 8601 with seconds in UTC, such as 2026-10-30T14:05:00Z. Raises PrintingFailed.
    """
    with tempfile.TemporaryDirectory(prefix="plumbline-print-") as name:
        folder = Path(name)
        (folder / "report.html").write_text(_NO_XML.sub("", html), encoding="utf-8")
        for number, enclosure in enumerate(enclosures):
            (folder / f"enclosure-{number}").write_bytes(enclosure.content)
        order = {"made_at": made_at, "enclosures": [[one.name, one.description] for one in enclosures]}
        (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
        _run(folder)
        from evidence.printing.signing import signed  # noqa: PLC0415 - the web process has no use for pyHanko

        printed = (folder / "report.pdf").read_bytes()
    return signed(printed, at=dt.datetime.fromisoformat(made_at))


def _run(folder: Path) -> None:
    """Start the printing process and wait for it."""
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "evidence.printing.press", str(folder)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, an argument of our own
            command, env=environment, cwd=folder, capture_output=True, timeout=SECONDS_LIMIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise PrintingFailed(f"Printing took longer than {SECONDS_LIMIT} seconds.") from error
    if done.returncode or not (folder / "report.pdf").exists():
        raise PrintingFailed(done.stderr.decode(errors="replace")[-2000:] or f"Printing ended with {done.returncode}.")
