"""Passwords that are known from breaches, looked up in a file of the operator's own: nobody else is told of them.

The file is that of Have I Been Pwned, ordered by hash: lines of SHA-1, a colon and a count.
"""

import hashlib
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError

DIGITS = 40


class BreachedValidator:
    """For AUTH_PASSWORD_VALIDATORS: refuses what stands in PLUMBLINE_BREACHED_PASSWORDS, if there is such a file."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password is known. Raises OSError for a file that cannot be read: nothing passes."""
        if settings.PLUMBLINE_BREACHED_PASSWORDS and is_listed(Path(settings.PLUMBLINE_BREACHED_PASSWORDS), password):
            raise ValidationError(
                "This password became known in a breach somewhere, and is tried first. Use another one.", code="password_breached"
            )

    def get_help_text(self) -> str:
        """What is refused."""
        return "It may not be known from a breach."


def is_listed(path: Path, password: str) -> bool:
    """Whether a file in the order of its hashes has this password's: by halving, so some 36 looks for 40 GB."""
    # What the list is made of: it names passwords, and secures none.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    low, high = 0, path.stat().st_size
    with path.open("rb") as file:
        while low < high:
            middle = (low + high) // 2
            found = _line_from(file, middle)
            if found and found < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_from(file, low) == wanted


def _line_from(file: BinaryIO, place: int) -> bytes:
    """The hash of the first line that begins at a place or after it; empty at the end."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline()
    return file.readline()[:DIGITS].upper()
