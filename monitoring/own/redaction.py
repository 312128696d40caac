"""Secrets do not reach the log: what looks like one is left out, and so are those that the installation itself has."""

import re
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings

GONE = "[left out]"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NAMES = r"authorization|password|passwd|secret|token|api[-_]?key|cookie|session|csrf|otp|kek"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bplb_[\w-]+"), GONE),
    (re.compile(r"\bwhsec_[\w+/=-]+"), GONE),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}"), rf"\1 {GONE}"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{GONE}@"),
    (re.compile(rf"(?i)((?:{_NAMES})[\w-]{{0,40}}[\"']?\s{{0,5}}[=:]\s{{0,5}})(\"[^\"]*\"|'[^']*'|[^\s,;&}}\]]+)"), rf"\1{GONE}"),
    (
        re.compile(rf"(?<=/)(?!{_UUID})[A-Za-z0-9_-]{{22,}}(?=[/?#\s\"']|$)"),
        GONE,
    ),  # such as the key of a call, or of an invitation
)
_LEAST = 8  # characters of a secret that is looked for as such


def redacted(text: str) -> str:
    """The text without secrets."""
    for secret in _own():
        text = text.replace(secret, GONE)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


@cache
def _own() -> tuple[str, ...]:
    """The installation's own secrets, the longest first."""
    database = settings.DATABASES["default"].get("PASSWORD", "")
    owner = (settings.DATABASE_OWNER or {}).get("PASSWORD", "")
    seals = settings.PLUMBLINE_SEAL_KEYS.split(",")
    masters = (settings.PLUMBLINE_KEK, *settings.PLUMBLINE_KEK_OLD)
    named = (settings.SECRET_KEY, *masters, *seals, settings.PLUMBLINE_METRICS_TOKEN, database, owner)
    broker = urlsplit(settings.REDIS_URL).password or ""
    mail = getattr(settings, "EMAIL_HOST_PASSWORD", "")
    found = {str(one) for one in (*named, broker, mail) if one and len(str(one)) >= _LEAST}
    return tuple(sorted(found, key=len, reverse=True))
