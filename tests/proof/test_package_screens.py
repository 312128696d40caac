"""Packages are asked for by those who run the audit, taken away by auditors, and made again where a worker left them."""

import datetime as dt
import hashlib
import io

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from audit.models import AuditEvent
from controls.models import AuditPeriod, ControlEvidence
from evidence.files import store_made
from proof.models import AuditPackage
from proof.package.tasks import AGAIN, GIVE_UP, make_package, see_to_unfinished
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.proof.packaging import made, make_period, sealed
from workflow.jobs import start_job
from workflow.models import Job

pytestmark = pytest.mark.usefixtures("committed_db")
PAGE = "/o/acme/proof/packages/"


@pytest.fixture
def acme(committed_db: None) -> Organization:
    return Organization.objects.get(slug="acme")


@pytest.fixture
def period(acme: Organization) -> AuditPeriod:
    found = make_period(acme)
    sealed(acme)
    return found


def client(role: str) -> Client:
    return signed_in(Cast().of("acme", role))


def packages(organization: Organization) -> list[AuditPackage]:
    with tenant(organization):
        return list(AuditPackage.objects.select_related("file").order_by("asked_at"))


def ask(by: Client, period: AuditPeriod, **fields: str) -> object:
    return by.post(f"{PAGE}new/", {"period": str(period.pk), "codes": "", **fields})


def test_a_manager_asks_an_auditor_takes_it_away_and_the_trail_says_so(period, acme):
    manager, auditor = client("manager"), client("auditor")
    assert "The year" in manager.get(f"{PAGE}new/").content.decode()
    ask(manager, period, with_requests="on", with_populations="on")
    (package,) = packages(acme)
    assert (package.status, package.codes, package.with_requests) == ("ready", [], True)
    page = auditor.get(f"{PAGE}{package.pk}/").content.decode()
    assert "Make a package" not in auditor.get(PAGE).content.decode()
    assert f"verify.py {package.reference}.zip --fingerprint SHA256:" in page
    answer = auditor.get(f"{PAGE}{package.pk}/package.zip")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined] # it streams
    assert answer["Content-Disposition"] == f'attachment; filename="{package.reference}.zip"'
    assert package.file is not None
    assert hashlib.sha256(content).hexdigest() == package.file.sha256
    with tenant(acme):
        verbs = set(AuditEvent.objects.filter(object_id=package.pk).values_list("verb", flat=True))
    assert {"package.ask", "package.finish"} <= verbs
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="file.download", object_id=package.file_id).exists()


@pytest.mark.parametrize("role", ["employee", "viewer", "approver", "reviewer", "executive"])
def test_others_see_nothing_of_it(period, acme, role):
    package = made(period, acme)
    somebody = client(role)
    for path in ("", f"{package.pk}/", f"{package.pk}/package.zip", "new/"):
        assert somebody.get(PAGE + path).status_code == 403
    assert ask(somebody, period).status_code == 403  # type: ignore[attr-defined]


def test_an_auditor_takes_away_and_does_not_make(period, acme):
    assert ask(client("auditor"), period).status_code == 403  # type: ignore[attr-defined]
    assert packages(acme) == []


def test_another_organization_finds_nothing(period, acme):
    package = made(period, acme)
    stranger = signed_in(Cast().of("globex", "manager"))
    for path in (f"{package.pk}/", f"{package.pk}/package.zip"):
        assert stranger.get(f"/o/globex/proof/packages/{path}").status_code == 404
    answer = stranger.post("/o/globex/proof/packages/new/", {"period": str(period.pk), "codes": ""})
    assert "Select a valid choice" in answer.content.decode()


def test_areas_and_criteria_stand_for_their_controls(period, acme):
    manager = client("manager")
    for words, codes in (
        ("ac-002", ["AC-002"]),
        ("AC", ["AC-001", "AC-002"]),
        ("CC6.1; ac-001", ["AC-001"]),
        ("CC6", ["AC-001", "AC-002"]),
    ):
        ask(manager, period, codes=words)
        assert packages(acme)[-1].codes == codes
    before = len(packages(acme))
    answer = ask(manager, period, codes="AC-001, NOPE, ZZ9")
    assert "No control in scope of The year is meant by: NOPE, ZZ9." in answer.content.decode()  # type: ignore[attr-defined]
    assert "AC-001, NOPE, ZZ9" in answer.content.decode()  # type: ignore[attr-defined]
    assert len(packages(acme)) == before


def test_a_form_that_is_sent_twice_makes_one(period, acme):
    manager = client("manager")
    token = "01900000-0000-7000-8000-000000000001"
    for _ in range(2):
        ask(manager, period, once=token)
    assert len(packages(acme)) == 1


def test_one_that_failed_says_why_and_is_tried_again(period, acme):
    with tenant(acme):
        file = ControlEvidence.objects.select_related("evidence__file").latest("pk").evidence.file
        with default_storage.open(file.path) as kept:
            content = kept.read()
        default_storage.delete(file.path)
    manager = client("manager")
    ask(manager, period)
    (package,) = packages(acme)
    page = manager.get(f"{PAGE}{package.pk}/").content.decode()
    assert (package.status, package.file) == ("failed", None)
    assert f"The stored file “{file.name}” cannot be read." in page
    assert manager.get(f"{PAGE}{package.pk}/package.zip").status_code == 404
    with tenant(acme):
        store_made(io.BytesIO(content), file.name)
    assert client("auditor").post(f"{PAGE}{package.pk}/retry/").status_code == 403
    manager.post(f"{PAGE}{package.pk}/retry/")
    assert packages(acme)[0].status == "ready"
    assert "cannot be tried again now" in manager.post(f"{PAGE}{package.pk}/retry/", follow=True).content.decode()


def test_what_a_killed_worker_left_is_made_again_and_given_up_after_a_day(period, acme, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(make_package, "apply_async", lambda *_args, **_more: None)
        ask(client("manager"), period)
        ask(client("manager"), period, codes="AC-001")
    first, second = packages(acme)
    assert first.status == second.status == "pending"
    assert "It is being made" in client("auditor").get(f"{PAGE}{first.pk}/").content.decode()
    with tenant(acme):
        Job.objects.filter(pk=start_job("proof.package", title="Lives", actor=first.asked_by, subject=second).pk).update(
            status=Job.Status.RUNNING
        )
    with tenant(acme):
        see_to_unfinished(acme, now())  # too early
    assert {one.status for one in packages(acme)} == {"pending"}
    with tenant(acme):
        see_to_unfinished(acme, now() + AGAIN + dt.timedelta(minutes=1))
    assert [one.status for one in packages(acme)] == ["ready", "pending"]  # the second is being made by somebody
    with tenant(acme):
        see_to_unfinished(acme, now() + GIVE_UP + dt.timedelta(minutes=1))
    assert packages(acme)[1].status == "failed"
    assert "was not made within a day" in client("manager").get(f"{PAGE}{second.pk}/").content.decode()


def test_programs_ask_and_take_away_under_their_scopes(period, acme):
    manager, auditor = Program(make_token(Cast().manager)[1]), Program(make_token(Cast().auditor)[1])
    answer = manager.post("audit-packages", {"period": str(period.pk), "codes": "AC-002", "with_requests": False})
    assert (answer.status_code, answer.json()["codes"]) == (201, ["AC-002"])
    found = auditor.get(f"audit-packages/{answer.json()['id']}").json()
    assert (found["status"], found["with_requests"], found["with_populations"]) == ("ready", False, True)
    taken = auditor.get(f"audit-packages/{found['id']}/zip")
    assert hashlib.sha256(b"".join(taken.streaming_content)).hexdigest() == found["sha256"]
    assert auditor.post("audit-packages", {"period": str(period.pk)}).status_code == 403
    wrong = manager.post("audit-packages", {"period": str(period.pk), "codes": "NOPE"})
    assert (wrong.status_code, "NOPE" in wrong.content.decode()) == (422, True)
