"""What a handshake comes to: TLS below 1.2 fails, 1.3 is preferred, and a certificate must hold for a while."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.x509.oid import ExtensionOID

from vulnerabilities.endpoints.handshake import Shaken
from vulnerabilities.models.vulnerability import Severity
from vulnerabilities.reading.json_values import text
from vulnerabilities.reading.report import Found, Report

NAME = "Plumbline TLS check"
OLD = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1")
NEWEST = "TLSv1.3"
URGENT = dt.timedelta(days=7)
_WEAK_HASHES = ("md5", "sha1")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is written in a certificate."""

    subject: str
    names: list[str]
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    serial: str
    key: str
    is_weak: bool
    sha256: str


_ODD = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, UnsupportedAlgorithm)


def certificate_of(der: bytes) -> Certificate:
    """Read one, whoever wrote it. Raises ValueError for what is none, or cannot be understood."""
    try:
        return _read(der)
    except _ODD as error:
        raise ValueError(str(error)) from error


def _read(der: bytes) -> Certificate:
    found = x509.load_der_x509_certificate(der)
    key, weak = _key(found.public_key())
    signed = found.signature_hash_algorithm
    return Certificate(
        subject=text(found.subject.rfc4514_string(), 500) or "no name",
        names=_names(found),
        issuer=text(found.issuer.rfc4514_string(), 500),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        serial=f"{found.serial_number:x}"[:60],
        key=key,
        is_weak=weak or (signed is not None and signed.name in _WEAK_HASHES),
        sha256=found.fingerprint(hashes.SHA256()).hex(),
    )


def _names(found: x509.Certificate) -> list[str]:
    try:
        extension: Any = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(one) for one in extension.get_values_for_type(x509.IPAddress)]
    return [text(name, 255) for name in [*extension.get_values_for_type(x509.DNSName), *addresses]][:200]


def _key(key: object) -> tuple[str, bool]:
    """The key in words, and whether it is too short by NIST SP 800-131A (RSA 2048, curves of 224 bits)."""
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size} bits", key.key_size < 2048
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"{key.curve.name}, {key.key_size} bits", key.key_size < 224
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size} bits", True
    known = isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey)
    return (type(key).__name__.removesuffix("PublicKey")[:40], not known)


def judged(endpoint: str, shaken: Shaken, certificate: Certificate, *, at: dt.datetime, days: int) -> list[Found]:
    """What is wrong with an endpoint; `days` is how long a certificate must still be valid."""
    wrong = [*_of_protocol(shaken), *_of_validity(shaken, certificate, at, days)]
    if certificate.is_weak:
        wrong.append(
            _found("CERTIFICATE-WEAK", f"The certificate is weak: {certificate.key}", Severity.MEDIUM, "key or signature")
        )
    for one in wrong:
        one.location = endpoint
    return wrong


def _found(name: str, title: str, severity: Severity, told: str) -> Found:
    return Found([name], title, severity, told)


def _of_protocol(shaken: Shaken) -> Iterator[Found]:
    if shaken.protocol in OLD:
        yield _found("TLS-OLD", f"It speaks {shaken.protocol} at best", Severity.HIGH, "below TLS 1.2")
    elif shaken.accepts_old:
        yield _found("TLS-OLD-ACCEPTED", "It accepts TLS 1.1 or older", Severity.HIGH, "below TLS 1.2")
    if shaken.protocol not in (NEWEST, *OLD):
        yield _found("TLS-NO-1.3", "It does not speak TLS 1.3", Severity.LOW, "TLS 1.3 is preferred")


def _of_validity(shaken: Shaken, certificate: Certificate, at: dt.datetime, days: int) -> Iterator[Found]:
    left, until = certificate.not_after - at, f"{certificate.not_after:%Y-%m-%d}"
    if left <= dt.timedelta(0):
        yield _found("CERTIFICATE-NOT-VALID", f"The certificate ended on {until}", Severity.HIGH, "not valid")
        return
    if certificate.not_before > at:
        begins = f"{certificate.not_before:%Y-%m-%d}"
        yield _found("CERTIFICATE-NOT-VALID", f"The certificate begins only on {begins}", Severity.HIGH, "not valid")
        return
    if shaken.trust_error:
        yield _found("CERTIFICATE-UNTRUSTED", "The certificate is not trusted", Severity.HIGH, shaken.trust_error[:120])
    if left <= dt.timedelta(days=days):
        severity = Severity.HIGH if left <= URGENT else Severity.MEDIUM
        yield _found("CERTIFICATE-ENDS", f"The certificate ends on {until}", severity, f"{left.days} days left")


def report_of(endpoint: str, at: dt.datetime, version: str) -> Report:
    """An empty report of a check."""
    return Report(tool_name=NAME, tool_version=version[:60], ran_at=at, target=endpoint, checked=None)


def written(endpoint: str, at: dt.datetime, shaken: Shaken | None, facts: dict[str, Any], error: str) -> bytes:
    """What a check saw, as it is kept as evidence."""
    said: dict[str, Any] = {"endpoint": endpoint, "checked_at": at.isoformat(), "error": error or None}
    if shaken is not None:
        said |= {"certificate_der": shaken.certificate.hex(), **facts}
    return json.dumps(said, indent=2, sort_keys=True, default=str).encode()
