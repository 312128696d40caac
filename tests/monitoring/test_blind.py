"""What Plumbline refuses to look at, or cannot look at from here, is neither up nor down, and opens nothing."""

import asyncio
import errno
import socket
from typing import Any

import pytest

from incidents.models import Incident
from monitoring import inbox
from monitoring.checking.outages import tell_outages
from monitoring.checking.recording import Kept, keep
from monitoring.models import CheckHour, CheckResult, Outage
from monitoring.probing.looking import look
from monitoring.probing.target import target_of
from monitoring.uptime.reckoning import share_of
from tenancy.scope import now, tenant
from tests.monitoring.making import MINUTE, START, check_of, see, spans_of
from tests.monitoring.test_probing import seen
from tests.workflow.servers import LOOPBACK, serving
from workflow.outgoing import addresses, here
from workflow.outgoing.addresses import NOTHING, check_address_async
from workflow.outgoing.errors import OutgoingBlind, OutgoingFailed


@pytest.fixture
def resolver(monkeypatch) -> dict[str, Any]:
    """What the resolver has for names; for others it gives no answer."""
    known: dict[str, Any] = {}

    def look_up(name: str, _port: int) -> list[str]:
        if name not in known:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        if isinstance(known[name], OSError):
            raise known[name]
        return [known[name]]

    monkeypatch.setattr(addresses, "look_up", look_up)
    here.forget()
    return known


def asked(name: str) -> Any:
    return asyncio.run(check_address_async(name, 443, NOTHING, seconds=2))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [("http", {"url": "http://127.0.0.1:1/"}), ("tcp", {"port": 1}), ("redis", {"port": 1}), ("postgresql", {"port": 1})],
)
def test_a_host_that_is_not_allowed_is_not_evaluated(kind, facts):
    found = seen(kind, allowed=frozenset(), **facts)
    assert (found.outcome, found.duration_ms) == ("unknown", None)
    assert "not on the public internet" in found.detail


def test_an_answer_that_sends_elsewhere_is_an_answer():
    with serving(lambda handler: handler.say(302, Location="https://elsewhere.example/")) as server:
        found = seen("http", url=server.url, allowed=LOOPBACK)
    assert found.outcome == "down"
    assert "redirects to another host" in found.detail


def test_a_name_that_there_is_not_is_down(resolver):
    resolver["gone.example"] = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    with pytest.raises(OutgoingFailed) as failure:
        asked("gone.example")
    assert not isinstance(failure.value, OutgoingBlind)


def test_a_name_without_an_answer_is_its_own_fault_only_where_the_resolver_answers_for_another(resolver):
    with pytest.raises(OutgoingBlind, match="says nothing of mute"):
        asked("mute.example")
    resolver["www.other.example"] = "8.8.8.8"
    resolver["mute.test"] = "8.8.4.4"
    asked("www.other.example")
    asked("mute.test")
    del resolver["mute.test"]
    with pytest.raises(OutgoingFailed) as failure:
        asked("mute.test")
    assert not isinstance(failure.value, OutgoingBlind), "the resolver answers for another name"
    resolver.clear()
    with pytest.raises(OutgoingBlind):
        asked("mute.test")


def test_a_machine_without_a_way_there_or_without_room_knows_nothing(monkeypatch):
    async def refuse(*_: Any, **__: Any) -> Any:
        raise OSError(errno.EMFILE, "Too many open files")

    assert seen("tcp", port=1).outcome == "down", "somebody was there, and did not answer"
    monkeypatch.setattr("monitoring.probing.sockets.asyncio.open_connection", refuse)
    found = seen("tcp", port=1)
    assert found.outcome == "unknown"
    assert "from here" in found.detail
    monkeypatch.setattr(here, "_is_routed", lambda _address: False)
    assert seen("http", url="http://127.0.0.1:1/").outcome == "unknown"
    assert seen("postgresql", port=1).outcome == "unknown"


def test_what_was_not_evaluated_is_unknown_time_and_no_outage(acme, manager, in_acme):
    check = see(check_of(manager, failures=1), "++??++")
    assert spans_of(check) == [("healthy", 0, 120), ("healthy", 240, 360)]
    share = share_of(check, START, START + 6 * MINUTE)
    assert (share.up, share.down, share.unknown, share.uptime) == (240.0, 0.0, 120.0, 100.0)
    assert not Outage.objects.exists()
    assert tell_outages(acme) == 0
    assert not Incident.objects.exists()
    assert CheckHour.objects.get().results == 4, "a look that did not come about is no result of the hour"
    assert CheckResult.objects.filter(outcome="unknown").count() == 2


def test_failures_on_both_sides_of_it_are_not_in_a_row_and_an_outage_goes_on(manager, in_acme):
    assert see(check_of(manager, "One"), "+-?-").health == "unknown"
    check = see(check_of(manager, "Other"), "+--??")
    assert (check.health, check.health_at(now())) == ("down", "unknown")
    assert spans_of(check) == [("healthy", 0, 60), ("down", 60, 180)]
    check = see(check, "-+", begins=START + 5 * MINUTE)
    assert spans_of(check) == [("healthy", 0, 60), ("down", 60, 180), ("down", 300, 360), ("healthy", 360, 420)]
    assert Outage.objects.get().status == "over"


@pytest.mark.parametrize("story", ["+??+", "+--?--+", "??", "?--?+", "+ ?  -", "+   ?~?"])
def test_one_batch_says_what_single_results_say(manager, in_acme, story):
    one, other = see(check_of(manager, "One"), story), see(check_of(manager, "Other"), story, at_once=True)
    assert spans_of(one) == spans_of(other)
    assert (one.health, one.since, one.covered_until) == (other.health, other.since, other.covered_until)


def test_who_runs_monitoring_is_told_and_led_to_allowing_the_host(client_of, acme, manager, administrator):
    with tenant(acme):
        check = check_of(manager, url="http://10.0.4.7:8080/health")
        found = asyncio.run(look(target_of(check, frozenset())))
        keep([Kept(check.pk, now(), now(), found)])
        assert [entry.title for entry in inbox.entries(manager)] == ["Plumbline cannot look at Billing API"]
    path = f"/o/acme/monitoring/{check.pk}/"
    page = client_of(manager).get(path).content.decode()
    assert "Could not be evaluated" in page
    assert "Whoever may allow it: Administrator." in page
    client = client_of(administrator)
    page = client.get(path).content.decode()
    assert 'hosts/allow/?host=10.0.4.7&amp;port=8080"' in page
    form = client.get(page.split('class="button" href="')[1].split('"')[0].replace("&amp;", "&")).content.decode()
    assert 'value="10.0.4.7"' in form
    assert 'value="8080"' in form
