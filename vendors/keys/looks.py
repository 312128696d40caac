"""Telling a key from words about a key, so that none is ever kept here.

Known beginnings of keys, and long runs of mixed signs such as no name has. A path in a secrets manager is made of words, whose
signs are of one kind from one slash or hyphen to the next, and passes.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from ui.refusals import ActionRefused

REFUSAL = "This looks like a key itself. Say only what it is called and where it is kept: the key must never be here."
_KNOWN = re.compile(
    r"""
    -----BEGIN\ [A-Z ]*(PRIVATE\ KEY|CERTIFICATE)
    | \b(sk|pk|rk|whsec)[-_](?=[\w-]*\d)[\w-]{20,}
    | \b(gh[opsur]|github_pat|shpat|npm|hf|lin_api|figd|r8|dop_v1)_(?=\w*\d)\w{16,}
    | \b(glpat|xox[abeoprs]|pypi)-(?=[\w-]*\d)[\w-]{16,}
    | \bSG\.[\w-]{16,}
    | \bGOCSPX-[\w-]{20,}
    | \b[\w.~-]{3}\dQ~[\w.~-]{31,}
    | \b(AKIA|ASIA)[A-Z0-9]{12,}
    | \bAIza[\w-]{30,}
    | \beyJ[\w-]{10,}\.[\w-]{10,}
    | \bbearer\s+(?=\S*\d)[\w+/=.-]{16,}
    | ://[^/\s:@]+:[^/\s:@]{6,}@
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RUN = re.compile(r"[A-Za-z0-9+=]{20,}")
_HEX = re.compile(r"(?<![0-9a-f-])[0-9a-f]{32,}(?![0-9a-f-])", re.IGNORECASE)
_MIXED = 3.4  # bits for each sign: above it no word of a language is as long
_TOKEN = re.compile(r"[A-Za-z0-9/+_~.=-]{32,}")  # also with the signs that divide words
_PART = re.compile(r"[A-Za-z0-9]+")
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")  # such as Api, EU or 2026
_SWITCHING = 0.22  # changes of kind within parts, for each sign: words have fewer, what is drawn at random has 0.4
_UUID = re.compile(r"(?<![0-9a-z/-])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z-])", re.IGNORECASE)


def looks_like_a_key(text: str) -> bool:
    """Whether something in the text is a key rather than a name."""
    if _KNOWN.search(text) or _HEX.search(text):
        return True
    return any(_is_mixed(run) for run in _RUN.findall(text)) or any(_is_switching(token) for token in _TOKEN.findall(text))


def is_a_uuid(text: str) -> bool:
    """Whether a UUID stands in it that is no part of a path: many services draw their keys so."""
    return _UUID.search(text) is not None


def _is_mixed(run: str) -> bool:
    digits = sum(sign.isdigit() for sign in run)
    letters = sum(sign.isalpha() for sign in run)
    return digits >= 3 and letters >= 3 and _entropy(run) >= _MIXED


def _is_switching(token: str) -> bool:
    """Whether upper and lower case and digits follow each other as in no words, whatever divides them."""
    if not (any(map(str.isupper, token)) and any(map(str.islower, token)) and any(map(str.isdigit, token))):
        return False
    parts = _PART.findall(token)
    switches = sum(len(_PIECE.findall(part)) for part in parts) - len(parts)
    return switches >= _SWITCHING * sum(map(len, parts))


def _entropy(run: str) -> float:
    counts = Counter(run).values()
    return -sum(one / len(run) * math.log2(one / len(run)) for one in counts)


def refuse_key(field: str, text: str) -> None:
    """Raise ActionRefused at the field when the text holds a key."""
    if looks_like_a_key(text):
        raise ActionRefused(REFUSAL, field=field)


def refuse_keys(facts: Mapping[str, Any]) -> None:
    """Raise ActionRefused at the first field of which a text, or one of several, holds a key."""
    for name, value in facts.items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                refuse_key(name, text)
