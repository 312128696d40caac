"""A line of the log for each event, so that whatever collects the logs has them outside of the database too.

It says who did what to which record, from where and with what result, by ids: what was changed is in the trail alone, which
only members read whose role allows it. Lines are written after the commit: none tells of what did not happen.
"""

import json
import logging
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

log = logging.getLogger("plumbline.trail")


def forward(bodies: Iterable[str]) -> None:
    """Write a line for each of these events once they are committed, where the operator wants them."""
    if settings.PLUMBLINE_LOG_EVENTS:
        transaction.on_commit(partial(_write, list(bodies)), robust=True)


def _write(bodies: list[str]) -> None:
    for body in bodies:
        log.info(json.dumps(_line(json.loads(body)), separators=(",", ":")))


def _line(body: dict[str, Any]) -> dict[str, Any]:
    who, about = body["actor"], body["object"]
    told = {name: body[name] for name in ("id", "organization", "at", "verb", "result")}
    return told | {"actor": who["id"], "ip": who["ip"], "kind": about["kind"], "object": about["id"]}
