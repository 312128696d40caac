"""Whether stored bytes are still the same, read again for a page that shows them."""

from collections.abc import Mapping

from evidence.files import verify
from evidence.models import StoredFile
from ui.components import Badge

AT_ONCE = 16 << 20  # bytes that a page reads while somebody waits for it
ASKED = "reread"  # the parameter of an address that asks for larger files too


def intact(stored: StoredFile, query: Mapping[str, str]) -> bool | None:
    """Whether the bytes have the hash of the day they were kept; None while nobody asked for a large file to be read."""
    return verify(stored) if stored.size <= AT_ONCE or ASKED in query else None


def badge(unchanged: bool) -> Badge:  # noqa: FBT001 - what the badge says
    """The answer in a few words."""
    return Badge("Verified just now", "ok") if unchanged else Badge("Does not match its hash", "bad")
