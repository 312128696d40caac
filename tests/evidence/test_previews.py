"""Previews: text is escaped, pictures are drawn by a confined process, and hostile files are only not shown."""

import io
import struct
import zlib
from unittest.mock import patch

import pypdfium2
import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from PIL import Image

from evidence.models import StoredFile
from evidence.previews import pictures
from evidence.previews.keeping import kept as kept_picture
from evidence.previews.text import excerpt_of
from tenancy.scope import tenant
from tests.evidence.helpers import kept, stored

BASE = "/o/acme/evidence/files"


def png(width=40, height=30, colour="red"):
    made = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(made, "PNG")
    return made.getvalue()


def pdf(pages=2):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(200, 300)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def png_claiming(width, height):
    """A PNG of some bytes that says it is enormous."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@pytest.fixture
def client(client_of, viewer):
    return client_of(viewer)


def keep(acme, manager, content, name="file"):
    """The id of a stored file that is evidence."""
    with tenant(acme):
        return kept(manager, name, file=stored(content, name)).file_id


def test_an_image_is_drawn_anew(client, acme, manager):
    file = keep(acme, manager, png(3000, 2000))
    answer = client.get(f"{BASE}/{file}/pictures/1/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert Image.open(io.BytesIO(answer.content)).width == 1400


def test_what_was_drawn_lies_sealed_in_the_cache(client, acme, manager, settings):
    file = keep(acme, manager, png(300, 200))
    drawn = client.get(f"{BASE}/{file}/pictures/1/").content
    with tenant(acme):
        name = f"{StoredFile.objects.get(pk=file).sha256}:1"
    value = cache.get(f"{acme.pk}:preview:{name}")
    assert len(value) > len(drawn)
    assert drawn[:60] not in value
    with patch("evidence.previews.pictures._draw") as draw:
        assert client.get(f"{BASE}/{file}/pictures/1/").content == drawn
    assert draw.call_count == 0
    with tenant(acme):
        assert (kept_picture(name) or b"").endswith(drawn)
        cache.set(f"{acme.pk}:preview:elsewhere", value)
        assert kept_picture("elsewhere") is None
        settings.SECRET_KEY = "another" * 8
        assert kept_picture(name) is None


def test_the_pages_of_a_pdf_are_drawn_one_by_one(client, acme, manager):
    file = keep(acme, manager, pdf(3))
    page = client.get(f"{BASE}/{file}/preview/?page=2").content.decode()
    assert "Page 2 of 3" in page
    assert f"{BASE}/{file}/pictures/2/" in page
    assert "Page 3 of 3" in client.get(f"{BASE}/{file}/preview/?page=99").content.decode()
    assert "Page 1 of 3" in client.get(f"{BASE}/{file}/preview/?page=x").content.decode()
    assert client.get(f"{BASE}/{file}/pictures/2/").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "content",
    [
        png_claiming(60_000, 60_000),
        png()[:60],
        b"%PDF-1.7\n%broken",
        pdf()[:200],
        b"GIF89a<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0" + b"\0" * 100,
    ],
    ids=["bomb", "cut png", "no pdf", "cut pdf", "gif and script", "no jpeg"],
)
def test_what_cannot_be_drawn_is_said_to_be_so(client, acme, manager, content):
    file = keep(acme, manager, content)
    page = client.get(f"{BASE}/{file}/preview/")
    assert page.status_code == 200
    assert "cannot be shown here" in page.content.decode()
    assert client.get(f"{BASE}/{file}/pictures/1/").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"</pre><script>alert(1)</script>",
        "\ufeff<script>alert(1)</script>".encode("utf-16-le"),
    ],
    ids=["html", "svg", "out of pre", "utf-16"],
)
def test_markup_is_shown_as_text(client, acme, manager, content):
    with tenant(acme):
        item = kept(manager, file=stored(content))
    for address in (f"{BASE}/{item.file_id}/preview/", f"/o/acme/evidence/{item.pk}/"):
        page = client.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert(1)" not in page
        assert "<svg xmlns=" not in page.partition("Preview")[2].partition("</pre>")[0]
    assert client.get(f"{BASE}/{item.file_id}/pictures/1/").status_code == 404


def test_a_process_that_takes_too_long_is_ended(in_acme, monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(pictures, "DRAWING", endless)
    monkeypatch.setattr(pictures, "PATIENCE", 0.5)
    assert pictures.picture_of(stored(png()), 1) is None


def test_a_picture_is_drawn_once(in_acme, monkeypatch):
    file = stored(png())
    assert pictures.picture_of(file, 1) is not None
    monkeypatch.setattr(pictures, "_draw", None)
    assert pictures.picture_of(file, 1) is not None


def test_what_is_too_large_is_not_drawn(in_acme, monkeypatch):
    monkeypatch.setattr(pictures, "LARGEST", 10)
    assert pictures.picture_of(stored(png()), 1) is None


def test_other_kinds_are_offered_for_download(client, acme, manager):
    file = keep(acme, manager, b"\0\1\2\3")
    assert "no preview for this kind" in client.get(f"{BASE}/{file}/preview/").content.decode()


def test_a_file_that_is_gone_is_no_failure_of_ours(client, acme, manager):
    with tenant(acme):
        items = [kept(manager, file=stored(content)) for content in (png(), b"text")]
        for item in items:
            default_storage.delete(item.file.path)
    for item in items:
        assert client.get(f"/o/acme/evidence/{item.pk}/").status_code == 200
        assert "cannot be read" in client.get(f"{BASE}/{item.file_id}/preview/").content.decode()
        assert client.get(f"{BASE}/{item.file_id}/pictures/1/").status_code == 404


def test_a_file_that_is_no_evidence_is_not_shown_to_everybody(client_of, executive, acme):
    with tenant(acme):
        file = stored(png())
    assert client_of(executive).get(f"{BASE}/{file.pk}/preview/").status_code == 404
    assert client_of(executive).get(f"{BASE}/{file.pk}/pictures/1/").status_code == 404


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Prüfung".encode(), "Prüfung"),
        ("Prüfung".encode("latin-1"), "Prüfung"),
        ("\ufeffPrüfung".encode(), "Prüfung"),
        ("\ufeffPrüfung".encode("utf-16-le"), "Prüfung"),
    ],
)
def test_text_is_read_in_its_encoding(in_acme, content, text):
    assert excerpt_of(stored(content)).text == text


def test_only_the_beginning_of_a_long_text_is_shown(in_acme):
    excerpt = excerpt_of(stored(b"line\n" * 1000))
    assert (excerpt.text.count("\n"), excerpt.more) == (399, True)
    cut = excerpt_of(stored("é".encode() * (64 << 10)))
    assert cut.more
    assert set(cut.text) == {"é"}


@pytest.mark.parametrize("name", ["$(touch {}).png", "; touch {} #.png", "`touch {}`.png", "-o {}.png", "a\n touch {}.png"])
def test_a_name_that_is_a_command_runs_nothing(client, acme, manager, tmp_path, name):
    mark = tmp_path / "was-here"
    file = keep(acme, manager, png(20, 20), name.format(mark))
    assert client.get(f"{BASE}/{file}/pictures/1/").status_code == 200
    assert not mark.exists()
