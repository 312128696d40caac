"""Whoever has an account in the inventory before their background check becomes a finding, once."""

import datetime as dt

import pytest

from controls.models import Finding
from inventory.models import Person
from policies.background.actions import put_rule, record_check
from policies.background.gaps import early, raise_findings
from policies.models import BackgroundGap, BackgroundRule
from tenancy.models import Organization
from tenancy.scope import now
from tests.cast import signed_in
from tests.reviews.world import changed, days_ago, grant, person, snapshot, system
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
PAGES = "/o/acme/policies/background/"


@pytest.fixture
def today(acme: Organization) -> dt.date:
    return acme.today()


@pytest.fixture
def rule(manager, today) -> BackgroundRule:
    """For three months."""
    return put_rule(actor=manager, since=today - dt.timedelta(days=90), contractors=False)


def closed(finding: Finding, one, other) -> None:
    """As a retest by somebody else leaves it."""
    changed(
        finding, status="closed", closed_at=now(), remediated_by=one, remediated_at=now(), retested_by=other,
        retested_on=now().date(),
    )  # fmt: skip


def checked(manager, who: Person, day: dt.date) -> None:
    record_check(actor=manager, person=who, checked_on=day, provider="Clearwater", outcome="clear")


def test_who_had_access_first_is_named(rule, manager, today, acme):
    people = {name: person(name) for name in ("Never", "Late", "Same day", "Before")}
    people["Contractor"] = person("Contractor", kind="contractor")
    people["Gone"] = person("Gone", status="left")
    old = person("Old")
    okta = system()
    snapshot(okta, [grant(old)], as_of=days_ago(200))
    snapshot(okta, [grant(one) for one in people.values()] + [grant("robot", kind="service")], as_of=days_ago(20))
    seen = acme.day_of(days_ago(20))
    checked(manager, people["Late"], seen + dt.timedelta(days=1))
    checked(manager, people["Same day"], seen)
    checked(manager, people["Before"], seen - dt.timedelta(days=30))
    person("No account")
    assert [one.name for one in early(rule, today)] == ["Late", "Never"]
    wider = put_rule(actor=manager, since=today - dt.timedelta(days=300), contractors=True)
    assert [one.name for one in early(wider, today)] == ["Contractor", "Late", "Never", "Old"]
    page = signed_in(manager).get(PAGES).content.decode().split("Who had access first")[1]
    assert "Never" in page


def test_each_becomes_a_finding_once(rule, manager, auditor, acme):
    never, late = person("Never"), person("Late")
    snapshot(system(), [grant(never), grant(late)], as_of=days_ago(20))
    checked(manager, late, acme.today())
    raise_findings(acme, now())
    raise_findings(acme, now())
    found = {one.title: one for one in Finding.objects.all()}
    assert set(found) == {f"{name}: access before a background check" for name in ("Never", "Late")}
    assert found["Never: access before a background check"].severity == "high"
    assert BackgroundGap.objects.count() == 2
    for one in found.values():
        closed(one, manager, auditor)
    raise_findings(acme, now())
    assert [one.person.name for one in BackgroundGap.objects.all()[:1]] == ["Never"]
    assert BackgroundGap.objects.count() == 3
    checked(manager, never, acme.today())
    closed(Finding.objects.get(status="open"), manager, auditor)
    raise_findings(acme, now())
    assert BackgroundGap.objects.count() == 3


def test_nobody_is_judged_before_it_is_said_from_when_on(manager, auditor, acme, today):
    snapshot(system(), [grant(person("Never"))], as_of=days_ago(20))
    raise_findings(acme, now())
    assert not Finding.objects.exists()
    with pytest.raises(ActionRefused, match="role"):
        put_rule(actor=auditor, since=today, contractors=True)
    put_rule(actor=manager, since=today, contractors=True)
    with pytest.raises(ActionRefused, match="Nothing is different"):
        put_rule(actor=manager, since=today, contractors=True)
    snapshot(system("Console"), [grant(person("New"))], as_of=now())
    raise_findings(acme, now())
    assert Finding.objects.get().title.startswith("New: access")


def test_the_page_says_from_when_on_people_are_judged(manager, today):
    page = signed_in(manager)
    assert "Nobody is judged yet" in page.get(PAGES).content.decode()
    assert page.post(f"{PAGES}rule/", {"since": today, "contractors": "on"}).status_code == 303
    assert "Nobody had access first" in page.get(PAGES).content.decode()
