"""Lists and pages ask the database as often for many rows as for one."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.alerts import receiving
from incidents.alerts.reading import read
from incidents.oncall import channels
from incidents.reporting.actions import open_incident
from tenancy.scope import tenant
from tests.incidents.oncall.making import a_policy, a_schedule, a_webhook

UNCOUNTED = ("SAVEPOINT", "RELEASE", "SET CONSTRAINTS")
MOST = {"channels/": 12, "escalation/": 12, "alerts/": 12, "policy": 15, "channel": 15, "alarm": 15}


def some(manager, number: int) -> None:
    """One more of everything."""
    for one in range(number):
        text = f"{number}-{one}"
        channel = a_webhook(manager, f"https://hooks.example/{text}", name=text)
        channels.send_test(channel, actor=manager)
        a_policy(manager, (["team", f"channel:{channel.pk}"], 5), (["on_call"], 5), name=text)
        receiving.receive(read({"title": text, "severity": "critical"}, source="Probe")[0], actor=manager)


def test_many_rows_cost_what_one_costs(acme, manager, reviewer, client_of):
    with tenant(acme):
        a_schedule(manager, reviewer)
        channel, policy = a_webhook(manager, "https://hooks.example/x"), a_policy(manager, (["on_call"], 5))
        incident = open_incident(actor=manager, title="Down", severity="critical")
    paths = {"policy": f"escalation/{policy.pk}/", "channel": f"channels/{channel.pk}/", "alarm": f"{incident.pk}/alarm/"}
    client, counts = client_of(manager), []
    for number in (1, 4):
        with tenant(acme):
            some(manager, number)
        counts.append({name: queries_of(client, paths.get(name, name)) for name in MOST})
    assert counts[1] == counts[0]
    assert {name: count for name, count in counts[0].items() if count > MOST[name]} == {}


def queries_of(client, path: str) -> int:
    """How often a page asks, once what is read once has been."""
    client.get(f"/o/acme/incidents/{path}")
    with CaptureQueriesContext(connection) as found:
        assert client.get(f"/o/acme/incidents/{path}").status_code == 200
    return sum(not one["sql"].startswith(UNCOUNTED) for one in found)
