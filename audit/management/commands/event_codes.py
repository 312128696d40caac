"""`manage.py event_codes`: write docs/events.md, or check that it is what the catalogue says."""

import difflib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.codebook import PLACE, as_markdown


class Command(BaseCommand):
    """Keep the page of event codes and the catalogue together."""

    help = "Write docs/events.md from audit/codes.csv; with --check say how it differs, and change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write or compare. Raises CommandError when they differ."""
        text = as_markdown()
        if not options["check"]:
            PLACE.write_text(text, encoding="utf-8")
            return
        known = PLACE.read_text(encoding="utf-8") if PLACE.exists() else ""
        if known != text:
            lines = difflib.unified_diff(
                known.splitlines(), text.splitlines(), "docs/events.md", "audit/codes.csv", lineterm="", n=0
            )
            shown = "\n".join(list(lines)[:60])
            raise CommandError(f"{shown}\n\nThe event codes have changed: run manage.py event_codes and commit docs/events.md.")
