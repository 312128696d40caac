"""Handshakes with an endpoint: what it speaks at best, whether it takes what is old, and whether its chain is valid.

Each connects to an address that the guard of outgoing requests has checked, never to the name again.
"""

import socket
import ssl
import warnings
from contextlib import suppress
from dataclasses import dataclass

from workflow.outgoing.addresses import Allowed, check_address
from workflow.outgoing.client import trusting
from workflow.outgoing.errors import OutgoingFailed

SECONDS = 10.0
_REFUSED_BY_ALERT = (ssl.SSLError, ConnectionResetError, BrokenPipeError)


@dataclass(frozen=True, slots=True)
class Shaken:
    """What an endpoint showed."""

    address: str
    protocol: str  # such as TLSv1.3
    cipher: str
    certificate: bytes  # its own, DER
    accepts_old: bool | None  # TLS 1.1 or older; None where it could not be tried
    trust_error: str  # "" where the chain is valid and names the host


def shake(host: str, port: int, allowed: Allowed, *, trust: ssl.SSLContext | None = None, seconds: float = SECONDS) -> Shaken:
    """Shake hands as often as it takes. Raises OutgoingRefused where it may not be reached, OutgoingFailed where it cannot.

    `trust` knows the authorities to trust, and is made less strict here; without it they are those of every outgoing request.
    """
    failed: OutgoingFailed | None = None
    for address in check_address(host, port, allowed, seconds=seconds):
        try:
            protocol, cipher, certificate = _best(address, host, port, seconds)
        except TimeoutError:
            failed = OutgoingFailed("It did not answer in time.", "time")
        except ssl.SSLError as error:
            failed = OutgoingFailed(f"It does not speak TLS that can be understood: {_words(error)}.", "tls")
        except OSError as error:
            failed = OutgoingFailed(f"It could not be connected to: {error.strerror or 'no answer'}.", "connect")
        else:
            old, wrong = (
                _takes_old(address, host, port, seconds),
                _why_untrusted(address, host, port, seconds, trust or trusting()),
            )
            return Shaken(address, protocol, cipher, certificate, old, wrong)
    raise failed or OutgoingFailed("It has no address.", "name")


def _best(address: str, host: str, port: int, seconds: float) -> tuple[str, str, bytes]:
    """The best that both sides speak; anything is taken here, as it is only looked at."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # else OpenSSL would not say that an endpoint speaks what is old
    with _connected(address, port, seconds) as plain, context.wrap_socket(plain, server_hostname=host) as secure:
        cipher = secure.cipher()
        return secure.version() or "", cipher[0] if cipher else "", secure.getpeercert(binary_form=True) or b""


def _takes_old(address: str, host: str, port: int, seconds: float) -> bool | None:
    """Whether it takes TLS 1.1 or older when nothing newer is offered."""
    if not (ssl.HAS_TLSv1_1 or ssl.HAS_TLSv1):
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # offering what is old is what this is for
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    try:
        with _connected(address, port, seconds) as plain, context.wrap_socket(plain, server_hostname=host):
            return True
    except TimeoutError:
        return None
    except _REFUSED_BY_ALERT:
        return False
    except OSError:
        return None


def _why_untrusted(address: str, host: str, port: int, seconds: float, context: ssl.SSLContext) -> str:
    """Why a browser would not trust it; "" where it would."""
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # how strong it is, is judged apart
    try:
        with _connected(address, port, seconds) as plain, context.wrap_socket(plain, server_hostname=host):
            return ""
    except ssl.SSLCertVerificationError as error:
        return (error.verify_message or "the certificate could not be verified").strip(".")[:300]
    except OSError as error:
        return f"it could not be tried: {_words(error)}"[:300]


def _connected(address: str, port: int, seconds: float) -> socket.socket:
    return socket.create_connection((address, port), timeout=seconds)


def _words(error: OSError) -> str:
    reason = ""
    with suppress(AttributeError):
        reason = str(getattr(error, "reason", "") or error.strerror or "")
    return reason.replace("_", " ").lower()[:120] or type(error).__name__
