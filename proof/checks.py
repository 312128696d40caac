"""What is looked at before anything starts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

LEAST = 12  # months


@register(Tags.security)
def check_retention(**_options: Any) -> list[CheckMessage]:
    """No trail is kept for less than a year."""
    if settings.PLUMBLINE_TRAIL_MONTHS >= LEAST:
        return []
    words = f"PLUMBLINE_TRAIL_MONTHS is {settings.PLUMBLINE_TRAIL_MONTHS}: the trail is kept for {LEAST} months at least."
    return [Error(words, hint="docs/proof.md says what is kept for how long.", id="proof.E001")]
