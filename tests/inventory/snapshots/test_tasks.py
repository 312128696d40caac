"""Workers that fail, are killed, or come twice."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from audit.models import AuditEvent
from inventory.models import Entitlement, Removal, Snapshot, System
from inventory.snapshots import actions
from inventory.snapshots.returning import recover, take_back
from inventory.tasks import load_snapshot, read_snapshot
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, MAPPING, csv, draft, make_removal, make_system, population, previewed
from ui.refusals import ActionRefused
from workflow.jobs import start_job
from workflow.models import Job


def importing(system, manager, *rows: str, **changes) -> tuple[Snapshot, Job]:
    """A snapshot whose import has been asked for, and the job; its task was not run."""
    snapshot = previewed(system, manager, *rows, **changes)
    job = actions.start_import(snapshot, accept_errors=False, actor=manager)
    return Snapshot.objects.get(pk=snapshot.pk), job


def run(task, job: Job, snapshot: Snapshot, manager) -> Job:
    task.apply_async((str(job.pk), str(snapshot.pk), str(manager.pk)))
    return Job.objects.get(pk=job.pk)


def test_an_import_verifies_removals_by_itself(system, manager):
    start = now() - dt.timedelta(days=9)
    base = population(system, manager, ADA, BEN, CYD, as_of=start)
    removal = make_removal(manager, base, "U1", "Admin")
    snapshot, job = importing(system, manager, BEN, CYD, stated_count=2)
    job = run(load_snapshot, job, snapshot, manager)
    assert (job.status, job.message) == ("done", "The population is imported. Removals: 1 verified removed.")
    assert removal.refreshed().status == "verified_removed"


def test_a_task_that_comes_twice_imports_once(system, manager):
    snapshot, job = importing(system, manager, ADA, stated_count=1)
    run(load_snapshot, job, snapshot, manager)
    assert run(load_snapshot, job, snapshot, manager).status == "done"
    assert Entitlement.objects.count() == 1
    assert AuditEvent.objects.filter(verb="snapshot.finish").count() == 1


def test_a_worker_killed_after_the_load_goes_on_with_what_follows(system, manager, monkeypatch):
    start = now() - dt.timedelta(days=9)
    base = population(system, manager, ADA, BEN, as_of=start)
    removal = make_removal(manager, base, "U1", "Admin")
    snapshot, job = importing(system, manager, BEN, stated_count=1)

    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("inventory.tasks.match_accounts", killed)
        with pytest.raises(KeyboardInterrupt):
            run(load_snapshot, job, snapshot, manager)
    assert Snapshot.objects.get(pk=snapshot.pk).status == "imported"
    assert removal.refreshed().status == "claimed"
    run(load_snapshot, job, snapshot, manager)
    assert removal.refreshed().status == "verified_removed"


def test_an_import_that_fails_returns_to_ready_with_its_job_failed(system, manager, monkeypatch):
    snapshot, job = importing(system, manager, ADA)
    Snapshot.objects.filter(pk=snapshot.pk).update(rows_accepted=7)
    job = run(load_snapshot, job, snapshot, manager)
    assert job.status == "failed"
    assert "do not read as they did" in job.message
    assert Snapshot.objects.get(pk=snapshot.pk).status == "ready"


def test_a_reading_that_is_refused_returns_to_draft(system, manager):
    header = "First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY]"
    snapshot = draft(system, manager, csv("A,B,a@b.example,Active", header=header))
    job = start_job("snapshot.read", title="Reading", actor=manager, subject=snapshot)
    Snapshot.objects.filter(pk=snapshot.pk).update(source_format="okta")
    job = run(read_snapshot, job, snapshot, manager)
    assert job.status == "failed"
    assert Snapshot.objects.get(pk=snapshot.pk).status == "draft"


def test_changed_bytes_are_not_read(system, manager, settings):
    snapshot = draft(system, manager, csv(ADA))
    actions.set_mapping(snapshot, mapping=MAPPING, headers=list(MAPPING.columns.values()), actor=manager)
    job = Job.objects.get(subject_id=snapshot.pk)
    path = settings.PLUMBLINE_DATA / "files" / snapshot.files.get().file.path
    path.write_bytes(path.read_bytes() + b"\nU9,eve,,Admin,,active,,")
    assert "does not match its hash" in run(read_snapshot, job, snapshot, manager).message


def test_a_program_says_which_column_means_what(system, manager):
    snapshot = draft(system, manager, csv(ADA))
    columns = {"columns": MAPPING.columns, "constants": {"resource": "Console"}, "privileged_values": ["Admin"]}
    wanted = {**columns, "columns": {key: header for key, header in MAPPING.columns.items() if key != "resource"}}
    answer = Program(make_token(manager)[1]).post(f"populations/{snapshot.pk}/columns", wanted, if_match="*")
    assert answer.status_code == 200, answer.content
    told = Snapshot.objects.get(pk=snapshot.pk).mapping
    assert {name: told[name] for name in wanted} == wanted


def test_what_a_dead_worker_left_is_taken_back(system, manager, acme):
    snapshot, job = importing(system, manager, ADA)
    recover(acme, now())
    assert Snapshot.objects.get(pk=snapshot.pk).status == "importing"
    recover(acme, now() + dt.timedelta(hours=1))
    assert Snapshot.objects.get(pk=snapshot.pk).status == "ready"
    assert Job.objects.get(pk=job.pk).status == "failed"


def test_a_reading_that_comes_again_after_it_was_taken_back_says_so(system, manager, acme):
    snapshot = draft(system, manager, csv(ADA))
    actions.set_mapping(snapshot, mapping=MAPPING, headers=list(MAPPING.columns.values()), actor=manager)
    job = Job.objects.get(subject_id=snapshot.pk)
    recover(acme, now() + dt.timedelta(hours=1))
    job = run(read_snapshot, job, snapshot, manager)
    assert job.status == "failed"
    assert job.message.endswith("is being prepared: it cannot be read now.")


def test_it_can_be_stopped_by_hand_and_started_again(system, manager):
    snapshot, job = importing(system, manager, ADA, stated_count=1)
    take_back(snapshot, actor=manager)
    assert run(load_snapshot, job, snapshot, manager).status == "failed"
    again = actions.start_import(snapshot, accept_errors=False, actor=manager)
    assert run(load_snapshot, again, snapshot, manager).status == "done"


def test_another_organizations_task_does_not_find_it(system, manager, globex):
    snapshot, _ = importing(system, manager, ADA)
    with tenant(globex), pytest.raises(Snapshot.DoesNotExist):
        Snapshot.objects.get(pk=snapshot.pk)
    with tenant(globex):
        assert not Removal.objects.exists()
        assert not System.objects.exists()


def test_of_six_presses_at_a_time_one_imports(committed_db):
    acme = Organization.objects.get(slug="acme")
    manager = Cast().of("acme", "manager")
    with tenant(acme):
        snapshot = previewed(make_system(manager), manager, ADA, BEN, stated_count=2)

    def press(_number: int) -> bool:
        try:
            with tenant(acme):
                actions.start_import(Snapshot.objects.get(pk=snapshot.pk), accept_errors=False, actor=manager)
            return True
        except ActionRefused:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(press, range(6))) == 1
    with tenant(acme):
        assert Snapshot.objects.get(pk=snapshot.pk).status == "imported"
        assert Entitlement.objects.count() == 2
