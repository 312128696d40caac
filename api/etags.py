"""Who writes says which state of the record they have seen (RFC 9110, section 13)."""

import hashlib
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from api.problems import Refused


def etag_of(data: Any) -> str:
    """A strong entity tag of a representation."""
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the asker has this state already."""
    return _names(request.headers.get("If-None-Match", ""), etag)


def must_match(request: Request, etag: str) -> None:
    """Raise Refused unless the writer has seen this state: 428 when nothing is said, 412 when it has changed since."""
    given = request.headers.get("If-Match", "")
    if not given:
        raise Refused(428, "Say which state you have seen: send its ETag as If-Match, or If-Match: * for any.")
    if not _names(given, etag):
        raise Refused(412, "The record has changed since you read it. Read it again.")


def _names(header: str, etag: str) -> bool:
    return header.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in header.split(","))
