"""A look over HTTP or HTTPS: status, text, and of TLS the version and how long the certificate lasts."""

import datetime as dt

from cryptography import x509

from monitoring.checking.judging import DEGRADED, DOWN, HEALTHY
from monitoring.probing.target import Found, Target
from tenancy.scope import now
from workflow.outgoing.client import Fetched, fetch_async

MOST = 256 * 1024  # bytes of an answer in which the text is looked for
VERSIONS = ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")


async def look(target: Target) -> Found:
    """Ask once. Raises OutgoingError and TimeoutError."""
    headers = {target.header: target.secret} if target.header and target.secret else {}
    most = MOST if target.expected_text else 1024
    answer = await fetch_async(target.url, allowed=target.allowed, headers=headers, seconds=float(target.timeout), max_bytes=most)
    until = _lasts(answer)
    if trouble := _wrong(target, answer):
        return Found(DOWN, trouble, certificate_until=until)
    if trouble := _doubtful(target, answer, until):
        return Found(DEGRADED, trouble, certificate_until=until)
    return Found(HEALTHY, certificate_until=until)


def _wrong(target: Target, answer: Fetched) -> str:
    """What is not as it should be; empty when all is."""
    expected = target.expected_statuses
    if not (answer.status in expected if expected else 200 <= answer.status < 400):
        return f"Status {answer.status}" + (f", not {_list(expected)}." if expected else ".")
    if target.expected_text and target.expected_text not in answer.text:
        return f"The answer does not contain {target.expected_text!r}."
    if target.tls_at_least and answer.tls_version and _rank(answer.tls_version) < _rank(target.tls_at_least):
        return f"It speaks {answer.tls_version}, older than {target.tls_at_least}."
    return ""


def _doubtful(target: Target, answer: Fetched, until: dt.datetime | None) -> str:
    if target.certificate_days is None or not answer.certificate:
        return ""
    if until is None:
        return "The certificate could not be read."
    days = (until - now()).days
    return f"The certificate ends in {days} days, on {until:%Y-%m-%d}." if days < target.certificate_days else ""


def _lasts(answer: Fetched) -> dt.datetime | None:
    """Until when the server's certificate is valid."""
    if not answer.certificate:
        return None
    try:
        return x509.load_der_x509_certificate(answer.certificate).not_valid_after_utc
    except (ValueError, x509.InvalidVersion):
        return None


def _rank(version: str) -> int:
    return VERSIONS.index(version) if version in VERSIONS else len(VERSIONS)


def _list(numbers: tuple[int, ...]) -> str:
    return " or ".join(str(number) for number in numbers)
