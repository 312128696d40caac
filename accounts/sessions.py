"""What a session remembers: since when it exists, and when a second factor was last shown."""

import datetime as dt
import time

from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.models import User
from tenancy.scope import now

LIFETIME = dt.timedelta(hours=8)
_SIGNED_IN_AT, _FACTOR_AT = "signed_in_at", "factor_at"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign in by password: a new session key, and an end eight hours from now that nothing moves."""
    request.session.flush()  # nothing of an earlier session, least of all its shown factor, is carried over
    login(request, user, backend=_BACKEND)
    request.session[_SIGNED_IN_AT] = time.time()
    request.session.set_expiry(now() + LIFETIME)


def note_factor(request: HttpRequest) -> None:
    """Note that the second factor was shown just now."""
    request.session[_FACTOR_AT] = time.time()


def factor_age(request: HttpRequest) -> float | None:
    """Seconds since the second factor was shown in this session, or None."""
    shown = request.session.get(_FACTOR_AT)
    return time.time() - shown if isinstance(shown, int | float) else None


def is_signed_in(session: SessionBase) -> bool:
    """Whether the session belongs to somebody, without loading the user."""
    return SESSION_KEY in session


def is_over(session: SessionBase) -> bool:
    """Whether a signed-in session has reached its eight hours. One that does not say when it began is over."""
    if not is_signed_in(session):
        return False
    began = session.get(_SIGNED_IN_AT)
    return not isinstance(began, int | float) or time.time() - began >= LIFETIME.total_seconds()
