"""One look at a target, within its timeout. What goes wrong there is not raised: it is what was found."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from monitoring.checking.judging import DEGRADED, DOWN, HEALTHY, UNKNOWN
from monitoring.models import Kind
from monitoring.probing import http, sockets
from monitoring.probing.target import DETAIL, Found, Target
from workflow.outgoing.errors import OutgoingBlind, OutgoingBusy, OutgoingElsewhere, OutgoingError, OutgoingRefused
from workflow.outgoing.masking import secrets_of

LEAST = 6  # characters of a secret that are left out: fewer say nothing of it
_LOOKS: dict[str, Callable[[Target], Awaitable[Found]]] = {
    Kind.HTTP.value: http.look,
    Kind.TCP.value: sockets.look_tcp,
    Kind.POSTGRESQL.value: sockets.look_postgresql,
    Kind.REDIS.value: sockets.look_redis,
}


async def look(target: Target) -> Found:
    """Look once. Slower than `slow_after` is degraded; no answer in time is down.

    What Plumbline refused, or could not do from here, is unknown.

    Raises OutgoingBusy when there was no room to look: that says nothing of the target.
    """
    began = time.monotonic()
    try:
        async with asyncio.timeout(target.timeout):
            found = await _LOOKS[target.kind](target)
    except TimeoutError:
        found = Found(DOWN, f"No answer within {target.timeout} s.")
    except OutgoingBusy:
        raise
    except OutgoingElsewhere as error:  # it answered, though not with what is looked for
        found = Found(DOWN, error.sentence)
    except (OutgoingRefused, OutgoingBlind) as error:
        return Found(UNKNOWN, error.sentence[:DETAIL])
    except OutgoingError as error:
        found = Found(DOWN, error.sentence)
    taken = round((time.monotonic() - began) * 1000)
    return _timed(target, found, taken)


def _timed(target: Target, found: Found, taken: int) -> Found:
    outcome, detail = found.outcome, found.detail
    if outcome == HEALTHY and target.slow_after is not None and taken > target.slow_after:
        outcome, detail = DEGRADED, f"Slow: {taken:,} ms, more than {target.slow_after:,} ms."
    said = detail.replace("\x00", "")
    for secret in (target.secret, *secrets_of(target.url)):
        said = without(secret, said)
    said = said[:DETAIL]
    return Found(outcome, said, taken, found.value, found.certificate_until)


def without(secret: str, text: str) -> str:
    """What a server says without the secret that it was told, also where it was cut short: some repeat what they do not know."""
    for size in range(len(secret), LEAST - 1, -1):
        text = text.replace(secret[:size], "[left out]")
    return text
