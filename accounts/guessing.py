"""Passwords that are guessed from many addresses: counted by account alone, beside what axes counts by account and address.

Once there were too many, everybody waits but for browsers in which somebody has come all the way in to this account before.
They have a cookie that says so, and only their own mistakes count for them: whoever guesses does not lock the owner out.
(OWASP calls these device cookies.) An e-mail that nobody has is counted in the same way, so nothing can be learned from it.
"""

from django.conf import settings
from django.contrib.auth import authenticate
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.counting import count_up
from accounts.models import User
from accounts.people import signed_in

MOST = 50  # wrong passwords for one account within SECONDS, from wherever
SECONDS = 15 * 60
REMEMBERED = 180 * 24 * 60 * 60
_SALT = "accounts.guessing"


def authenticated(request: HttpRequest, email: str, password: str) -> User | None:
    """Whose e-mail and password these are, if they fit together; the one way to ask.

    While the account is guessed at too often nothing is checked, and the answer is that of axes, which its middleware gives.
    """
    known = _is_known(request, email)
    if not known and cache.get(_key(email), 0) >= MOST:
        request.axes_locked_out = True  # type: ignore[attr-defined]
        request.axes_credentials = {"username": email}  # type: ignore[attr-defined]
        return None
    user = authenticate(request, username=email, password=password)
    if isinstance(user, User):
        return user
    if not known:
        count_up(_key(email), SECONDS)
    return None


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell the browser that somebody has come in to their account with it: password and second factor were shown."""
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps(_name(signed_in(request).email), salt=_SALT),
        max_age=REMEMBERED,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_known(request: HttpRequest, email: str) -> bool:
    try:
        said = signing.loads(request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=_SALT, max_age=REMEMBERED)
    except signing.BadSignature:
        return False
    return isinstance(said, str) and constant_time_compare(said, _name(email))


def _name(email: str) -> str:
    """Stands for the account: the cookie and the cache do not say whose it is."""
    return salted_hmac(_SALT, email, algorithm="sha256").hexdigest()


def _key(email: str) -> str:
    return f"guessed:{_name(email)}"
