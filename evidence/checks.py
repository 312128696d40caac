"""What the last reading of a stored file found, in words."""

from typing import Any

from evidence.models import FileCheck
from ui.components import Badge, Tone

DAMAGED = FileCheck.objects.exclude(result=FileCheck.Result.INTACT).values("file_id")
_TONES: dict[str, Tone] = {"intact": "ok", "altered": "bad", "missing": "bad", "unreadable": "bad"}


def result_badge(result: str | None) -> Badge:
    """Of a result; of none, that the file has not been read again yet."""
    if not result:
        return Badge("Not read again yet", "muted")
    return Badge(str(FileCheck.Result(result).label), _TONES[result])


def check_badge(row: Any) -> Badge:
    """Of a row annotated with `check_result`."""
    return result_badge(row.check_result)
