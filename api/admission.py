"""From a request to a token, before any organization is entered: whose it is, how often it comes, how much it sends."""

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from accounts.counting import count_in_minute, counted_in_minute, later
from accounts.models import Token
from accounts.models.token import MARK, PREFIX_LENGTH
from api.problems import Refused
from audit.actors import current_origin, set_origin
from audit.record import record_failure
from tenancy.models import Organization

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Plumbline"'}
INVALID = {"WWW-Authenticate": 'Bearer realm="Plumbline", error="invalid_token"'}
FAILURES_A_MINUTE = 30
UPLOAD = "multipart/form-data"


def admit(request: HttpRequest) -> Token:
    """The token that the request shows. Notes its use, and its beginning for the trail. Raises Refused."""
    text = _shown(request)
    address = current_origin().ip
    if failures(address) >= FAILURES_A_MINUTE:
        raise Refused(429, "Too many wrong tokens came from this address. Wait a minute.", headers=later())
    token = Token.showing(text)
    if token is None or token.trouble:
        count_in_minute(f"api:failed:{address}")
        _record(token, text)
        raise Refused(401, "This token is not valid.", headers=INVALID)
    if count_in_minute(f"api:used:{token.pk}") > settings.PLUMBLINE_API_RATE:
        raise Refused(429, f"More than {settings.PLUMBLINE_API_RATE} requests in a minute.", headers=later())
    token.note_use()
    set_origin(replace(current_origin(), token=token.prefix))
    return token


def spend(name: str, many: int, most: int, noun: str) -> None:
    """Count `many` more in the minute at hand. Raises Refused, and counts none of them, where that would be more than `most`."""
    if counted_in_minute(f"api:{name}") + many > most:
        raise Refused(429, f"More than {most:,} {noun} in a minute.", headers=later())
    count_in_minute(f"api:{name}", many)


def failures(address: str) -> int:
    """How many wrong tokens came from an address in the minute at hand."""
    return counted_in_minute(f"api:failed:{address}")


def read_body(request: HttpRequest, *, with_files: bool) -> None:
    """Read what was sent before a transaction is open. Raises Refused when it is too large, broken or of the wrong kind."""
    if request.content_type == UPLOAD and not with_files:
        raise Refused(415, "Send a JSON object.")
    try:
        _ = request.FILES if request.content_type == UPLOAD else request.body
    except RequestDataTooBig as error:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20
        raise Refused(413, f"A request has at most {most} MB, its files not counted.") from error
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError) as error:
        raise Refused(400, "The body cannot be read.") from error


def _shown(request: HttpRequest) -> str:
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise Refused(401, "Show a token: Authorization: Bearer plb_...", headers=CHALLENGE)
    return text.strip()


def _record(token: Token | None, text: str) -> None:
    """A failed use is an event: of the organization, or of the installation when nobody knows the token."""
    if token is not None:
        metadata = {"reason": token.trouble, "token": token.prefix}
        record_failure("token.refuse", organization=token.member.organization, actor=None, subject=token, metadata=metadata)
        return
    begins = text[:PREFIX_LENGTH] if text.startswith(MARK) else ""
    metadata = {"reason": "unknown", "token": begins}
    record_failure("token.refuse", organization=Organization.installation(), actor=None, metadata=metadata)
