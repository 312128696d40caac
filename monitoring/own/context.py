"""What a line of the log belongs to: a request or a task."""

import re
import uuid
from contextvars import ContextVar
from typing import Any

from celery.signals import task_postrun, task_prerun

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id() -> str:
    """The id of the request or task in hand; empty outside of one."""
    return _current.get()


def set_request_id(text: str) -> None:
    """Note it."""
    _current.set(text)


def id_of(given: str) -> str:
    """The id that came along, if it is one; else a new one."""
    return given if _GIVEN.fullmatch(given) else uuid.uuid4().hex


def begin_task(task_id: str = "", **_: Any) -> None:
    """Lines of a task carry its id."""
    set_request_id(task_id)


def end_task(**_: Any) -> None:
    """It is over."""
    set_request_id("")


def follow_tasks() -> None:
    """Note which task is in hand, from now on."""
    task_prerun.connect(begin_task)
    task_postrun.connect(end_task)
