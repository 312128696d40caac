"""`manage.py event_codes`: write docs/events.md, or check that it is what the catalogue says."""

from audit.codebook import PLACE, as_markdown
from tenancy.derived import DerivedFile


class Command(DerivedFile):
    """Keep the page of event codes and the catalogue together."""

    help = "Write docs/events.md from audit/codes.csv."
    place = PLACE
    source = "audit/codes.csv"
    changed = "The event codes have"

    def text(self) -> str:
        """The page."""
        return as_markdown()
