"""A run that was given up and still goes on neither undoes nor does what a later run has taken up."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evidence.importing.actions import begin_import, recover_imports
from evidence.models import EvidenceImport
from evidence.tasks import import_evidence
from evidence.tasks import start_import as start_evidence
from inventory.models import Person, RosterImport, Snapshot, System
from inventory.people.roster_actions import recover_rosters
from inventory.people.views.rosters import SAMPLE
from inventory.snapshots import actions
from inventory.snapshots.returning import take_back
from inventory.tasks import apply_in_worker, load_snapshot, read_snapshot, start_applying
from tenancy.scope import now
from tests.inventory.snapshots.helpers import ADA, BEN, MAPPING, csv, draft, make_system, previewed
from tests.inventory.snapshots.test_tasks import run
from workflow.jobs import OVERTAKEN
from workflow.models import Job


def latest_job() -> Job:
    return Job.objects.latest("created_at")


@pytest.fixture
def system(in_acme, manager) -> System:
    """A system whose export is a plain table."""
    return make_system(manager)


@pytest.fixture
def read_twice(system, manager) -> tuple[Snapshot, Job, Job]:
    """A snapshot whose reading was stopped by hand and asked for anew; with both jobs."""
    snapshot = draft(system, manager, csv(ADA, BEN))
    actions.set_mapping(snapshot, mapping=MAPPING, headers=list(MAPPING.columns.values()), actor=manager)
    old = latest_job()
    take_back(Snapshot.objects.get(pk=snapshot.pk), actor=manager)
    new = actions.start_reading(Snapshot.objects.get(pk=snapshot.pk), actor=manager)
    return snapshot, old, new


def test_a_reading_that_fails_late_leaves_the_newer_one(read_twice, manager, monkeypatch):
    snapshot, old, new = read_twice
    with monkeypatch.context() as patch:
        patch.setattr("inventory.tasks.look", lambda *_: (_ for _ in ()).throw(OSError("gone")))
        with pytest.raises(OSError, match="gone"):
            run(read_snapshot, old, snapshot, manager)
    assert snapshot.refreshed().status == "reading"
    assert run(read_snapshot, new, snapshot, manager).status == "done"
    assert snapshot.refreshed().status == "ready"


def test_a_reading_that_succeeds_late_keeps_nothing(read_twice, manager):
    snapshot, old, new = read_twice
    failed = run(read_snapshot, old, snapshot, manager)
    assert (failed.status, failed.message) == ("failed", OVERTAKEN)
    assert snapshot.refreshed().status == "reading"
    assert run(read_snapshot, new, snapshot, manager).status == "done"


def test_an_import_that_fails_late_leaves_the_newer_one(system, manager):
    snapshot = previewed(system, manager, ADA, stated_count=1)
    old = actions.start_import(snapshot, accept_errors=False, actor=manager)
    take_back(Snapshot.objects.get(pk=snapshot.pk), actor=manager)
    new = actions.start_import(snapshot, accept_errors=False, actor=manager)
    assert run(load_snapshot, old, snapshot, manager).message == OVERTAKEN
    assert snapshot.refreshed().status == "importing"
    assert run(load_snapshot, new, snapshot, manager).status == "done"
    assert snapshot.refreshed().status == "imported"


def test_a_roster_is_applied_as_it_was_asked_for_last(acme, client_of, manager, in_acme):
    client = client_of(manager)
    page = client.post(
        "/o/acme/access/people/rosters/new/", {"file": SimpleUploadedFile("roster.csv", SAMPLE.encode()), "full": ""}
    )["Location"]
    client.post(page, {name: field.initial for name, field in client.get(page).context["form"].fields.items()})
    roster = RosterImport.objects.get()
    start_applying(roster, actor=manager)
    old = latest_job()
    Job.objects.filter(pk=old.pk).update(status="failed")
    recover_rosters(acme, now())
    start_applying(roster.refreshed(), actor=manager)
    new, before = latest_job(), Person.objects.count()
    for job, status, people in ((old, "applying", before), (new, "applied", before + len(SAMPLE.strip().splitlines()) - 1)):
        apply_in_worker.apply_async((str(job.pk), str(roster.pk), str(manager.pk)), {"missing": [], "left_on": ""})
        assert (roster.refreshed().status, Person.objects.count()) == (status, people)
    assert Job.objects.get(pk=old.pk).message == OVERTAKEN


def test_an_import_of_evidence_is_finished_by_the_run_that_goes_on(acme, in_acme, manager):
    made = begin_import(
        actor=manager,
        manifest=SimpleUploadedFile("list.csv", b"File\na.txt"),
        uploads=[SimpleUploadedFile("a.txt", b"a")],
        source="Wiki",
    )
    old = start_evidence(made, actor=manager)
    Job.objects.filter(pk=old.pk).update(status="failed")
    recover_imports(acme, now() + dt.timedelta(minutes=1))
    new = start_evidence(EvidenceImport.objects.get(pk=made.pk), actor=manager)
    for job, status in ((old, "applying"), (new, "done")):
        import_evidence.apply_async((str(job.pk), str(made.pk), str(manager.pk)))
        assert made.refreshed().status == status
