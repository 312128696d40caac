"""Files that programs send and fetch."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.models import Evidence
from tenancy.scope import tenant
from tests.api.conftest import Program


def keep(program: Program, content: bytes = b"42 backups, all restored\n", **more: Any) -> Any:
    file = SimpleUploadedFile("restore.txt", content)
    facts = {"uploads": file, "title": "Restore test", "category": "backup", "source": "Backup system", "tags": ["q3", "test"]}
    return program.upload("evidence", {**facts, **more})


def test_a_file_becomes_evidence_and_comes_back_unchanged(program, acme):
    made = keep(program)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["title"], said["file_name"], said["size"], said["tags"]) == ("Restore test", "restore.txt", 25, ["q3", "test"])
    fetched = program.get(f"evidence/{said['id']}/file")
    assert b"".join(fetched.streaming_content) == b"42 backups, all restored\n"
    assert [one["id"] for one in program.get("evidence?q=restore&category=backup").json()["results"]] == [said["id"]]


def test_a_file_is_kept_once_for_each_key(program, acme):
    first, second = (program.upload("evidence", form(), Idempotency_Key="a") for _ in range(2))
    assert (first.status_code, second.json()["id"]) == (201, first.json()["id"])
    other = program.upload("evidence", {**form(), "uploads": SimpleUploadedFile("restore.txt", b"other")}, Idempotency_Key="a")
    assert other.status_code == 422
    with tenant(acme):
        assert Evidence.objects.count() == 1


def form() -> dict[str, object]:
    file = SimpleUploadedFile("restore.txt", b"42")
    return {"uploads": file, "title": "Restore test", "category": "backup", "source": "Backup system"}


def test_evidence_is_revised_and_withdrawn_by_those_who_have_seen_it(program):
    made = keep(program)
    path, etag = f"evidence/{made.json()['id']}", made["ETag"]
    newer = {"file": SimpleUploadedFile("restore.txt", b"43 backups\n"), "note": "Another week"}
    revised = program.upload(f"{path}/revise", newer, If_Match=etag)
    assert (revised.status_code, revised.json()["revision"]) == (200, 2)
    assert program.post(f"{path}/withdraw", {"reason": "Wrong system"}, If_Match=etag).status_code == 412
    withdrawn = program.post(f"{path}/withdraw", {"reason": "Wrong system"}, If_Match=revised["ETag"])
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn")


def test_two_files_at_a_time_are_refused_whole(program, acme):
    two = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    assert keep(program, uploads=two).status_code == 422
    with tenant(acme):
        assert not Evidence.objects.exists()


def test_an_empty_file_is_refused_with_a_sentence(program):
    answer = keep(program, content=b"")
    assert (answer.status_code, answer.json()["errors"][0]["detail"]) == (422, "“restore.txt” is empty.")
