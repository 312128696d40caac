"""The rule that nobody has access before their background check follows from accounts and the register, or is not known."""

import datetime as dt

import pytest

from controls.binder.facts import facts_of
from controls.models import AuditPeriod
from controls.periods.actions import create_period
from inventory.models import Person
from policies.background.actions import put_rule, record_check
from policies.background.binder import checks
from policies.background.gaps import raise_findings
from policies.models import BackgroundRule
from tenancy.models import Organization
from tenancy.scope import now
from tests.cast import signed_in
from tests.reviews.world import changed, days_ago, grant, person, snapshot, system

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def today(acme: Organization) -> dt.date:
    return acme.today()


@pytest.fixture
def period(in_acme, manager, today) -> AuditPeriod:
    """The last 90 days."""
    first = today - dt.timedelta(days=90)
    return create_period(actor=manager, name="Quarter", kind="type2", starts_on=first, ends_on=today)


@pytest.fixture
def rule(manager, today) -> BackgroundRule:
    """From before the period on."""
    return put_rule(actor=manager, since=today - dt.timedelta(days=200), contractors=False)


def told(period: AuditPeriod) -> list[tuple[str, str]]:
    """The outcome and the sentence of each fact."""
    day = period.ends_on
    return [(fact.outcome, fact.sentence) for fact in facts_of("no-access-before-check", period, day)]


def outcomes(period: AuditPeriod) -> list[str]:
    return [outcome for outcome, _ in told(period)]


def document(period: AuditPeriod) -> tuple[str, str]:
    """How the register stands on its shelf."""
    one = next(iter(checks(period, period.ends_on)))
    return one.presence, one.note


def checked(manager, who: Person, day: dt.date) -> None:
    record_check(actor=manager, person=who, checked_on=day, provider="Clearwater", outcome="clear")


def test_what_nobody_has_said_or_imported_is_not_known(period, manager, today):
    assert told(period) == [("unknown", "Nobody has said from when on people are checked before they get access.")]
    assert document(period)[0] == "not_evaluable"
    put_rule(actor=manager, since=today - dt.timedelta(days=30), contractors=True)
    system()
    assert outcomes(period) == ["unknown", "unknown"]
    assert "is not judged" in told(period)[0][1]
    assert told(period)[1][1] == "The accounts of 1 of 1 systems have not been imported."
    assert document(period)[0] == "not_evaluable"


def test_it_holds_where_everybody_was_checked_first(rule, period, manager, today):
    one, okta = person("Before"), system()
    snapshot(okta, [grant(one)], as_of=days_ago(20))
    assert outcomes(period) == ["broken"]
    assert document(period) == ("incomplete", "0 people checked; 1 had access before, or have no check.")
    checked(manager, one, today - dt.timedelta(days=40))
    assert outcomes(period) == ["holds"]
    assert told(period)[0][1].startswith("No employee had access")
    assert document(period) == ("present", "1 person checked; 0 had access before, or have no check.")
    snapshot(okta, [grant(one), grant("somebody", kind="unmatched")], as_of=now())
    assert told(period) == [("unknown", "Of 1 account nobody has said whose they are.")]


def test_no_check_at_all_is_not_green(rule, period):
    snapshot(system(), [grant("robot", kind="service")], as_of=days_ago(20))
    assert document(period) == ("not_evaluable", "No check is in the register.")


def test_what_was_put_right_before_the_period_does_not_break_it(rule, period, manager, today):
    one = person("Long ago")
    snapshot(system(), [grant(one)], as_of=days_ago(150))
    checked(manager, one, today - dt.timedelta(days=140))
    assert outcomes(period) == ["holds"]


def test_whoever_was_found_and_has_left_in_the_period_counts(rule, period, manager, today, acme):
    one = person("Gone")
    snapshot(system(), [grant(one)], as_of=days_ago(20))
    raise_findings(acme, now())
    changed(one, status="left", left_on=today - dt.timedelta(days=1))
    assert told(period)[0] == ("broken", "1 person had access in the period before a background check, or without one.")
    checked(manager, one, today - dt.timedelta(days=50))
    assert "broken" not in outcomes(period)


def test_the_sentence_leads_to_its_findings(rule, period, manager, acme):
    snapshot(system(), [grant(person("Never"))], as_of=days_ago(20))
    raise_findings(acme, now())
    fact = next(iter(facts_of("no-access-before-check", period, period.ends_on)))
    assert "Never: access before a background check" in signed_in(manager).get(fact.url).content.decode()
