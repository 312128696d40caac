"""Every stored file is read again in turn; damage is a critical event, shows everywhere, and heals."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from audit.models import AuditEvent
from audit.sentences import deed
from evidence import hooks, rereading
from evidence.actions import revise_evidence
from evidence.inbox import waiting
from evidence.models import FileCheck
from evidence.rereading import count_overdue, due_files, keep_results, overdue, read_again
from evidence.tasks import reread_files
from tenancy.scope import now, tenant
from tests.evidence.helpers import kept, stored

DAY = dt.timedelta(days=1)


def refused(*_):
    raise PermissionError("no")


def place_of(item):
    return Path(default_storage.path(item.file.path))


def reread(organization):
    """As the tick would have it done."""
    with tenant(organization):
        reread_files.apply_async()


def age(days):
    """Let the last reading lie so many days back."""
    FileCheck.objects.update(checked_at=now() - days * DAY, since=now() - days * DAY)


def verbs():
    return set(AuditEvent.objects.values_list("verb", flat=True)) - {"person.create", "evidence.add", "data_key.make"}


def test_files_never_read_come_first_then_the_oldest(in_acme, manager):
    old, older, young, never = (stored(name.encode()) for name in ("old", "older", "young", "never"))
    for file, days in ((old, 21), (older, 29), (young, 19)):
        FileCheck.objects.create(file=file, result="intact", checked_at=now() - days * DAY, since=now())
    assert due_files(now()) == [never, older, old]


def test_a_tick_reads_a_share_and_at_least_one_file(in_acme, monkeypatch):
    files = [stored(bytes([65 + n]) * 10) for n in range(4)]
    monkeypatch.setattr(rereading, "LEAST_BYTES", 25)
    assert due_files(now()) == files[:2]
    monkeypatch.setattr(rereading, "LEAST_BYTES", 1)
    assert due_files(now()) == files[:1]
    monkeypatch.setattr(rereading, "LEAST_BYTES", 1 << 20)
    monkeypatch.setattr(rereading, "LEAST_FILES", 3)
    assert due_files(now()) == files[:3]


def test_the_pace_suffices_for_all_within_the_time(in_acme):
    """From the 20th day to the 30th the ticks read more than everything, whatever its size."""
    ticks = 96 * (rereading.EVERY - rereading.DUE_AFTER).days
    assert ticks * rereading.PACE >= rereading.TICKS


def test_an_intact_file_is_noted_without_an_event(acme, manager):
    with tenant(acme):
        item = kept(manager)
    reread(acme)
    with tenant(acme):
        check = FileCheck.objects.get()
        assert (check.file, check.result) == (item.file, "intact")
        assert verbs() == set()


@pytest.mark.parametrize(("result", "verb"), [("altered", "alter"), ("missing", "miss")])
def test_damage_is_a_critical_event_once_and_heals(acme, manager, monkeypatch, result, verb):
    told = []
    monkeypatch.setattr(hooks, "_changed", [lambda ids, actor: told.append((set(ids), actor.name))])
    with tenant(acme):
        item = kept(manager, content=b"as it was")
    path = place_of(item)
    path.write_bytes(b"as it is") if result == "altered" else path.unlink()
    reread(acme)
    with tenant(acme):
        assert FileCheck.objects.get().result == result
        event = AuditEvent.objects.get(verb=f"evidence.{verb}")
        assert (event.object_id, event.actor_name) == (item.pk, "Plumbline (schedule)")
        assert event.data["metadata"]["severity"] == "critical"
        assert deed(event.verb) == f"found the file {result}"
        assert AuditEvent.objects.get(verb=f"file.{verb}").object_id == item.file_id
        assert told == [({item.pk}, "Plumbline (schedule)")]
        age(21)
    reread(acme)
    with tenant(acme):
        assert AuditEvent.objects.filter(verb=f"evidence.{verb}").count() == 1
        age(21)
    path.write_bytes(b"as it was")
    reread(acme)
    with tenant(acme):
        assert FileCheck.objects.get().result == "intact"
        assert AuditEvent.objects.filter(verb="evidence.recover", object_id=item.pk).exists()
        assert len(told) == 2


def test_damage_to_an_earlier_revision_is_told_too(acme, manager):
    with tenant(acme):
        item = kept(manager, content=b"first")
        path = place_of(item)
        revise_evidence(item, actor=manager, file=stored(b"second"), note="n")
    path.write_bytes(b"other")
    reread(acme)
    with tenant(acme):
        assert AuditEvent.objects.get(verb="evidence.alter").data["metadata"]["revision"] == 1


def test_a_storage_that_is_not_there_has_lost_nothing(acme, manager):
    with tenant(acme):
        kept(manager)
    root = Path(default_storage.path(""))
    root.rename(root.with_name("unmounted"))
    reread(acme)
    with tenant(acme):
        assert not FileCheck.objects.exists()
        assert ["storage does not answer" in entry.title for entry in waiting(manager)] == [True]
    root.with_name("unmounted").rename(root)
    reread(acme)
    with tenant(acme):
        assert FileCheck.objects.get().result == "intact"
        assert list(waiting(manager)) == []


def test_a_file_that_may_not_be_read_is_neither_missing_nor_altered(in_acme, manager, monkeypatch):
    item = kept(manager)
    monkeypatch.setattr(FileSystemStorage, "_open", refused)
    assert read_again(item.file) == "unreadable"
    monkeypatch.setattr(rereading, "answers", lambda: False)
    assert read_again(item.file) is None


def test_one_file_that_cannot_be_read_hides_no_other(acme, manager):
    with tenant(acme):
        items = [kept(manager, content=bytes([65 + number])) for number in range(3)]
    blocked, tampered = place_of(items[0]), place_of(items[2])
    blocked.unlink()
    blocked.mkdir()
    tampered.write_bytes(b"as it is")
    reread(acme)
    with tenant(acme):
        found = dict(FileCheck.objects.values_list("file", "result"))
        assert [found[item.file_id] for item in items] == ["unreadable", "intact", "altered"]
        event = AuditEvent.objects.get(verb="evidence.unread")
        assert (event.object_id, deed(event.verb)) == (items[0].pk, "could not read the file")
        assert [(entry.title, entry.count) for entry in waiting(manager)] == [
            ("2 stored files are altered, missing or cannot be read", 2)
        ]
    blocked.rmdir()


def test_a_worker_killed_half_way_repeats_harmlessly(acme, in_acme, manager):
    items = [kept(manager, content=bytes([65 + n])) for n in range(3)]
    place_of(items[0]).unlink()
    found = {item.file: str(read_again(item.file)) for item in items}
    assert len(keep_results(found, now())) == 1
    assert keep_results(found, now()) == []
    assert AuditEvent.objects.filter(verb="file.miss").count() == 1


def test_files_that_were_not_read_for_too_long_wait_for_the_keepers(in_acme, manager, viewer):
    kept(manager)
    keep_results({kept(manager, "b").file: "intact"}, now() - 31 * DAY)
    assert count_overdue(now()) == overdue() == 1
    assert [entry.title for entry in waiting(manager)] == ["A stored file was not read again for 30 days"]
    assert list(waiting(viewer)) == []


def test_damage_shows_on_the_item_in_the_list_and_in_the_work(client_of, acme, manager):
    with tenant(acme):
        item = kept(manager)
        kept(manager, "Whole", content=b"whole")
    place_of(item).unlink()
    reread(acme)
    client = client_of(manager)
    assert "Missing" in client.get(f"/o/acme/evidence/{item.pk}/").content.decode()
    page = client.get("/o/acme/evidence/?file=damaged").content.decode()
    assert ("Firewall rules" in page, "Whole" in page) == (True, False)
    page = client.get("/o/acme/evidence/checks/?result=altered&result=missing").content.decode()
    assert "rules.txt" in page
    with tenant(acme):
        (entry,) = waiting(manager)
        assert (entry.title, entry.overdue) == ("A stored file is altered, missing or cannot be read", True)
