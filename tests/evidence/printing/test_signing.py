"""PDFs are signed: readers find them valid, openssl too, and whatever is changed is seen."""

import base64
import datetime as dt
import io
import re
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.checks import run_checks

from evidence.printing.keys import NoPdfKey, pdf_key
from evidence.printing.printer import Enclosure, make_pdf
from evidence.printing.signing import signed

AT = "2026-10-30T14:05:00Z"
HTML = "<html lang=en><title>A report</title><h1>A report</h1><p>All is well.</p></html>"


@pytest.fixture(scope="module")
def report() -> bytes:
    return make_pdf(HTML, made_at=AT, enclosures=[Enclosure("data.json", "Its data", b"{}")])


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What Poppler's reader says."""
    program = shutil.which("pdfsig")
    if program is None:
        pytest.skip("poppler-utils is not installed; bin/test installs it.")
    path = folder / "report.pdf"
    path.write_bytes(pdf)
    return subprocess.run([program, "-nocert", str(path)], capture_output=True, text=True, check=False).stdout


def test_debians_reader_finds_it_valid(report, tmp_path):
    said = pdfsig(report, tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "Signing Time: Oct 30 2026" in said
    assert "CN=Plumbline reports" in said


def test_openssl_finds_it_valid(report, tmp_path):
    """The CMS over the two parts of the file, checked with the certificate that Proof shows."""
    first, size, second, rest = map(int, re.search(rb"/ByteRange\s*\[(\d+) (\d+) (\d+) (\d+)", report).groups())  # type: ignore[union-attr]
    contents = bytes.fromhex(report[size + 1 : second - 1].decode())
    (tmp_path / "cms").write_bytes(contents)
    (tmp_path / "data").write_bytes(report[first:size] + report[second : second + rest])
    (tmp_path / "certificate").write_text(pdf_key().pem)
    assert second + rest == len(report)
    command = "openssl cms -verify -binary -inform DER -in cms -content data -CAfile certificate -purpose any -out /dev/null"
    done = subprocess.run(command.split(), cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (tmp_path / "data").write_bytes(report[first:size] + report[second : second + rest - 1] + b"?")
    assert subprocess.run(command.split(), cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_what_is_changed_is_seen(report, tmp_path):
    at = report.index(b"%PDF") + 20
    altered = report[:at] + bytes([report[at] ^ 1]) + report[at + 1 :]
    assert "Signature is Valid." not in pdfsig(altered, tmp_path)


def test_the_printed_document_stays_as_it_was(report):
    """Byte for byte, with its standards, its title and its attachment; the signature stands behind it."""
    end = report.index(b"%%EOF") + len(b"%%EOF")
    printed = report[: end + 1]
    assert signed(printed, at=dt.datetime.fromisoformat(AT))[: len(printed)] == printed
    document = pypdf.PdfReader(io.BytesIO(report))
    metadata = document.xmp_metadata
    assert metadata is not None
    assert document.metadata is not None
    assert document.metadata.title == "A report"
    assert "pdfuaid:part" in metadata.stream.get_data().decode()
    assert list(document.attachments) == ["data.json"]


def test_the_same_is_signed_with_the_same_bytes(report):
    assert make_pdf(HTML, made_at=AT, enclosures=[Enclosure("data.json", "Its data", b"{}")]) == report


def own_authority(secret: ec.EllipticCurvePrivateKey) -> tuple[str, str]:
    """The key in PEM, and a certificate for it by an authority of one's own, with that of the authority."""
    authority = ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("Example Corp", "Example Authority")]
    begins, ends = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2036, 1, 1, tzinfo=dt.UTC)
    texts = []
    for subject, public in ((names[0], secret.public_key()), (names[1], authority.public_key())):
        builder = x509.CertificateBuilder(names[1], subject, public, x509.random_serial_number(), begins, ends)
        made = builder.sign(authority, hashes.SHA256())
        texts.append(made.public_bytes(serialization.Encoding.PEM).decode())
    key = secret.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.decode(), "".join(texts)


def test_a_key_and_a_certificate_may_be_provided(settings, tmp_path):
    settings.PLUMBLINE_PDF_KEY, settings.PLUMBLINE_PDF_CERTIFICATE = own_authority(ec.generate_private_key(ec.SECP256R1()))
    said = pdfsig(make_pdf(HTML, made_at=AT), tmp_path)
    assert "CN=Example Corp" in said
    assert "Signature is Valid." in said


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("nonsense!", "neither a private key in PEM nor base64"),
        (base64.b64encode(b"short").decode(), "needs 32 bytes"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "neither a private key in PEM"),
    ],
)
def test_a_key_that_is_none_is_said_at_the_start(settings, key, why):
    settings.PLUMBLINE_PDF_KEY = key
    with pytest.raises(NoPdfKey, match=why):
        pdf_key()
    (found,) = [one for one in run_checks() if one.id == "evidence.E001"]
    assert why in found.msg


def test_a_certificate_of_another_key_is_refused(settings):
    _, settings.PLUMBLINE_PDF_CERTIFICATE = own_authority(ec.generate_private_key(ec.SECP256R1()))
    with pytest.raises(NoPdfKey, match="is not that of PLUMBLINE_PDF_KEY"):
        pdf_key()
    settings.PLUMBLINE_PDF_CERTIFICATE = "none"
    with pytest.raises(NoPdfKey, match="has no certificate"):
        pdf_key()
