"""Screens and their API: a check is added, tried, changed, paused; lists ask a fixed number of questions."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEvent
from incidents.models import Incident
from monitoring.checking.outages import tell_outages
from monitoring.checking.recording import keep
from monitoring.defining.actions import create_check, restore, retire
from monitoring.models import CapacityReview, Check, MaintenanceWindow, RecoveryTest
from monitoring.planning.actions import cancel, plan
from monitoring.probing.target import opened
from tenancy.scope import now, tenant
from tests.api.conftest import Program, make_token
from tests.monitoring.making import check_of, result, see
from ui.refusals import ActionRefused

FORM = {
    "kind": "http", "name": "Console", "url": "https://console.example/", "interval": 60, "timeout": 10, "failures": 2,
    "successes": 1, "target": "99.9",
}  # fmt: skip
BASE = "/o/acme/monitoring/"


@pytest.fixture
def check(manager, acme) -> Check:
    """One that is healthy now."""
    with tenant(acme):
        made = create_check(actor=manager, name="Billing API", kind="http", url="https://billing.example/", failures=2)
        keep([result(made, now(), "healthy")])
        return made.refreshed()


def test_a_check_is_added_in_the_browser(manager, client_of, acme):
    client = client_of(manager)
    assert b"A job that calls in" in client.get(f"{BASE}new/").content
    page = client.get(f"{BASE}new/check/?of=postgresql").content.decode()
    assert 'value="5432"' in page
    assert "Expected statuses" not in page
    assert client.get(f"{BASE}new/check/")["Location"].endswith("/monitoring/new/")
    answer = client.post(f"{BASE}new/check/?of=http", FORM)
    assert answer.status_code == 303
    assert b"Not looked at yet" in client.get(answer["Location"]).content


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"url": "ftp://x.example/"}, "Only addresses that begin with"),
        ({"url": "https://me:secret@x.example/"}, "carries no name or password"),
        ({"url": ""}, "This field is required"),
        ({"timeout": 61}, "at most 60 seconds"),
        ({"expected_statuses": "two hundred"}, "Write statuses such as"),
        ({"header": "Bad Header"}, "Write the name of a header"),
        ({"secret": "one\ntwo"}, "one line"),
        ({"kind": "telepathy"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_watched_is_told_at_its_field(manager, client_of, wrong, words):
    answer = client_of(manager).post(f"{BASE}new/check/?of=http", {**FORM, **wrong})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_secret_is_sealed_and_never_shown(manager, client_of, acme):
    client = client_of(manager)
    answer = client.post(f"{BASE}new/check/?of=http", {**FORM, "header": "X-Key", "secret": "Zeppelin-17"})
    with tenant(acme):
        made = Check.objects.get()
        assert "Zeppelin" not in made.secret
        assert opened(made) == "Zeppelin-17"
    for page in (answer["Location"], f"{BASE}{made.pk}/edit/", "/o/acme/audit/"):
        assert b"Zeppelin" not in client.get(page).content
    client.post(f"{BASE}{made.pk}/edit/", {**FORM, "name": "Other", "header": "X-Key", "secret": ""})
    with tenant(acme):
        assert opened(made.refreshed()) == "Zeppelin-17"
    client.post(f"{BASE}{made.pk}/edit/", {**FORM, "name": "Other", "header": "X-Key", "forget_secret": "on"})
    with tenant(acme):
        assert opened(made.refreshed()) == ""


def test_what_is_known_is_shown_and_what_is_too_old_is_not(manager, client_of, check, acme):
    client = client_of(manager)
    assert b"Healthy" in client.get(f"{BASE}{check.pk}/").content
    with tenant(acme):
        Check.objects.update(covered_until=now() - dt.timedelta(seconds=1))
    page = client.get(f"{BASE}{check.pk}/").content
    assert b"Nothing is known" in page
    assert b"Billing API" in client.get(f"{BASE}?health=unknown").content
    assert b"Billing API" not in client.get(f"{BASE}?health=healthy").content


def test_a_pause_with_its_reason_and_back(manager, client_of, check, acme):
    client = client_of(manager)
    assert client.post(f"{BASE}{check.pk}/pause/", {"reason": ""}).status_code == 422
    assert client.post(f"{BASE}{check.pk}/pause/", {"reason": "Moved"}).status_code == 303
    assert b"Paused" in client.get(f"{BASE}{check.pk}/").content
    assert client.post(f"{BASE}{check.pk}/resume/").status_code == 302
    with tenant(acme):
        assert (check.refreshed().status, check.refreshed().health) == ("active", "unknown")


def test_trying_keeps_nothing(manager, client_of, check, acme):
    answer = client_of(manager).post(f"{BASE}{check.pk}/try/", follow=True)
    assert b"Down after" in answer.content
    with tenant(acme):
        assert check.results.count() == 1
        assert check.refreshed().health == "healthy"


def test_what_is_typed_is_tried_before_it_is_added(manager, client_of, acme):
    client = client_of(manager)
    answer = client.post(f"{BASE}new/try/?of=http", {**FORM, "url": "http://127.0.0.1:9/"})
    assert answer.status_code == 200
    assert "not on the public internet" in answer.content.decode()
    assert 'value="Console"' in answer.content.decode()
    assert client.post(f"{BASE}new/try/?of=http", {**FORM, "url": ""}).status_code == 422
    with tenant(acme):
        assert not Check.objects.exists()


def test_an_incident_is_named_to_those_who_may_see_it(manager, viewer, client_of, acme):
    with tenant(acme):
        down = create_check(actor=manager, name="Secret project", kind="http", url="https://x.example/", failures=1)
        keep([result(down, now(), "down")])
        tell_outages(acme)
        incident = Incident.objects.get()
        Incident.objects.filter(pk=incident.pk).update(confidential=True)
        set_roles(viewer, "viewer")
    page = client_of(viewer).get(f"{BASE}{down.pk}/")
    assert page.status_code == 200
    assert incident.reference not in page.content.decode()


def set_roles(member: Any, *roles: str) -> None:
    """With these roles."""
    type(member).objects.filter(pk=member.pk).update(roles=list(roles))


def test_lists_and_pages_ask_a_fixed_number_of_questions(manager, client_of, acme, django_assert_max_num_queries):
    client = client_of(manager)
    for count in (2, 12):
        with tenant(acme):
            for number in range(count):
                see(check_of(manager, f"Check {count} {number}"), "++--+")
            check = Check.objects.all()[0]
        for path, most in ((BASE, 26), (f"{BASE}uptime/", 20), (f"{BASE}{check.pk}/", 26)):
            client.get(path)
            with django_assert_max_num_queries(most):
                assert client.get(path).status_code == 200


def test_maintenance_is_planned_before_it_begins(manager, client_of, check, acme):
    client = client_of(manager)
    begins = (now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    ends = (now() + dt.timedelta(days=2, hours=1)).strftime("%Y-%m-%dT%H:%M")
    form = {"name": "Upgrade", "reason": "New version", "starts_at": begins, "ends_at": ends, "checks": [check.pk]}
    late = client.post(f"{BASE}maintenance/new/", {**form, "starts_at": "2026-01-05T10:00", "ends_at": ends})
    assert "planned before it begins" in late.content.decode()
    answer = client.post(f"{BASE}maintenance/new/", form)
    assert answer.status_code == 303
    assert b"Billing API" in client.get(answer["Location"]).content
    with tenant(acme):
        window = MaintenanceWindow.objects.get()
    assert client.post(f"{BASE}maintenance/{window.pk}/edit/", {**form, "name": "Other", "checks": []}).status_code == 303
    assert client.post(f"{BASE}maintenance/{window.pk}/cancel/", {"reason": "Not needed"}).status_code == 303
    assert client.get(f"{BASE}maintenance/{window.pk}/edit/").status_code == 409
    assert b"Cancelled" in client.get(f"{BASE}maintenance/?state=cancelled").content


TEST = {
    "kind": "restore", "what": "The billing database", "rto_target_minutes": 240, "rto_minutes": 310, "rpo_target_minutes": 60,
    "rpo_minutes": 5, "works": "on",
}  # fmt: skip


def shown() -> SimpleUploadedFile:
    """What shows it."""
    return SimpleUploadedFile("log.txt", b"restored")


def test_a_recovery_test_is_held_against_its_targets_and_stands_for_its_control(manager, client_of, acme):
    from controls.catalogue.actions import create_control
    from controls.models import Control, ControlEvidence, Finding

    today = acme.today()
    with tenant(acme):
        create_control(actor=manager, code="BCP-003", title="Restoring is tested", cadence="quarterly", in_scope_since=today)
        Control.objects.update(library_key="BCP-003", status="active")
    client = client_of(manager)
    assert client.post(f"{BASE}recovery/new/", {**TEST, "tested_on": today}).status_code == 422  # nothing shows it
    answer = client.post(f"{BASE}recovery/new/", {**TEST, "tested_on": today, "uploads": shown()})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "5 h 10 min" in page
    assert "target 4 h" in page
    assert "Target missed" in page
    assert b"Target missed" in client.get(f"{BASE}recovery/?result=missed").content
    with tenant(acme):
        assert not RecoveryTest.objects.get().passed
        assert ControlEvidence.objects.get().evidence == RecoveryTest.objects.get().evidence
        finding = Finding.objects.get()
        assert (finding.control, finding.severity, finding.link) == (Control.objects.get(), "medium", answer["Location"])
        assert "came back in 5 h 10 min against a target of 4 h" in finding.risk
    assert finding.reference in page
    assert "It did not do what was promised: that is a finding now." in page
    again = {**TEST, "tested_on": today, "rto_minutes": 200, "uploads": shown()}
    kept = client.post(f"{BASE}recovery/new/", again)
    after = client.get(kept["Location"]).content.decode()
    assert (finding.reference in after, "is a finding" in after) == (False, False)
    with tenant(acme):
        later = RecoveryTest.objects.latest("recorded_at")
    assert f"{later.reference}</a>" in client.get(answer["Location"]).content.decode()  # a later test of the same passed
    with tenant(acme):
        assert Finding.objects.count() == 1  # a test that passed raises none


def test_what_was_lost_and_is_not_known_does_not_read_as_nothing(manager, client_of, acme):
    client = client_of(manager)
    given = {name: value for name, value in TEST.items() if name != "rpo_minutes"}
    answer = client.post(f"{BASE}recovery/new/", {**given, "tested_on": acme.today(), "uploads": shown()})
    for page in (answer["Location"], f"{BASE}recovery/"):
        read = client.get(page).content.decode()
        assert ("not known" in read, "not at all" in read) == (True, False)


def test_a_slip_of_the_year_is_not_kept_for_good(manager, client_of, acme):
    given = {**TEST, "tested_on": "0206-11-23", "uploads": shown()}
    answer = client_of(manager).post(f"{BASE}recovery/new/", given)
    assert (answer.status_code, "is the year right?" in answer.content.decode()) == (422, True)


def test_a_review_of_capacity_that_finds_too_little_says_what_is_done(manager, client_of, acme):
    client, today = client_of(manager), acme.today()
    quarter = dt.date(today.year, (today.month - 1) // 3 * 3 + 1, 1).isoformat()
    form = {"quarter": quarter, "reviewed_on": today, "findings": "Disks are at 80 %."}
    refused = client.post(f"{BASE}capacity/new/", {**form, "uploads": shown()})
    assert "Say what is done about it" in refused.content.decode()
    answer = client.post(f"{BASE}capacity/new/", {**form, "measures": "Two more", "uploads": shown()})
    assert b"Not enough" in client.get(answer["Location"]).content
    with tenant(acme):
        assert CapacityReview.objects.get().quarter.endswith(str(today.year))


def test_what_waits_for_those_who_run_monitoring(manager, viewer, client_of, check, acme):
    with tenant(acme):
        Check.objects.update(made_at=now() - dt.timedelta(hours=3), covered_until=now() - dt.timedelta(hours=2))
    assert "Nothing is known of Billing API" in client_of(manager).get("/o/acme/").content.decode()
    assert "Nothing is known of" not in client_of(viewer).get("/o/acme/").content.decode()


def test_the_api_watches_as_the_screens_do(manager, acme):
    program = Program(make_token(manager)[1])
    answer = program.post("checks", {"kind": "tcp", "name": "Port", "host": "port.example", "port": 443})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["interval"], made["timeout"], made["has_secret"]) == (60, 10, False)
    changed = program.patch(f"checks/{made['id']}", {"interval": 30}, If_Match="*")
    assert changed.json()["interval"] == 30
    assert program.patch(f"checks/{made['id']}", {"target": 99.95}, If_Match="*").json()["target"] == "99.950"
    assert program.patch(f"checks/{made['id']}", {"target": "99.5"}, If_Match="*").json()["target"] == "99.500"
    assert program.patch(f"checks/{made['id']}", {"target": "100.1"}, If_Match="*").status_code == 422
    assert program.get(f"checks/{made['id']}/health").json()["health"] == "unknown"
    assert program.get(f"checks/{made['id']}/uptime?period=7d").json()["uptime"] is None
    assert program.get(f"checks/{made['id']}/uptime?period=9d").status_code == 400
    assert program.get(f"checks/{made['id']}/results").json() == {"results": []}
    assert program.get("checks?health=unknown").json()["results"][0]["id"] == made["id"]
    assert program.post(f"checks/{made['id']}/pause", {"reason": "Moved"}, If_Match="*").json()["status"] == "paused"


def test_limits_the_wrong_way_round_are_refused(manager, in_acme):
    with pytest.raises(ActionRefused, match="wrong way round"):
        create_check(actor=manager, name="Queue", kind="value", warn_above=9, fail_above=5)


def test_a_retired_check_is_put_back(manager, acme, check):
    with tenant(acme):
        retire(check, actor=manager, reason="Moved.")
        assert restore(check.refreshed(), actor=manager).refreshed().status == "active"
        assert AuditEvent.objects.filter(object_id=check.pk, verb="check.restore").count() == 1


def test_maintenance_that_has_begun_is_ended(manager, acme, check):
    with tenant(acme):
        begins = now() + dt.timedelta(hours=1)
        facts = {"name": "Upgrade", "reason": "New version", "starts_at": begins, "ends_at": begins + dt.timedelta(hours=2)}
        window = plan(actor=manager, checks=[check], **facts)
        MaintenanceWindow.objects.filter(pk=window.pk).update(starts_at=now() - dt.timedelta(minutes=5))
        ended = cancel(window.refreshed(), actor=manager, reason="Done early")
        assert (ended.status, ended.ends_at <= now()) == ("planned", True)
        assert AuditEvent.objects.filter(object_id=window.pk, verb="maintenance.end").count() == 1
