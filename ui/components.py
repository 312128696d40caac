"""Small things that models and views may hand to a template ready made."""

from dataclasses import dataclass
from typing import Literal

from django.utils.html import format_html
from django.utils.safestring import SafeString

Tone = Literal["ok", "warn", "bad", "info", "muted"]


@dataclass(frozen=True)
class Badge:
    """A state: a word and a dot in a tone, never a colour alone. Its str is the word."""

    label: str
    tone: Tone = "muted"

    def __str__(self) -> str:
        return self.label

    def __html__(self) -> SafeString:
        return format_html('<span class="badge {}">{}</span>', self.tone, self.label)
