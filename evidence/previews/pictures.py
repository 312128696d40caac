"""Pictures of stored files, drawn by a confined process and kept for a while."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from evidence.files import open_file
from evidence.models import StoredFile
from evidence.previews.keeping import keep, kept

DRAWING = Path(__file__).with_name("drawing.py")
LARGEST = 64 << 20  # bytes of a file that is drawn
PATIENCE = 15  # seconds
KEPT = 3600  # seconds
MOST_KEPT = 4 << 20  # bytes of a picture
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"})
UNDRAWABLE = b""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a PNG, and how many pages the file has."""

    pages: int
    png: bytes


def kind_of(stored: StoredFile) -> str:
    """How a file is previewed: image, pdf or text; empty when it is not."""
    if stored.content_type in IMAGES:
        return "image"
    if stored.content_type == "application/pdf":
        return "pdf"
    return "text" if stored.content_type in {"text/plain", "application/json"} else ""


def picture_of(stored: StoredFile, page: int) -> Picture | None:
    """A page of an image or a PDF; None when it cannot be drawn. Raises ActionRefused when the storage does not have it."""
    kind = kind_of(stored)
    if kind not in {"image", "pdf"} or stored.size > LARGEST:
        return None
    name = f"{stored.sha256}:{page}"
    drawn = kept(name)
    if drawn is None:
        drawn = _draw(stored, kind, page)
        if len(drawn) <= MOST_KEPT:
            keep(name, drawn, KEPT)
    if drawn == UNDRAWABLE:
        return None
    head, _, png = drawn.partition(b"\n")
    return Picture(int(json.loads(head)["pages"]), png)


def _draw(stored: StoredFile, kind: str, page: int) -> bytes:
    """What the process wrote; UNDRAWABLE when it failed or took too long."""
    with open_file(stored) as file:
        data = file.read(LARGEST + 1)
    command = [sys.executable, "-I", str(DRAWING), kind, str(page)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False, env={})  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return UNDRAWABLE
    return done.stdout if done.returncode == 0 else UNDRAWABLE
