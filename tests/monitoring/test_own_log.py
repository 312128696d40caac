"""The log for people: one line for each message, at a time that says its zone."""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings

from monitoring.own.logs import JsonFormatter, LineFormatter

LOGGING: Any = settings.LOGGING
FORMAT = LOGGING["formatters"]["line"]["format"]
FORGED = "2026-11-23T10:00:00.000Z INFO plumbline.request GET home:work 200 in 1 ms"


def line(message: str, *args: object, **more: object) -> str:
    record = logging.LogRecord("plumbline", logging.INFO, __file__, 1, message, args, None)
    vars(record).update(more)
    return LineFormatter(FORMAT).format(record)


@pytest.mark.parametrize(
    "ends", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\x00", "\x1b[2K\x1b[1A"]
)
@pytest.mark.parametrize("by_argument", [True, False])
def test_no_message_passes_for_a_line_of_its_own(ends: str, by_argument: bool):
    text = f"name{ends}{FORGED}"
    written = line("refused %s", text) if by_argument else line(text)
    assert len(written.splitlines()) == 1
    assert written.isprintable()
    assert FORGED in written


def test_words_of_every_script_stay_as_they_are():
    assert line("Zoë\tπ 東京 🙂 %s", "\\n").endswith("Zoë\tπ 東京 🙂 \\n")


def test_a_traceback_follows_on_lines_that_are_indented():
    try:
        int(f"bad\n{FORGED}\u2028{FORGED}")
    except ValueError:
        written = line("fault", exc_info=sys.exc_info())
    first, *rest = written.splitlines()
    assert first.endswith("fault")
    assert any("ValueError: invalid literal" in one for one in rest)
    assert all(one.startswith("    ") for one in rest)


def test_times_are_in_utc_and_say_so_in_either_form():
    moment = datetime(2026, 3, 29, 1, 30, 15, 250_000, UTC)
    assert line("x", created=moment.timestamp(), msecs=250.0).startswith("2026-03-29T01:30:15.250Z INFO plumbline x")
    record = logging.LogRecord("plumbline", logging.INFO, __file__, 1, "x", (), None)
    record.created = moment.timestamp()
    assert '"time": "2026-03-29T01:30:15.250+00:00"' in JsonFormatter().format(record)


def test_events_of_the_trail_say_their_zone(acme, in_acme):
    from accounts.actions import add_member
    from accounts.models import User
    from audit.actors import System
    from audit.models import AuditEvent

    add_member(User.objects.create_user(email="z@acme.example", name="Zed"), roles=["viewer"], actor=System("test"))
    body = AuditEvent.objects.latest("at").body
    assert re.search(r'"at":\s*"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|\+00:00)"', body)
