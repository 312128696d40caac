"""`manage.py openapi`: write docs/openapi.yaml, or check that it is what the code says."""

import difflib
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.schema import PLACE, as_yaml, generate


class Command(BaseCommand):
    """Keep the committed schema and the code together."""

    help = "Write docs/openapi.yaml; with --check say how it differs from the code, and change nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write or compare. Raises CommandError when they differ."""
        text = as_yaml(generate())
        if not options["check"]:
            PLACE.write_text(text)
            return
        known = PLACE.read_text() if PLACE.exists() else ""
        if known != text:
            lines = difflib.unified_diff(known.splitlines(), text.splitlines(), "docs/openapi.yaml", "the code", lineterm="", n=1)
            shown = "\n".join(list(lines)[:60])
            raise CommandError(f"{shown}\n\nThe API has changed: run manage.py openapi and commit docs/openapi.yaml.")
