"""Results are kept once, move checks on, and leave spans, hours and outages behind."""

import datetime as dt

import pytest

from incidents.models import Incident
from incidents.models.timeline import IncidentEntry
from monitoring.checking.outages import tell_outages
from monitoring.checking.recording import keep
from monitoring.defining.actions import pause
from monitoring.models import CheckHour, CheckResult, Outage
from tenancy.scope import tenant
from tests.monitoring.making import MINUTE, START, check_of, result, see, spans_of

pytestmark = pytest.mark.usefixtures("in_acme")


def test_a_healthy_check_has_one_span(manager):
    check = see(check_of(manager), "+++++")
    assert (check.health, check.since) == ("healthy", START)
    assert spans_of(check) == [("healthy", 0, 300)]


def test_what_was_suspected_is_down_from_the_first_failure_on(manager):
    check = see(check_of(manager), "++---++")
    assert spans_of(check) == [("healthy", 0, 120), ("down", 120, 300), ("healthy", 300, 420)]
    outage = Outage.objects.get()
    assert (outage.started_at, outage.confirmed_at) == (START + 2 * MINUTE, START + 3 * MINUTE)
    assert (outage.status, outage.ended_at) == ("over", START + 5 * MINUTE)


def test_one_batch_says_what_single_results_say(manager):
    story = "+++---+~~+  +---+"
    one, other = check_of(manager, "One"), check_of(manager, "Other")
    see(one, story)
    see(other, story, at_once=True)
    assert spans_of(one) == spans_of(other)
    assert one.refreshed().health == other.refreshed().health
    assert list(one.outages.values_list("started_at", "ended_at")) == list(other.outages.values_list("started_at", "ended_at"))


def test_nobody_looked_means_no_span(manager):
    check = see(check_of(manager), "++          ++")
    assert spans_of(check) == [("healthy", 0, 120), ("healthy", 720, 840)]


def test_the_same_result_twice_is_one(manager):
    check = check_of(manager)
    for _ in range(2):
        keep([result(check, START, "healthy")])
    assert CheckResult.objects.count() == 1
    assert CheckHour.objects.get().results == 1


def test_hours_add_up(manager):
    check = check_of(manager)
    keep([result(check, START, "healthy", duration_ms=100), result(check, START + MINUTE, "down", duration_ms=900)])
    keep([result(check, START + 2 * MINUTE, "degraded", duration_ms=500)])
    hour = CheckHour.objects.get()
    assert (hour.results, hour.degraded, hour.failed, hour.timed, hour.total_ms, hour.max_ms) == (3, 1, 1, 3, 1500, 900)


def test_what_is_paused_keeps_nothing(manager):
    check = check_of(manager)
    check.PAUSE.apply(check, actor=manager)
    assert not keep([result(check, START, "healthy")])
    assert not CheckResult.objects.exists()


def test_an_outage_opens_one_incident_and_its_end_stands_in_it(manager, acme, django_assert_max_num_queries):
    check = see(check_of(manager, critical=True), "+--")
    assert tell_outages(acme) == 1
    assert tell_outages(acme) == 0
    incident = Incident.objects.get()
    assert (incident.title, incident.severity, incident.kind) == ("Billing API is down", "critical", "availability")
    assert incident.occurred_at == START + MINUTE
    assert Outage.objects.get().incident == incident
    see(check, "+", begins=START + 10 * MINUTE)
    assert tell_outages(acme) == 1
    assert tell_outages(acme) == 0
    assert incident.refreshed().status != "resolved"
    assert Outage.objects.get().noted


def test_a_check_that_is_paused_while_it_is_down_is_not_said_to_be_up(manager, acme):
    check = see(check_of(manager), "+--")
    tell_outages(acme)
    pause(check, actor=manager, reason="The server is replaced")
    tell_outages(acme)
    told = list(IncidentEntry.objects.values_list("text", flat=True))
    assert not [words for words in told if "is up again" in words]
    assert [words for words in told if words.startswith("Billing API is paused since")]
    assert Outage.objects.get().status == "over"


def test_checks_of_a_system_share_its_incident(manager, acme):
    from tests.reviews.world import system

    billing = system("Billing")
    see(check_of(manager, "Page", system=billing), "--")
    tell_outages(acme)
    assert Incident.objects.get().severity == "medium"
    see(check_of(manager, "Database", system=billing, critical=True), "--")
    tell_outages(acme)
    assert Incident.objects.get().severity == "critical", "the gravest of them decides"
    assert len(set(Outage.objects.values_list("incident", flat=True))) == 1


def test_a_batch_costs_as_many_queries_for_many_checks_as_for_few(manager, django_assert_num_queries):
    checks = [check_of(manager, f"Check {number}") for number in range(30)]
    keep([result(one, START, "healthy") for one in checks])
    for number, some in enumerate((checks[:2], checks), start=1):
        with django_assert_num_queries(6):
            keep([result(one, START + number * MINUTE, "healthy") for one in some])


def test_another_organization_keeps_nothing_for_it(manager, globex):
    check = check_of(manager)
    with tenant(globex):
        assert not keep([result(check, START, "healthy")])
    assert not CheckResult.objects.exists()


def test_an_allowance_is_wide_enough_for_one_late_result(manager):
    check = check_of(manager)
    assert check.allowance == dt.timedelta(seconds=60 + 60 + 20)
