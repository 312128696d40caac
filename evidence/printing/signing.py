"""Signatures in PDFs (PAdES B-B): whoever has a report can see that it is as this installation printed it.

They are deterministic (RFC 6979) and bear the time of the document's data: the same document is signed with the same bytes. This
module loads pyHanko; whoever prints seldom imports it late.
"""

import datetime as dt
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor

from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.generic import ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import Signer
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from evidence.printing.keys import NAME, PdfKey, pdf_key

FIELD = "Plumbline"
_ALGORITHM = "sha256"
_RESERVED = 8192  # bytes for the signature with its certificates


def signed(pdf: bytes, *, at: dt.datetime) -> bytes:
    """The PDF with a signature as of a moment, added behind it: what was printed stays as it was, byte for byte."""
    key = pdf_key()
    with ThreadPoolExecutor(1) as own:  # pyHanko runs an event loop: one that is there already is left alone
        return own.submit(_sign, pdf, key, at).result()


def _sign(pdf: bytes, key: PdfKey, at: dt.datetime) -> bytes:
    writer = _Behind(io.BytesIO(pdf))
    writer.tell_apart(pdf)
    about = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm=_ALGORITHM, subfilter=SigSeedSubFilter.PADES, reason="As printed by Plumbline", name=NAME
    )
    sink = io.BytesIO()
    signer = _DatedSigner(about, signer=_Signer(key), new_field_spec=SigFieldSpec(FIELD))
    signer.at = at
    signer.sign_pdf(writer, output=sink, bytes_reserved=_RESERVED)
    return sink.getvalue()


class _Behind(IncrementalPdfFileWriter):
    """Adds to a document and leaves what it says of itself (who made it, by which standards) as it is."""

    def tell_apart(self, pdf: bytes) -> None:
        """Give it the second half of its id, random otherwise."""
        self._document_id[1] = ByteStringObject(hashlib.sha256(pdf).digest()[:16])

    def _update_meta(self) -> None:
        pass


class _DatedSigner(PdfSigner):
    """Signs as of a moment that is given."""

    at: dt.datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:  # noqa: FBT001, FBT002 - pyHanko's
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _Signer(Signer):
    """Signs the same with the same bytes."""

    def __init__(self, key: PdfKey) -> None:
        own, *above = (Asn1Certificate.load(one.public_bytes(serialization.Encoding.DER)) for one in key.chain)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([own, *above])
        super().__init__(signing_cert=own, cert_registry=store)
        self._secret = key.secret

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - pyHanko's
        if digest_algorithm != _ALGORITHM:
            raise ValueError(digest_algorithm)
        return self._secret.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
