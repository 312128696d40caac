"""The page of the seal, and checks: asked for, watched, kept with their evidence, and alarming when something is found."""

import datetime as dt
import json

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import AuditEvent
from evidence.files import open_file
from evidence.models import Evidence
from incidents.models import SecurityEvent
from proof.models import TrailCheck
from proof.trail.tasks import NIGHT, check_nightly
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.cast import Cast, signed_in
from tests.proof.attacking import Trail, attack, sealed_trail
from workflow.models import Job

pytestmark = pytest.mark.usefixtures("committed_db")
PAGE = "/o/acme/proof/"


@pytest.fixture
def trail(committed_db: None) -> Trail:
    return sealed_trail(Organization.objects.get(slug="acme"))


def client(role: str) -> Client:
    return signed_in(Cast().of("acme", role))


def checks() -> list[TrailCheck]:
    with tenant(Organization.objects.get(slug="acme")):
        return list(TrailCheck.objects.select_related("evidence__file").order_by("at"))


def test_an_auditor_checks_the_trail_and_finds_the_outcome(trail):
    auditor = client("auditor")
    assert "was not checked in the last two days" in auditor.get(PAGE).content.decode()
    answer = auditor.post(f"{PAGE}check/")
    job = auditor.get(answer["Location"]).content.decode()
    assert "The trail is intact" in job
    (check,) = checks()
    assert (check.outcome, check.found, check.asked_by) == ("intact", 0, Cast().of("acme", "auditor"))
    page = auditor.get(PAGE).content.decode()
    assert "The trail is intact" in page
    assert "SHA256:" in page
    detail = auditor.get(f"{PAGE}{check.pk}/").content.decode()
    assert check.evidence.reference in detail
    with tenant(trail.organization):
        evidence = Evidence.objects.get(pk=check.evidence_id)
        with open_file(evidence.file) as file:
            assert json.load(file)["outcome"] == "intact"
        assert evidence.category == "monitoring"
        assert AuditEvent.objects.filter(verb="trail.check", object_id=check.pk).exists()


@pytest.mark.parametrize("role", ["employee", "viewer", "approver", "executive", "reviewer"])
def test_who_does_not_read_the_trail_sees_nothing_of_it(trail, role):
    assert client(role).get(PAGE).status_code == 403
    assert client(role).post(f"{PAGE}check/").status_code == 403


def test_what_is_broken_is_named_and_reported_once(trail):
    event = trail.events[13]
    attack("UPDATE audit_event SET object_name = 'Another' WHERE id = %s", event)
    manager = client("manager")
    for _ in range(2):
        manager.post(f"{PAGE}check/")
    first, second = checks()
    assert first.outcome == "broken"
    assert first.first is not None
    assert (first.first["event"], first.first["position"]) == (str(event), 13)
    page = manager.get(f"{PAGE}{second.pk}/").content.decode()
    assert "Copied column differs" in page
    assert f"/audit/{event}/" in page
    assert "The trail is broken" in manager.get(PAGE).content.decode()
    with tenant(trail.organization):
        (reported,) = SecurityEvent.objects.filter(source="product")
        assert (reported.severity, reported.times_seen) == ("critical", 2)
        assert reported.title == "The audit trail is broken: copied column differs"


def test_what_cannot_be_asked_is_not_green(trail):
    trail.witness.write_text("nonsense\n")
    manager = client("manager")
    manager.post(f"{PAGE}check/")
    (check,) = checks()
    assert (check.outcome, check.found) == ("not_evaluable", 0)
    assert "could not be evaluated" in manager.get(PAGE).content.decode()


def test_sealing_that_stands_still_is_said(trail):
    trail.write("Waits")
    attack("UPDATE audit_event SET at = at - interval '20 minutes' WHERE object_name = 'Waits'")
    assert "Sealing stands still" in client("manager").get(PAGE).content.decode()


def test_every_night_it_is_checked_once(trail):
    organization = trail.organization
    early = dt.datetime.combine(organization.today(), dt.time(NIGHT - 1, 30), organization.tzinfo)
    for at in (early, early + dt.timedelta(hours=1), early + dt.timedelta(hours=2)):
        with tenant(organization):
            check_nightly(organization, at)
    found = [(check.asked_by, check.outcome) for check in checks()]
    assert found == [(None, "intact")]


def test_the_command_tells_of_every_organization_and_fails_when_one_is_broken(trail, capsys):
    call_command("seal")
    call_command("verify_audit", "acme", "--dry")
    assert "acme: The trail is intact" in capsys.readouterr().out
    assert checks() == []
    attack("DELETE FROM audit_event WHERE id = %s", trail.events[0])
    with pytest.raises(SystemExit) as left:
        call_command("verify_audit")
    assert left.value.code == 1
    out = capsys.readouterr().out
    assert f"missing: event {trail.events[0]} at 0" in out
    assert "globex: " in out
    assert [check.outcome for check in checks()] == ["broken"]


def test_the_command_says_what_it_could_not_evaluate(trail):
    trail.witness.write_text("nonsense\n")
    with pytest.raises(SystemExit) as left:
        call_command("verify_audit", "acme", "--dry")
    assert left.value.code == 3


def test_a_program_has_it_checked_and_reads_the_outcome(trail):
    with tenant(trail.organization):
        token = make_token(Cast().of("acme", "manager"))[1]
    program = Program(token)
    begun = program.post("trail-checks/now")
    assert begun.status_code == 202, begun.content
    with tenant(trail.organization):
        assert Job.objects.get(pk=begun.json()["id"]).status == "done"
    (told,) = program.get("trail-checks").json()["results"]
    assert (told["outcome"], told["faults"]) == ("intact", [])
    assert program.get(f"trail-checks/{told['id']}").json()["root"] == told["root"]
    assert now() - dt.timedelta(minutes=5) < dt.datetime.fromisoformat(told["at"])
