"""Who is on call, escalation, channels and alerts, by a program."""

import itertools

from incidents.models import AlertChannel, EscalationPolicy, Incident, SecurityEvent
from incidents.oncall.now import whoever
from tenancy.scope import now, tenant

SEEN = {"If_Match": "*"}
ROTATION = {"every": 1, "unit": "week", "starts_on": "2026-01-05", "hands_over_at": "09:00", "zone": "Europe/Berlin"}


def test_a_schedule_is_made_asked_and_taken_over(program, acme, manager, reviewer, approver):
    members = [str(approver.pk), str(reviewer.pk), str(approver.pk)]
    given = {"name": "Platform", "fallback": str(manager.pk), "members": members, **ROTATION}
    made = program.post("on-call-schedules", given)
    assert made.status_code == 201, made.content
    assert made.json()["members"] == members
    assert made.json()["is_default"] is True
    key = made.json()["id"]
    known = program.get("on-call-schedules/now").json()["schedules"][0]
    assert known["now"]["member"] in members
    weeks = program.get(f"on-call-schedules/{key}/weeks").json()["spans"]
    assert all(one["ends"] == two["begins"] for one, two in itertools.pairwise(weeks))
    taken = program.post(
        f"on-call-schedules/{key}/take-over", {"starts_at": now().isoformat(), "ends_at": weeks[0]["ends"]}, **SEEN
    )
    assert taken.status_code in {200, 201}, taken.content
    with tenant(acme):
        assert whoever(now()) == manager
    override = program.get("on-call-overrides").json()["results"][0]
    assert program.post(f"on-call-overrides/{override['id']}/withdraw", **SEEN).status_code == 200
    changed = program.patch(f"on-call-schedules/{key}", {"members": [str(reviewer.pk)]}, **SEEN)
    assert changed.json()["members"] == [str(reviewer.pk)]


def test_a_policy_has_steps_and_a_channel_is_not_read_back(program, acme, manager):
    made = program.post("escalation-policies", {"name": "Nights", "severities": ["high"], "repeats": 1}).json()
    step = program.post(f"escalation-policies/{made['id']}/add-step", {"targets": ["team"], "minutes": 5}, **SEEN)
    assert step.status_code in {200, 201}, step.content
    assert program.get(f"escalation-policies/{made['id']}/steps").json()["results"][0]["targets"] == ["team"]
    refused = program.post(f"escalation-policies/{made['id']}/add-step", {"targets": ["member:nobody"], "minutes": 5}, **SEEN)
    assert refused.status_code == 422
    channel = program.post("alert-channels", {"name": "Hook", "kind": "webhook", "url": "https://hooks.example/hidden"})
    assert channel.status_code == 201, channel.content
    assert "hidden" not in channel.content.decode()
    assert program.post(f"alert-channels/{channel.json()['id']}/test", **SEEN).status_code == 200
    with tenant(acme):
        assert EscalationPolicy.objects.count() == AlertChannel.objects.count() == 1


def test_alerts_come_in_with_a_token_that_may_only_report(program_of, acme, employee):
    program = program_of(employee, "incidents.report")
    body = {
        "alerts": [{"title": "The API is down", "severity": "page"}, {"title": "Disk", "severity": "warning", "source": "db-1"}]
    }
    first = program.post("incoming-alerts", body)
    assert first.status_code == 200, first.content
    assert [one["outcome"] for one in first.json()["results"]] == ["reported", "reported"]
    again = program.post("incoming-alerts", body).json()["results"]
    assert [one["outcome"] for one in again] == ["counted", "counted"]
    with tenant(acme):
        assert Incident.objects.get().severity == "critical"
        assert sorted(SecurityEvent.objects.values_list("reported_as", flat=True)) == sorted([employee.name, "db-1"])
    wrong = program.post("incoming-alerts", {"alerts": [{"title": "a"}, {"severity": "page"}]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "#/alerts/1/title"
    with tenant(acme):
        assert SecurityEvent.objects.count() == 2
    assert program.get("incoming-alerts").status_code == 403


def test_the_rule_of_alerts(program):
    assert program.get("alert-settings").json() == {"opens": ["critical"]}
    assert program.patch("alert-settings", {"opens": ["critical", "high"]}, **SEEN).json() == {"opens": ["critical", "high"]}
