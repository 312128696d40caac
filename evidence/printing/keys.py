"""The key that signs PDFs: P-256, as common readers do not know Ed25519, with its certificate.

`PLUMBLINE_PDF_KEY` is either a private key in PEM or 32 random bytes in base64, of which the key is derived;
`PLUMBLINE_PDF_CERTIFICATE` the PEM of its certificate and of those above it. Without one the certificate is signed by the key
itself, and readers say that they do not know who vouches for it.
"""

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (SEC 2, 2.4.2)
SECRET_BYTES = 32
NAME = "Plumbline reports"
# Of a certificate that the key signs itself: nobody renews it.
_FROM, _UNTIL = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2056, 1, 1, tzinfo=dt.UTC)


class NoPdfKey(RuntimeError):
    """There is no key to sign PDFs with, or its certificate is not of this key."""


@dataclass(frozen=True, slots=True)
class PdfKey:
    """A key with its certificate, and those above that."""

    secret: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate(self) -> x509.Certificate:
        """Its own."""
        return self.chain[0]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate in hex, in pairs with colons, as readers of PDFs show it."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    @property
    def pem(self) -> str:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()


def pdf_key() -> PdfKey:
    """The one that signs. Raises NoPdfKey."""
    return _read(settings.PLUMBLINE_PDF_KEY, settings.PLUMBLINE_PDF_CERTIFICATE)


@cache
def _read(key: str, chain: str) -> PdfKey:
    secret = _secret(key)
    if not chain:
        return PdfKey(secret, (_own_certificate(secret),))
    try:
        found = tuple(x509.load_pem_x509_certificates(chain.encode()))
    except ValueError as error:
        raise NoPdfKey("PLUMBLINE_PDF_CERTIFICATE has no certificate in PEM.") from error
    if found[0].public_key() != secret.public_key():
        raise NoPdfKey("The first certificate of PLUMBLINE_PDF_CERTIFICATE is not that of PLUMBLINE_PDF_KEY.")
    return PdfKey(secret, found)


def _secret(key: str) -> ec.EllipticCurvePrivateKey:
    try:
        if key.startswith("-----BEGIN"):
            found = serialization.load_pem_private_key(key.encode(), password=None)
            if isinstance(found, ec.EllipticCurvePrivateKey) and found.curve.name == CURVE.name:
                return found
            raise NoPdfKey("PLUMBLINE_PDF_KEY is not a key of the curve P-256.")
        secret = base64.b64decode(key, validate=True)
    except ValueError as error:
        raise NoPdfKey("PLUMBLINE_PDF_KEY is neither a private key in PEM nor base64.") from error
    if len(secret) != SECRET_BYTES:
        raise NoPdfKey("PLUMBLINE_PDF_KEY needs 32 bytes in base64, or a private key in PEM.")
    return ec.derive_private_key(int.from_bytes(secret, "big") % (ORDER - 1) + 1, CURVE)


def _own_certificate(secret: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """The same for the same key."""
    public = secret.public_key()
    spoken = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        False,
    )
    builder = x509.CertificateBuilder(
        issuer_name=name, subject_name=name, public_key=public, not_valid_before=_FROM, not_valid_after=_UNTIL,
        serial_number=int.from_bytes(hashlib.sha256(spoken).digest()[:16], "big") >> 1 or 1,
    )  # fmt: skip
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    return builder.sign(secret, hashes.SHA256(), ecdsa_deterministic=True)
