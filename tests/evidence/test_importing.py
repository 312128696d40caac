"""Bringing what exists: a list and files become evidence, a result for each row."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from evidence import tasks
from evidence.importing import archives
from evidence.importing.actions import begin_import, counts_of, do_row, recover_imports
from evidence.models import Evidence, EvidenceImport, ImportRow
from evidence.tasks import start_import
from tenancy.scope import now, tenant
from tests.conftest import commits
from tests.evidence.helpers import kept
from ui.refusals import ActionRefused
from workflow.models import Job

HEADER = "File,Title,Category,Source,Period from,Period to,Collected at,Expires,Owner,Tags"
BASE = "/o/acme/evidence/imports"


def upload(name, content):
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def zipped(**files):
    """A ZIP; a keyword is a name with `__` for `/` and `_` for `.`."""
    return zip_of({name.replace("__", "/").replace("_", "."): content for name, content in files.items()})


def zip_of(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return upload("files.zip", made.getvalue())


def begun(actor, lines, *uploads, header=HEADER, **given):
    listed = lines if isinstance(lines, bytes) else "\n".join([header, *lines])
    return begin_import(actor=actor, manifest=upload("list.csv", listed), uploads=uploads, source="Archive", **given)


def reasons(made):
    return {row.number: " ".join(row.reasons) for row in made.rows.all() if row.reasons}


def done(acme, made, actor, callbacks):
    """As the worker does it."""
    with tenant(acme), commits(callbacks):
        start_import(made, actor=actor)
    with tenant(acme):
        return made.refreshed()


def test_a_zip_and_a_list_become_evidence(acme, manager, viewer, django_capture_on_commit_callbacks):
    with tenant(acme):
        made = begun(
            manager,
            [
                f"access/okta.csv,Okta users,Access Control,Okta,2026-07-01,2026-09-30,2026-10-01,2027-01-31,{viewer.email},a; b",
                "rules.txt,,monitoring,,,,,,,",
            ],
            zipped(access__okta_csv="a,b", rules_txt="deny all"),
        )
        assert reasons(made) == {}
        assert not Evidence.objects.exists()
    made = done(acme, made, manager, django_capture_on_commit_callbacks)
    with tenant(acme):
        assert made.status == "done"
        okta, rules = Evidence.objects.order_by("reference")
        assert (okta.title, okta.category, okta.source, okta.owner, okta.tags) == (
            "Okta users",
            "access_control",
            "Okta",
            viewer,
            ["a", "b"],
        )
        assert (okta.period_from, okta.expires_on) == (dt.date(2026, 7, 1), dt.date(2027, 1, 31))
        assert okta.collected_at.isoformat() == "2026-10-01T04:00:00+00:00"
        assert (rules.title, rules.source, rules.method, rules.collector) == ("rules", "Archive", "manual", manager.name)
        assert Job.objects.get(kind="evidence.import").message == "Kept as evidence: 2 of 2 rows."
        assert AuditEvent.objects.get(verb="evidence_import.finish").data["metadata"]["kept"] == 2


def test_every_wrong_row_says_why(in_acme, manager):
    made = begun(
        manager,
        [
            "a.txt,,nonsense,,,,,,,",
            "b.txt,,,,2026-09-30,2026-07-01,,,,",
            "c.txt,,,,03/04/2026,,,,,",
            f"d.txt,,,,,,{now() + dt.timedelta(days=2):%Y-%m-%d},,,",
            "e.txt,,,,,,,,nobody@acme.example,",
            "f.txt,,,,,,,,,",
            ",,,,,,,,,",
            "a.txt,,,,,,,,,",
            f"g.txt,{'x' * 201},,,,,,,,",
            "h.txt,short",
            ",No file,,,,,,,,",
        ],
        *(upload(f"{letter}.txt", letter) for letter in "abcdeg"),
    )
    found = reasons(made)
    expected = {
        2: "“nonsense” is none",
        3: "period ends before",
        4: "Period from",
        5: "in the future",
        6: "nobody with the e-mail",
        7: "no file called “f.txt”",
        9: "Row 2 names this file already",
        10: "more than 200",
        11: "2 cells where the header has 10",
        12: "the row names none",
    }
    assert set(found) == set(expected)
    for number, words in expected.items():
        assert words in found[number], found[number]


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffFile;Title\nrules.txt;Prüfung\n".encode(),
        "File;Title\nrules.txt;Prüfung\n".encode("latin-1"),
        "File\tTitle\r\nrules.txt\tPrüfung\r\n".encode("utf-16"),
        'sep=;\n"File";"Title"\n"rules.txt";"Prüfung"\n'.encode(),
    ],
    ids=["bom", "latin-1", "utf-16", "sep"],
)
def test_lists_are_read_as_they_come(in_acme, manager, content):
    made = begun(manager, content, upload("rules.txt", "x"))
    assert made.rows.get().facts["title"] == "Prüfung"


def test_the_order_of_dates_can_be_told(in_acme, manager):
    made = begun(manager, ["a.txt,,,,03/04/2026,,,,,"], upload("a.txt", "a"), date_order="dmy")
    assert made.rows.get().facts["period_from"] == "2026-04-03"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Title\nx", "no column “File”"),
        ("File\n", "no rows"),
        ("", "is empty"),
        ("File\n" + "a\n" * 5001, "more than 5,000 rows"),
    ],
)
def test_a_list_that_is_none_is_refused(in_acme, manager, content, words):
    with pytest.raises(ActionRefused, match=words):
        begun(manager, content.encode(), upload("a", "a"))


def test_what_is_not_used_is_said(in_acme, manager):
    made = begun(manager, ["a.txt,1"], upload("a.txt", "a"), upload("left.txt", "b"), header="File,Shoe size")
    assert made.notices == [
        "These columns are not used: Shoe size.",
        "No row names these files, so they are not imported: left.txt.",
    ]


def test_names_lead_nowhere_but_into_the_archive(in_acme, manager):
    files = {"../../etc/passwd": "x", "ok/a.txt": "a", "one/b.txt": "b", "two/b.txt": "bb", "__MACOSX/ok/._a.txt": "junk"}
    made = begun(
        manager, ["../../etc/passwd,,,,,,,,,", "OK\\a.txt,,,,,,,,,", "b.txt,,,,,,,,,", "one/b.txt,,,,,,,,,"], zip_of(files)
    )
    found = reasons(made)
    assert set(found) == {2, 4}
    assert "leads out of the archive" in found[2]
    assert "more than one file" in found[4]


def test_a_bomb_is_refused(in_acme, manager, settings, monkeypatch):
    settings.PLUMBLINE_UPLOAD_LIMIT = 8 << 20
    bomb = zip_of({"zeros.bin": b"\0" * (4 << 20), "large.bin": b"\0" * (9 << 20), "empty.txt": b""})
    made = begun(manager, ["zeros.bin,,,,,,,,,", "large.bin,,,,,,,,,", "empty.txt,,,,,,,,,"], bomb)
    found = reasons(made)
    assert "far more than any document" in found[2]
    assert "larger than 8 MB" in found[3]
    assert "empty" in found[4]
    monkeypatch.setattr(archives, "MOST_MEMBERS", 2)
    bomb.seek(0)
    with pytest.raises(ActionRefused, match="more than 2 files"):
        begun(manager, ["zeros.bin,,,,,,,,,"], bomb)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 20)
    monkeypatch.setattr(archives, "MOST_BYTES", 1)
    bomb.seek(0)
    with pytest.raises(ActionRefused, match="would unpack to more than 8 MB"):
        begun(manager, ["zeros.bin,,,,,,,,,"], bomb)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_usual_packing_is_read(in_acme, manager, method):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("a.txt", b"a" * 1000)
    made = begun(manager, ["a.txt,,,,,,,,,"], upload("files.zip", packed.getvalue()))
    assert "few programs can read" in reasons(made)[2]
    with pytest.raises(ActionRefused, match="damaged or is not an Excel file"):
        begin_import(actor=manager, manifest=upload("list.xlsx", workbook_packed(method)), uploads=[upload("a", "a")], source="x")


def workbook_packed(method: int) -> bytes:
    """A workbook whose entries are packed otherwise than the format has it, and damaged."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>" * 100)
    content = bytearray(packed.getvalue())
    start = content.index(b"workbook.xml") + len(b"workbook.xml")
    content[start + 10 : start + 20] = bytes(10)
    return bytes(content)


def test_who_may_no_longer_keep_evidence_goes_on_importing_nothing(acme, manager, django_capture_on_commit_callbacks):
    with tenant(acme):
        made = begun(manager, ["a.txt,,,,,,,,,"], upload("a.txt", "a"))
        with django_capture_on_commit_callbacks() as queued:
            start_import(made, actor=manager)
    Member.objects.filter(pk=manager.pk).update(roles=["viewer"])
    for run in queued:
        run()
    with tenant(acme):
        job = Job.objects.get(kind="evidence.import")
        assert (job.status, "may not keep evidence any more" in job.message) == ("failed", True)
        assert not Evidence.objects.exists()
        recover_imports(acme, now())
        made.refresh_from_db()
        assert made.status == "ready"


def test_a_damaged_archive_is_refused(in_acme, manager):
    whole = zip_of({"a.txt": "a" * 1000}).read()
    with pytest.raises(ActionRefused, match="damaged archive"):
        begun(manager, ["a.txt,,,,,,,,,"], upload("files.zip", whole[:60]))


def test_a_file_damaged_within_its_archive_is_a_refused_row(acme, manager, django_capture_on_commit_callbacks):
    content = bytearray(zip_of({"a.txt": "a" * 1000, "b.txt": "b" * 1000}).read())
    at = content.index(b"a.txt") + 5
    content[at : at + 4] = b"\xff\xff\xff\xff"
    with tenant(acme):
        made = begun(manager, ["a.txt,,,,,,,,,", "b.txt,,,,,,,,,"], upload("files.zip", bytes(content)))
    made = done(acme, made, manager, django_capture_on_commit_callbacks)
    with tenant(acme):
        assert counts_of(made) == {"rows": 2, "ready": 0, "kept": 1, "refused": 1, "wrong": 0}
        assert ImportRow.objects.get(number=2).refused == "“a.txt” is damaged in its archive."


def test_the_same_again_keeps_nothing_twice(acme, manager, django_capture_on_commit_callbacks):
    with tenant(acme):
        item = kept(manager, content=b"deny all")
        made = begun(manager, ["rules.txt,,,,,,,,,"], upload("rules.txt", "deny all"))
    made = done(acme, made, manager, django_capture_on_commit_callbacks)
    with tenant(acme):
        assert Evidence.objects.count() == 1
        assert f"evidence already: {item.reference}" in ImportRow.objects.get().refused


def test_a_worker_killed_half_way_goes_on_where_it_stopped(acme, manager, monkeypatch, django_capture_on_commit_callbacks):
    with tenant(acme):
        made = begun(manager, [f"{n}.txt,,,,,,,,," for n in range(4)], *(upload(f"{n}.txt", f"text {n}") for n in range(4)))
    calls = []

    def dying(row, *args, **kwargs):
        calls.append(row.number)
        if len(calls) == 3:
            raise KeyboardInterrupt
        do_row(row, *args, **kwargs)

    monkeypatch.setattr(tasks, "do_row", dying)
    with tenant(acme):
        job = start_import(made, actor=manager)
        with pytest.raises(KeyboardInterrupt):
            tasks.import_evidence.apply_async([str(job.pk), str(made.pk), str(manager.pk)])
        assert Evidence.objects.count() == 2
        recover_imports(acme, now())
        assert made.refreshed().status == "ready"
        made = made.refreshed()
    assert done(acme, made, manager, django_capture_on_commit_callbacks).status == "done"
    with tenant(acme):
        assert sorted(Evidence.objects.values_list("title", flat=True)) == ["0", "1", "2", "3"]
        assert calls == [2, 3, 4, 4, 5]


def test_an_import_is_done_once_or_discarded(acme, in_acme, manager, viewer):
    made = begun(manager, ["a.txt,,,,,,,,,"], upload("a.txt", "a"))
    wrong = begun(manager, ["b.txt,,,,,,,,,"], upload("a.txt", "a"))
    with pytest.raises(ActionRefused, match="role"):
        start_import(made, actor=viewer)
    with pytest.raises(ActionRefused, match="No row can be imported"):
        start_import(wrong, actor=manager)
    start_import(made, actor=manager)
    with pytest.raises(ActionRefused, match="cannot be started now"):
        start_import(made, actor=manager)
    recover_imports(acme, now())
    assert made.refreshed().status == "applying", "its job waits for a worker"


def test_by_the_pages(client_of, manager, viewer, acme, django_capture_on_commit_callbacks):
    client = client_of(manager)
    assert client.get(f"{BASE}/new/").status_code == 200
    lines = "\n".join([HEADER, "a.txt,First,,,,,,,,", "gone.txt,=1+1,,,,,,,,"])
    given = {"manifest": upload("list.csv", lines), "uploads": [upload("a.txt", "a")], "source": "Archive"}
    answer = client.post(f"{BASE}/new/", given)
    assert answer.status_code == 303, answer.content.decode()
    address = answer["Location"]
    page = client.get(address).content.decode()
    assert "Import 1 row" in page
    assert "There is no file called “gone.txt”." in page
    wrong = list(csv.reader(io.StringIO(client.get(f"{address}wrong/").content.decode("utf-8-sig"))))
    assert wrong[1][:2] == ["gone.txt", "'=1+1"]
    assert wrong[1][-2:] == ["3", "There is no file called “gone.txt”."]
    with commits(django_capture_on_commit_callbacks):
        watch = client.post(f"{address}start/")["Location"]
    assert "Kept as evidence: 1 of 2 rows." in client.get(watch).content.decode()
    with tenant(acme):
        item = Evidence.objects.get()
    assert item.reference in client.get(f"{address}?state=kept").content.decode()
    assert "list.csv" in client.get(f"{BASE}/").content.decode()
    assert b"".join(client.get(f"{BASE}/sample/")).startswith(b"File,Title")
    assert client_of(viewer).get(address).status_code == 403


def test_discarding_by_the_page(client_of, manager, acme):
    with tenant(acme):
        made = begun(manager, ["a.txt,,,,,,,,,"], upload("a.txt", "a"))
    client_of(manager).post(f"{BASE}/{made.pk}/discard/")
    with tenant(acme):
        assert EvidenceImport.objects.get().status == "discarded"
