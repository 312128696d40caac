"""Small rules about text: keys, headers, what PostgreSQL can store."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_BRACKETS = re.compile(r"\s*\[[^\[\]]*\]\s*$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[\W_]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRUE = frozenset({"true", "yes", "y", "1", "x", "on", "enabled", "privileged", "admin", "administrator"})
_FALSE = frozenset({"false", "no", "n", "0", "off", "disabled", "none", "standard", "user"})


def email_key(text: str) -> str:
    """Give the form in which e-mail addresses are compared: stripped, NFC, lower case."""
    text = text.strip()
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).lower()


@lru_cache(maxsize=4096)
def header_key(header: str) -> str:
    """Give a header's words for comparing: "Last Sign In [READ ONLY]", "lastSignIn" and "last_sign_in" are one."""
    bare = _BRACKETS.sub("", header.strip()) or header
    return _NOT_WORD.sub(" ", _CAMEL.sub(" ", bare).lower()).strip()


def storable(text: str) -> bool:
    """Tell whether PostgreSQL can store the text: it refuses NUL and lone surrogates."""
    if text.isascii():
        return "\0" not in text
    return "\0" not in text and _SURROGATE.search(text) is None


def printable(text: str, limit: int = 2000) -> str:
    """Give text that can always be stored and shown, cut at limit characters."""
    cut = text[:limit]
    return cut if storable(cut) else _SURROGATE.sub("\ufffd", cut.replace("\0", "\ufffd"))


def yes_or_no(text: str) -> bool | None:
    """Read a yes/no cell; None when it says neither."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None
