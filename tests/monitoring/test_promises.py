"""What is known stays true when a check is changed, a clock is set back or an outage cannot be told; its secret stays with it."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from django.conf import settings

from audit.models import AuditEvent
from incidents.models import Incident
from incidents.models.timeline import IncidentEntry
from incidents.reporting.actions import outage
from monitoring import inbox
from monitoring.checking.outages import tell_outages
from monitoring.defining.actions import create_check, edit_check, pause
from monitoring.defining.trying import try_check
from monitoring.models import Check, Outage, known_at
from monitoring.own.metrics import _healths
from monitoring.probing.target import target_of
from monitoring.running import runner as running
from monitoring.running.definitions import Watched
from monitoring.running.schedule import Claim, Schedule, member_of
from tenancy.scope import now
from tests.monitoring.making import MINUTE, START, check_of, see, spans_of
from tests.reviews.world import system
from ui.refusals import ActionRefused
from workflow.outgoing.errors import OutgoingBusy

pytestmark = pytest.mark.usefixtures("in_acme")
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    "moved",
    [
        {"url": "https://evil.example/health"},
        {"url": "https://billing.example:8443/health"},
        {"url": "http://billing.example/health"},
    ],
)
def test_whoever_changes_a_check_does_not_get_its_secret(manager, moved):
    check = check_of(manager, header="X-Key", secret="Zeppelin")
    kept = check.secret
    with pytest.raises(ActionRefused, match="somewhere else") as refusal:
        edit_check(check, actor=manager, **moved)
    assert refusal.value.field == "secret"
    assert check.refreshed().secret == kept
    edit_check(check, actor=manager, secret="Another", **moved)
    assert check.refreshed().url == moved["url"]


def test_a_secret_stays_where_its_check_stays_and_one_that_is_forgotten_goes_nowhere(manager):
    check = check_of(manager, header="X-Key", secret="Zeppelin")
    edit_check(check, actor=manager, url="https://billing.example/other", timeout=5)
    assert check.refreshed().secret
    edit_check(check, actor=manager, url="https://evil.example/", forget_secret=True)
    assert not check.refreshed().secret


def test_a_database_is_not_asked_elsewhere_with_the_password_it_has(manager):
    facts: dict[str, Any] = {"kind": "postgresql", "port": 5432, "username": "watch", "secret": "Zeppelin", "use_tls": True}
    check = create_check(actor=manager, name="Ledger", host="ledger.example", **facts)
    for moved in ({"host": "evil.example"}, {"port": 5433}, {"use_tls": False}):
        with pytest.raises(ActionRefused, match="somewhere else"):
            edit_check(check, actor=manager, **moved)


def test_a_secret_in_an_address_is_neither_shown_nor_recorded_and_goes_nowhere_else(manager, acme):
    check = check_of(manager, url="https://billing.example/health?token=Zeppelin")
    edit_check(check, actor=manager, url="https://billing.example/ready?token=…", name="Billing")
    check = check.refreshed()
    assert check.url == "https://billing.example/ready?token=Zeppelin"
    assert check.place == "https://billing.example/ready?token=…"
    told = [str(event.data) for event in AuditEvent.objects.filter(object_id=check.pk)]
    assert len(told) == 2
    assert not [words for words in told if "Zeppelin" in words]
    for moved in ("https://evil.example/?token=…", "https://billing.example/?key=…"):
        with pytest.raises(ActionRefused) as refusal:
            edit_check(check, actor=manager, url=moved)
        assert refusal.value.field == "url"
    see(check, "--")
    tell_outages(acme)
    assert "Zeppelin" not in Incident.objects.get().description


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "a b", "https://x.example"])
def test_what_is_no_host_is_refused_when_it_is_written(manager, host):
    with pytest.raises(ActionRefused, match="is not a host") as refusal:
        create_check(actor=manager, name="Port", kind="tcp", host=host, port=1)
    assert refusal.value.field == "host"


def test_a_longer_interval_makes_nothing_known_of_a_time_in_which_nobody_looked(manager):
    check = see(check_of(manager), "++")
    edit_check(check, actor=manager, interval=86_400)
    check = see(check, "+", begins=START + 3 * HOUR)
    assert spans_of(check)[0] == ("healthy", 0, 120)
    assert spans_of(check)[1][:2] == ("healthy", 3 * 3600)


def test_a_shorter_interval_takes_back_what_the_longer_one_promised(manager):
    check = see(check_of(manager, interval=86_400), "+", begins=now() - HOUR)
    assert check.health_at(now() + HOUR) == "healthy"
    edit_check(check, actor=manager, interval=60)
    span, check = check.spans.get(), check.refreshed()
    assert span.until_at is not None
    assert span.until_at <= now(), "what was known until now stays; from now on a minute without a look is not known"
    assert check.health_at(now() + MINUTE) == "unknown"


def test_what_is_promised_for_longer_is_known_for_longer_where_there_was_no_gap(manager):
    check = see(check_of(manager), "+", begins=now() - MINUTE / 2)
    edit_check(check, actor=manager, interval=3600)
    assert check.refreshed().health_at(now() + HOUR) == "healthy"
    until = check.spans.get().until_at
    assert until is not None
    assert until > now() + HOUR / 2


def test_what_a_clock_that_was_ahead_has_seen_is_not_known(manager):
    check = see(check_of(manager), "+++", begins=now() + 2 * HOUR)
    assert check.health_at(now()) == "unknown"
    assert not Check.objects.filter(known_at(now())).exists()
    assert _healths() == {"unknown": 1}
    assert Check.objects.filter(inbox.unknown()).exists()
    check = see(check, "--", begins=now() - 2 * MINUTE)
    assert (check.health, check.health_at(now())) == ("down", "down"), "else nobody would be told for two hours"
    assert Outage.objects.get().status == "ongoing"
    assert [one.state for one in check.spans.all()] == ["down"]


def test_a_check_is_paused_though_its_clock_was_ahead(manager):
    check = see(check_of(manager), "+++", begins=now() + 2 * HOUR)
    pause(check, actor=manager, reason="Moved")
    assert check.refreshed().status == "paused"


def test_an_outage_that_cannot_be_told_keeps_no_other_from_being_told(manager, acme, monkeypatch):
    def refuse(**facts: Any) -> Any:
        if facts["title"] == "One is down":
            raise ActionRefused("Nobody knows why.")
        return outage(**facts)

    monkeypatch.setattr("monitoring.checking.outages.outage", refuse)
    one, other = see(check_of(manager, "One"), "--"), see(check_of(manager, "Other"), "--")
    assert tell_outages(acme) == 1
    assert Outage.objects.get(check_of=one).incident is None
    assert Outage.objects.get(check_of=other).incident is not None


def test_the_end_stands_in_the_incident_of_the_outage_whatever_its_system_is_by_now(manager, acme):
    check = see(check_of(manager, system=system("Billing")), "--")
    tell_outages(acme)
    edit_check(check, actor=manager, system=system("Ledger"))
    see(check, "+", begins=START + 10 * MINUTE)
    tell_outages(acme)
    assert [words for words in IncidentEntry.objects.values_list("text", flat=True) if "is up again" in words]


def test_a_look_for_which_there_was_no_room_says_nothing(acme, manager, in_acme, monkeypatch):
    async def refuse(*_: Any, **__: Any) -> Any:
        raise OutgoingBusy("Too many names wait.")

    monkeypatch.setattr("monitoring.probing.sockets.check_address_async", refuse)
    check = create_check(actor=manager, name="Port", kind="tcp", host="port.example", port=1, use_tls=False, timeout=2)
    claim = Claim(member_of(acme.pk, check.pk), 0.0, 0.0)

    async def story() -> list[Any]:
        runner = running.Runner(Schedule(settings.PLUMBLINE_MONITOR_URL, "test:nobody:"))
        await runner._look(claim, Watched(acme, target_of(check, frozenset()), None))
        runner.database.shutdown()
        await runner.schedule.close()
        return runner.results

    assert asyncio.run(story()) == []
    with pytest.raises(ActionRefused, match="Too many names"):
        try_check(check)
