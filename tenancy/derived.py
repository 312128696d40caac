"""Files in the repository that follow from the code: a command writes each, and with --check says how it differs."""

import difflib
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

MOST_LINES = 60  # of a difference that is shown


class DerivedFile(BaseCommand):
    """Base of such a command: names the file, what it follows from and what has changed, and makes the text."""

    place: ClassVar[Path]
    source: ClassVar[str]
    changed: ClassVar[str]

    def text(self) -> str:
        """What the file has to be."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true", help="say how it differs, and change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write or compare. Raises CommandError when they differ."""
        text = self.text()
        if not options["check"]:
            self.place.write_text(text, encoding="utf-8")
            return
        known = self.place.read_text(encoding="utf-8") if self.place.exists() else ""
        if known != text:
            raise CommandError(self._difference(known, text))

    def _difference(self, known: str, text: str) -> str:
        name = self._name()
        lines = difflib.unified_diff(known.splitlines(), text.splitlines(), name, self.source, lineterm="", n=1)
        shown = "\n".join(list(lines)[:MOST_LINES])
        command = type(self).__module__.rpartition(".")[2]
        return f"{shown}\n\n{self.changed} changed: run manage.py {command} and commit {name}."

    def _name(self) -> str:
        inside = self.place.is_relative_to(settings.BASE_DIR)
        return str(self.place.relative_to(settings.BASE_DIR) if inside else self.place)
