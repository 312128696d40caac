"""The dashboard for programs."""

from controls.models import AuditPeriod
from incidents.reporting.actions import open_incident
from reports.dashboard.data import dashboard_data
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.tenancy.everything import make_everything


def test_it_says_what_the_page_says(manager, acme):
    make_everything(acme)
    with tenant(acme):
        period = AuditPeriod.objects.first()
        expected = dashboard_data(period, acme, reader=manager)
    assert period is not None
    program = Program(make_token(manager)[1])
    said = program.get("compliance/dashboard").json()
    assert (said["metrics"], said["period"]["from"]) == (expected["metrics"], str(period.starts_on))
    assert said["controls"] == expected["controls"]
    assert said["risks"] == expected["risks"]
    assert all(said["risks"].values())
    assert program.get(f"compliance/dashboard?period={period.pk}").json() == said


def test_without_a_period_nothing_is_measured(manager):
    said = Program(make_token(manager)[1]).get("compliance/dashboard").json()
    assert (said["period"], said["metrics"]["overallCompliance"], said["controls"]) == (None, None, [])


def test_what_is_asked_wrongly_is_refused(manager, globex):
    make_everything(globex)
    with tenant(globex):
        theirs = AuditPeriod.objects.values_list("pk", flat=True)[0]
    program = Program(make_token(manager)[1])
    for query in ("period=x", f"period={theirs}", "made_up=1"):
        assert program.get(f"compliance/dashboard?{query}").status_code == 400


def test_findings_are_counted_for_those_who_see_them(employee, manager):
    assert Program(make_token(employee)[1]).get("compliance/dashboard").status_code == 403
    assert Program(make_token(manager)[1]).get("compliance/dashboard").json()["metrics"]["criticalFindings"] == 0


def test_incidents_and_health_are_told_as_far_as_the_token_reads_them(manager, approver, in_acme, administrator, acme):
    open_incident(actor=manager, title="Down", severity="critical")
    open_incident(actor=administrator, title="Taken", severity="low", confidential=True)
    said = Program(make_token(administrator)[1]).get("compliance/dashboard").json()["risks"]
    assert said["incidents"] == {"ongoing": 2, "critical": 1, "notAcknowledgedInTime": 0}
    assert said["checks"] == {"watched": 0, "up": 0, "down": 0, "unknown": 0}
    assert said["vulnerabilities"] == {"open": 0, "critical": 0, "overdue": 0}
    assert said["processing"] == {"hours": 24, "documents": 0, "succeeded": 0, "failed": 0, "successRate": None}
    assert Program(make_token(approver)[1]).get("compliance/dashboard").json()["risks"]["incidents"]["ongoing"] == 1
    little = Program(make_token(manager, "controls.read")[1])
    assert set(little.get("compliance/dashboard").json()["risks"].values()) == {None}
