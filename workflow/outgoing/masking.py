"""Secrets in the query of an address: left out where the address is shown or recorded, and put back when it is written again."""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

MASK = "…"
_SECRET = re.compile(
    r"(?:^|[-_.])(?:(?:access|api|auth|private)[-_.]?)?(?:key|token|sig|signature|secret|pass|passwd|password|pwd|auth|jwt|code)$"
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_secret(name: str) -> bool:
    """Whether a parameter of this name carries a secret: token, api_key, accessToken, X-Amz-Signature, sig."""
    return _SECRET.search(_CAMEL.sub("_", name).lower()) is not None


def secrets_of(url: str) -> list[str]:
    """The values that are left out."""
    return [value for name, value in parse_qsl(urlsplit(url).query) if is_secret(name) and value != MASK]


def masked(url: str) -> str:
    """The address without the values of its secrets; as it is where it has none."""
    return _each(url, lambda name, value: MASK if value and is_secret(name) else value)


def unmasked(url: str, known: str) -> str:
    """An address in which what was left out is put back from the one that is known, parameter by parameter."""
    values = dict(parse_qsl(urlsplit(known).query))
    return _each(url, lambda name, value: values.get(name, value) if value == MASK and is_secret(name) else value)


def _each(url: str, turn: Callable[[str, str], str]) -> str:
    parts = urlsplit(url)
    query, changed = [], False
    for part in parts.query.split("&"):
        name, sign, written = part.partition("=")
        pairs = parse_qsl(part, keep_blank_values=True)
        value = pairs[0][1] if pairs else ""
        turned = turn(pairs[0][0] if pairs else name, value)
        changed = changed or turned != value
        query.append(f"{name}{sign}{written if turned == value else turned if turned == MASK else quote(turned, safe='')}")
    return urlunsplit(parts._replace(query="&".join(query))) if changed else url
