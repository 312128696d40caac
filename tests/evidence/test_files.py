"""Files under their hash."""

import datetime as dt
import hashlib
import io
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.template import Context, Template

from audit.models import AuditEvent
from evidence.actions import add_evidence
from evidence.contents import content_type
from evidence.files import download, open_file, safe_name, store, sweep, sweep_share, verify
from evidence.models import FileCheck, StoredFile
from evidence.recheck import intact
from evidence.rereading import keep_results
from inventory.models import Person
from tenancy.scope import now, tenant
from ui.refusals import ActionRefused


def stored(content: bytes = b"a,b\n1,2\n", name: str = "list.csv") -> StoredFile:
    return store(io.BytesIO(content), name)


def test_a_file_is_kept_under_its_hash(in_acme):
    file = stored()
    assert file.sha256 == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert (file.size, file.content_type) == (8, "text/plain")
    assert verify(file)
    with open_file(file) as opened:
        assert opened.read() == b"a,b\n1,2\n"


def test_the_same_bytes_are_one_file(in_acme):
    assert stored().pk == stored(name="again.csv").pk


def test_the_same_bytes_in_another_organization_are_another_file(acme, globex):
    with tenant(acme):
        first = stored()
    with tenant(globex):
        second = stored()
        assert StoredFile.objects.count() == 1
    assert (first.sha256, first.path) != (second.sha256, second.path)
    assert first.sha256 == second.sha256


def test_size_is_limited_while_streaming(in_acme, settings):
    settings.PLUMBLINE_UPLOAD_LIMIT = 1 << 20
    with pytest.raises(ActionRefused, match="larger than 1 MB"):
        stored(b"x" * ((1 << 20) + 1))
    assert not StoredFile.objects.exists()


def test_an_empty_file_is_refused(in_acme):
    with pytest.raises(ActionRefused, match="is empty"):
        stored(b"")


def test_changed_bytes_are_noticed(in_acme):
    file = stored()
    Path(default_storage.path(file.path)).write_bytes(b"other")
    assert not verify(file)
    default_storage.delete(file.path)
    assert not verify(file)
    with pytest.raises(ActionRefused, match="cannot be read"):
        open_file(file)


@pytest.mark.parametrize("damage", ["altered", "gone"])
def test_the_right_bytes_sent_again_mend_a_file_with_an_event(in_acme, damage):
    file = stored()
    path = Path(default_storage.path(file.path))
    if damage == "altered":
        path.write_bytes(b"other")
    else:
        path.unlink()
    keep_results({file: "altered"}, now())
    assert stored().pk == file.pk
    assert verify(file)
    told = AuditEvent.objects.filter(object_id=file.pk).order_by("at").values_list("verb", flat=True)
    assert list(told) == ["file.alter", "file.mend", "file.recover"]
    assert FileCheck.objects.get(file=file).result == "intact"
    stored()
    assert AuditEvent.objects.filter(verb="file.mend").count() == 1


def test_bytes_of_nobody_under_a_hash_are_not_taken_for_it(in_acme, acme):
    digest = hashlib.sha256(b"new").hexdigest()
    place = f"{acme.id}/{digest[:2]}/{digest}"
    default_storage.save(place, io.BytesIO(b"other"))
    file = stored(b"new")
    assert file.path == place
    assert verify(file)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 300, "image/png"),
        (b'{"a": 1}', "application/json"),
        (b"<html><script>alert(1)</script></html>", "text/plain"),
        (b"\x00\x01\x02\x03", "application/octet-stream"),
    ],
)
def test_the_type_comes_from_the_content(content, kind):
    assert content_type(content) == kind


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a"\r\nSet-Cookie: x', "a_Set-Cookie_ x"),
        ("\u202ecod.exe", "_cod.exe"),
        ("...", "file"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert safe_name(name) == safe


def test_a_stored_row_is_immutable(in_acme):
    file = stored()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)


def test_the_sweep_takes_old_orphans_only(acme, in_acme):
    known = stored()
    orphan = f"{acme.id}/aa/{'a' * 64}"
    default_storage.save(orphan, io.BytesIO(b"lost"))
    sweep(acme, now())
    assert default_storage.exists(orphan)
    sweep(acme, now() + dt.timedelta(days=2))
    assert not default_storage.exists(orphan)
    assert default_storage.exists(known.path)


def test_every_folder_is_swept_once_a_day(acme, in_acme):
    orphans = [f"{acme.id}/{folder}/{folder * 32}" for folder in ("00", "5f", "ff")]
    for orphan in orphans:
        default_storage.save(orphan, io.BytesIO(b"lost"))
    later, left = now() + dt.timedelta(days=2), []
    for tick in range(96):
        sweep_share(acme, later + dt.timedelta(minutes=15 * tick))
        left.append(sum(map(default_storage.exists, orphans)))
    assert left[-1] == 0
    assert len(set(left)) > 1, "not all at one tick"


def test_evidence_shows_its_hash_and_checks_it(client_of, manager, executive, acme):
    with tenant(acme):
        evidence = add_evidence(
            title="Decision report",
            category="access_control",
            file=stored(),
            source="Access review",
            collector="Plumbline",
            subject=Person.objects.get(email="manager@acme.example"),
            actor=manager,
        )
        other = stored(b"raw population")
    client = client_of(executive)
    assert "Decision report" in client.get("/o/acme/evidence/").content.decode()
    page = client.get(f"/o/acme/evidence/{evidence.pk}/").content.decode()
    assert "The file is unchanged" in page
    assert evidence.file.sha256 in page
    answer = client.get(f"/o/acme/evidence/files/{evidence.file_id}/")
    assert b"".join(answer.streaming_content) == b"a,b\n1,2\n"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/o/acme/evidence/files/{other.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("Grüße\n".encode(), "text/plain; charset=utf-8"),
        (b"a" * 9000 + "Grüße\n".encode("latin-1"), "application/octet-stream"),  # nobody knows what it is in
        (b'{"a": 1}', "application/json"),
        (b"%PDF-1.7 it says", "application/pdf"),
    ],
)
def test_a_text_says_its_character_set_where_it_is_known(in_acme, content, kind):
    answer = download(stored(content, "a.txt"))
    assert answer.getvalue() == content
    answer.close()
    assert answer["Content-Type"] == kind


def test_a_very_large_text_is_not_read_to_find_out(in_acme, monkeypatch):
    monkeypatch.setattr("evidence.files.LARGEST_READ", 7)
    answer = download(stored(b"a,b\n1,2\n"))
    answer.close()
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_large_file_is_read_again_when_somebody_asks(in_acme, monkeypatch):
    file = stored(b"x" * 11)
    monkeypatch.setattr("evidence.recheck.AT_ONCE", 10)
    assert intact(file, {}) is None
    assert intact(file, {"reread": "1"})
    Path(default_storage.path(file.path)).write_bytes(b"other")
    assert intact(file, {}) is None
    assert intact(file, {"reread": "1"}) is False
    monkeypatch.setattr("evidence.recheck.AT_ONCE", 11)
    assert intact(file, {}) is False


@pytest.mark.parametrize(
    ("at_once", "query", "words"),
    [(8, "", "Verified just now"), (7, "", "Read it again"), (7, "?reread=1", "Verified just now")],
)
def test_any_page_says_whether_its_files_are_unchanged(in_acme, rf, monkeypatch, *, at_once, query, words):
    monkeypatch.setattr("evidence.recheck.AT_ONCE", at_once)
    page = Template("{% load evidence %}{% recheck file %}").render(Context({"file": stored(), "request": rf.get(f"/{query}")}))
    assert words in page


def test_a_tampered_file_is_shown_as_such(client_of, manager, acme):
    with tenant(acme):
        evidence = add_evidence(
            title="Report",
            category="other",
            file=stored(),
            source="s",
            collector="c",
            subject=Person.objects.get(email="manager@acme.example"),
            actor=manager,
        )
    Path(default_storage.path(evidence.file.path)).write_bytes(b"other")
    assert "does not match its hash" in client_of(manager).get(f"/o/acme/evidence/{evidence.pk}/").content.decode()
