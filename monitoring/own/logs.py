"""How the log is written: a line for people, or JSON for programs; both without secrets."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from monitoring.own.context import request_id
from monitoring.own.redaction import redacted
from tenancy.scope import NoTenant, current_scope

_PLAIN = (str, int, float, bool, type(None))
_EXTRA = ("method", "route", "status", "milliseconds", "task")


class LineFormatter(logging.Formatter):
    """One line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Without secrets."""
        return redacted(super().format(record))


class JsonFormatter(logging.Formatter):
    """One object a line: time, level, logger, message, and where it belongs."""

    def format(self, record: logging.LogRecord) -> str:
        """Without secrets."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
        }
        told |= {"request_id": request_id()} if request_id() else {}
        told |= {"organization": slug} if (slug := organization_of(record)) else {}
        told |= {name: value for name in _EXTRA if isinstance(value := getattr(record, name, None), _PLAIN) and value is not None}
        if record.exc_info:
            told["exception"] = redacted(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


def organization_of(record: logging.LogRecord) -> str:
    """The organization that a line is about: the one it names, or the active one."""
    named = getattr(record, "organization", "")
    if isinstance(named, str) and named:
        return named
    try:
        return current_scope().organization.slug
    except NoTenant:
        return ""
