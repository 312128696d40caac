"""How the log is written: a line for people, or JSON for programs; both without secrets."""

import copy
import json
import logging
import time
from datetime import UTC, datetime
from typing import Any

from monitoring.own.context import request_id
from monitoring.own.redaction import redacted
from tenancy.scope import NoTenant, current_scope

_PLAIN = (str, int, float, bool, type(None))
_EXTRA = ("method", "route", "status", "milliseconds", "task")


# What would end a line, or steer a terminal: none of it leaves as it came, so no message can pass for a line of its own.
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_CONTROL |= {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\t", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_INDENT = "    "


class LineFormatter(logging.Formatter):
    """One line for people, at a time in UTC; a traceback follows on lines that are indented."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Without secrets."""
        shown = copy.copy(record)
        shown.msg, shown.args = record.getMessage().translate(_CONTROL), None
        first, *rest = super().format(shown).splitlines() or [""]
        return redacted("\n".join([first, *(_INDENT + line.translate(_CONTROL) for line in rest)]))


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
