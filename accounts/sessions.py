"""What a session remembers: since when it exists, where it was last used, and when a second factor was last shown."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import Session, User
from accounts.models.session import IDLE_MINUTES, SessionStore
from accounts.origins import origin_of
from tenancy.scope import now
from ui.browsers import browser_of

LIFETIME = dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
NOTE_USE_SECONDS = 60
CLOCKS_SECONDS = 60  # by which the clocks of two servers may differ
UNATTENDED = "X-Unattended"  # a page that asks by itself says so (ui/static/ui/feedback.js); nobody is there for that
_SIGNED_IN_AT, _FACTOR_AT, _USED = "signed_in_at", "factor_at", "used"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign in by password or a provider: a new session key, and an end eight hours from now that nothing moves."""
    request.session.flush()  # nothing of an earlier session, least of all its shown factor, is carried over
    login(request, user, backend=_BACKEND)
    request.session[_SIGNED_IN_AT] = time.time()
    request.session.set_expiry(now() + LIFETIME)
    note_use(request)


def note_use(request: HttpRequest) -> None:
    """Note when, where and with what somebody uses the session, once in a minute; what a page asks by itself is no use."""
    used = request.session.get(_USED, {"at": 0})
    if time.time() - used["at"] >= NOTE_USE_SECONDS and UNATTENDED not in request.headers:
        origin = origin_of(request)
        request.session[_USED] = {"at": time.time(), "ip": origin.ip, "agent": origin.user_agent}


def note_factor(request: HttpRequest) -> None:
    """Note that the second factor was shown just now. The session gets a new key: the old one opens nothing any more."""
    request.session.cycle_key()
    request.session[_FACTOR_AT] = time.time()
    request.factor_noted = True  # type: ignore[attr-defined] # the answer tells the browser that it is known


def factor_age(request: HttpRequest) -> float | None:
    """Seconds since the second factor was shown in this session, or None."""
    shown = request.session.get(_FACTOR_AT)
    return time.time() - shown if isinstance(shown, int | float) else None


def is_signed_in(session: SessionBase) -> bool:
    """Whether the session belongs to somebody, without loading the user."""
    return SESSION_KEY in session


def is_over(session: SessionBase) -> bool:
    """Whether a signed-in session has reached its eight hours. One that does not say when it began is over."""
    return is_signed_in(session) and _is_past(session)


def is_idle(session: SessionStore) -> bool:
    """Whether a signed-in session was not used for as long as the strictest of the person's organizations allows.

    It ends as a whole: one cookie opens all of them, and whoever finds the browser open would be in each.
    """
    return is_signed_in(session) and _is_unused(session, session.idle_minutes)


def _is_unused(held: SessionBase | Mapping[str, Any], minutes: int) -> bool:
    used = held.get(_USED, {}).get("at", held.get(_SIGNED_IN_AT, 0))
    return not _is_within(used, minutes * 60)


def _is_past(held: SessionBase | Mapping[str, Any]) -> bool:
    began = held.get(_SIGNED_IN_AT)
    return not isinstance(began, int | float) or not _is_within(began, LIFETIME.total_seconds())


def _is_within(began: float, seconds: float) -> bool:
    """Whether less has passed since then. A time that has not come, as the clock was set back, is not known to be recent."""
    return -CLOCKS_SECONDS <= time.time() - began < seconds


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's sessions as they see it. `used_at` may lag by a minute."""

    key: str
    is_current: bool
    began_at: dt.datetime
    used_at: dt.datetime
    ip: str
    browser: str
    is_verified: bool

    @classmethod
    def read(cls, row: Session, held: Mapping[str, Any], *, current: str | None) -> Self:
        """What a stored session says of itself."""
        used = held.get(_USED, {})
        began = held[_SIGNED_IN_AT]
        return cls(
            row.session_key,
            row.session_key == current,
            dt.datetime.fromtimestamp(began, dt.UTC),
            dt.datetime.fromtimestamp(used.get("at", began), dt.UTC),
            used.get("ip", ""),
            browser_of(used.get("agent", "")),
            _FACTOR_AT in held,
        )

    @property
    def name(self) -> str:
        """Names it on the page, which must not show the key: whoever has that is in."""
        return salted_hmac("accounts.session.name", self.key, algorithm="sha256").hexdigest()[:16]


def open_sessions(user: User, *, current: str | None = None) -> list[OpenSession]:
    """The sessions with which somebody is signed in as the user, the present one first, then the last used."""
    valid, found = user.get_session_auth_hash(), []
    for row in Session.with_limit().filter(user=user):
        held = row.get_decoded()
        is_open = not _is_past(held) and not _is_unused(held, row.idle_minutes or IDLE_MINUTES)
        if is_open and constant_time_compare(held.get(HASH_SESSION_KEY, ""), valid):
            found.append(OpenSession.read(row, held, current=current))
    return sorted(found, key=lambda one: (not one.is_current, -one.used_at.timestamp()))


def clear_sessions() -> None:
    """Forget the sessions whose time is over."""
    SessionStore.clear_expired()
