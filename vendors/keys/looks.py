"""Telling a key from words about a key, so that none is ever kept here.

Known beginnings of keys, and long runs of mixed signs such as no name has. A path in a secrets manager has its signs in short
parts between slashes and hyphens, and passes.
"""

import math
import re
from collections import Counter

from ui.refusals import ActionRefused

REFUSAL = "This looks like a key itself. Say only what it is called and where it is kept: the key must never be here."
_KNOWN = re.compile(
    r"""
    -----BEGIN\ [A-Z ]*(PRIVATE\ KEY|CERTIFICATE)
    | \b(sk|pk|rk|whsec)[-_](?=[\w-]*\d)[\w-]{20,}
    | \b(gh[opsur]|github_pat|shpat|npm|hf|lin_api|figd|r8|dop_v1)_(?=\w*\d)\w{16,}
    | \b(glpat|xox[abeoprs]|pypi)-(?=[\w-]*\d)[\w-]{16,}
    | \bSG\.[\w-]{16,}
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


def looks_like_a_key(text: str) -> bool:
    """Whether something in the text is a key rather than a name."""
    if _KNOWN.search(text) or _HEX.search(text):
        return True
    return any(_is_mixed(run) for run in _RUN.findall(text))


def _is_mixed(run: str) -> bool:
    digits = sum(sign.isdigit() for sign in run)
    letters = sum(sign.isalpha() for sign in run)
    return digits >= 3 and letters >= 3 and _entropy(run) >= _MIXED


def _entropy(run: str) -> float:
    counts = Counter(run).values()
    return -sum(one / len(run) * math.log2(one / len(run)) for one in counts)


def refuse_key(field: str, text: str) -> None:
    """Raise ActionRefused at the field when the text holds a key."""
    if looks_like_a_key(text):
        raise ActionRefused(REFUSAL, field=field)
