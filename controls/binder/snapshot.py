"""The file of a frozen description: canonical JSON, so that the same facts give the same bytes."""

import hashlib
import json
from typing import Any

from audit.record import canonical
from controls.models import SystemDescription
from evidence.files import open_file
from ui.refusals import ActionRefused

FORMAT = "plumbline.system-description/1"
ALTERED = "The file of {} does not match the hash under which it was kept. Tell your administrator: it is not shown."


def to_json(data: dict[str, Any]) -> bytes:
    """The bytes that are kept."""
    return (canonical({**data, "format": FORMAT}) + "\n").encode()


def from_json(content: bytes) -> dict[str, Any]:
    """Read back what `to_json` wrote. Raises ValueError for another format."""
    data: dict[str, Any] = json.loads(content)
    if data.get("format") != FORMAT:
        raise ValueError("This is no system description of a format that is known.")
    return data


def content_of(description: SystemDescription) -> dict[str, Any]:
    """What was frozen. Load it with its file. Raises ActionRefused when the file is missing or altered."""
    with open_file(description.file) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != description.file.sha256:
        raise ActionRefused(ALTERED.format(description.reference))
    return from_json(content)
