"""Who is asked to read and confirm a policy, by hand and by itself, and who is not."""

import datetime as dt

import pytest

from audit.models import AuditEvent
from inventory.models import Person
from policies.acknowledging import asking, confirming
from policies.acknowledging.asking import close_campaign, put_rule, start_campaign
from policies.acknowledging.confirming import confirm
from policies.acknowledging.running import ask_by_themselves
from policies.models import Acknowledgement, AcknowledgementCampaign, Policy, PolicyVersion
from policies.publishing.actions import publish_version, retire_policy
from policies.writing.actions import begin_version, submit_version, write_version
from policies.writing.approving import approve_version
from tenancy.scope import now
from tests.policies.making import in_force
from tests.reviews.world import person
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of

pytestmark = pytest.mark.usefixtures("in_acme")
CAST = 8
RULE = {"audience": "everyone", "departments": [], "days": 14, "after_change": True, "on_joining": True, "yearly": True}


@pytest.fixture
def policy(manager, approver) -> Policy:
    """One in force."""
    return in_force(manager, approver)


def version_of(policy: Policy) -> PolicyVersion:
    return PolicyVersion.objects.get(policy=policy, status="published")


def asked(policy: Policy, manager, **fields) -> AcknowledgementCampaign:
    fields = {"due_on": manager.organization.today() + dt.timedelta(days=14), **fields}
    return start_campaign(version_of(policy), actor=manager, **fields)


def next_version(policy: Policy, manager, approver, *, material: bool) -> PolicyVersion:
    version = begin_version(policy, actor=manager)
    write_version(version, actor=manager, text="# Rules\n\nAnother.", change_note="Clearer.", material=material)
    submitted = submit_version(version, actor=manager)
    approve_version(submitted, actor=approver, content_hash=submitted.content_hash)
    return publish_version(submitted.refreshed(), actor=manager)


def names(campaign: AcknowledgementCampaign) -> set[str]:
    return set(campaign.acknowledgements.values_list("person__name", flat=True))


def confirmed(campaign: AcknowledgementCampaign, member) -> Acknowledgement:
    one = campaign.acknowledgements.get(person__member=member)
    return confirm(one, actor=member, content_hash=campaign.content_hash)


def test_everybody_at_work_is_asked_by_one_event(policy, manager, employee):
    today = manager.organization.today()
    person("Gone", status="left")
    person("Ended", contract_ends_on=today - dt.timedelta(days=1))
    person("Abroad", status="on_leave")
    campaign = asked(policy, manager)
    assert campaign.acknowledgements.count() == CAST + 1
    assert "Abroad" in names(campaign)
    assert not names(campaign) & {"Gone", "Ended"}
    event = AuditEvent.objects.get(verb="acknowledgement_campaign.start")
    assert event.data["after"]["people"] == CAST + 1
    assert [entry.title for entry in inbox_of(employee)] == ["Read and confirm Access control, version 1"]


def test_only_departments_or_people_that_are_chosen(policy, manager):
    ada = person("Ada", department="Finance")
    person("Bob", department="Sales")
    assert names(asked(policy, manager, audience="departments", departments=["Finance"])) == {"Ada"}
    carl = person("Carl", department="Finance")
    assert names(asked(policy, manager, audience="people", people=[ada, carl])) == {"Carl"}
    with pytest.raises(ActionRefused, match="at least one department"):
        asked(policy, manager, audience="departments")
    with pytest.raises(ActionRefused, match="at least one person"):
        asked(policy, manager, audience="people")


def test_groups_are_those_that_the_roster_knows(policy, manager):
    ada = person("Ada")
    person("Bob", kind="contractor", manager=ada)
    person("Cleo", kind="contractor", manager=person("Dan"), status="left")
    assert names(asked(policy, manager, audience="groups", groups=["contractors"])) == {"Bob"}
    managers = asked(policy, manager, audience="groups", groups=["managers"])
    assert names(managers) == {"Ada"}
    assert managers.whom == "Managers"
    events = AuditEvent.objects.filter(verb="acknowledgement_campaign.start").order_by("at")
    assert [event.data["after"]["whom"] for event in events] == ["Contractors", "Managers"]
    with pytest.raises(ActionRefused, match="at least one group"):
        asked(policy, manager, audience="groups")
    put_rule(policy, actor=manager, **{**RULE, "audience": "groups", "groups": ["employees", "managers"]})
    ask_by_themselves(manager.organization, now())
    joining = AcknowledgementCampaign.objects.get(origin="joining")
    assert "Dan" in names(joining)
    assert not names(joining) & {"Bob", "Cleo"}


def test_nobody_is_asked_twice_nor_for_what_they_confirmed(policy, manager, employee):
    first = asked(policy, manager)
    with pytest.raises(ActionRefused, match="Nobody is left"):
        asked(policy, manager)
    confirmed(first, employee)
    close_campaign(first, actor=manager, reason="A mistake.")
    second = asked(policy, manager)
    assert employee.name not in names(second)
    close_campaign(second, actor=manager, reason="A mistake.")
    assert employee.name in names(asked(policy, manager, again=True))


def test_refusals(policy, manager, employee, approver):
    yesterday = manager.organization.today() - dt.timedelta(days=1)
    with pytest.raises(ActionRefused, match="in the past"):
        asked(policy, manager, due_on=yesterday)
    with pytest.raises(ActionRefused, match="role"):
        start_campaign(version_of(policy), actor=employee, due_on=manager.organization.today())
    with pytest.raises(ActionRefused, match="role"):
        put_rule(policy, actor=employee, **RULE)
    with pytest.raises(ActionRefused, match="department"):
        put_rule(policy, actor=manager, **{**RULE, "audience": "departments"})
    old = version_of(policy)
    next_version(policy, manager, approver, material=True)
    with pytest.raises(ActionRefused, match="not in force"):
        start_campaign(old, actor=manager, due_on=manager.organization.today())


def test_a_material_change_asks_everybody_again(policy, manager, approver, employee):
    put_rule(policy, actor=manager, **RULE)
    first = asked(policy, manager)
    confirmed(first, employee)
    version = next_version(policy, manager, approver, material=True)
    again = AcknowledgementCampaign.objects.get(status="open")
    assert (again.origin, again.version_id, again.content_hash) == ("change", version.pk, version.content_hash)
    assert again.acknowledgements.count() == CAST
    assert first.refreshed().closed_reason == "Version 2 took its place."


def test_what_is_not_material_goes_on_with_those_who_had_not_confirmed(policy, manager, approver, employee):
    put_rule(policy, actor=manager, **RULE)
    confirmed(asked(policy, manager), employee)
    next_version(policy, manager, approver, material=False)
    carried = AcknowledgementCampaign.objects.get(status="open")
    assert carried.origin == "carried"
    assert carried.acknowledgements.count() == CAST - 1
    assert employee.name not in names(carried)


def test_who_joins_is_asked_within_14_days_of_joining(policy, manager, acme):
    today = acme.today()
    put_rule(policy, actor=manager, **RULE)
    ask_by_themselves(acme, now())
    campaign = AcknowledgementCampaign.objects.get()
    assert (campaign.origin, campaign.acknowledgements.count()) == ("joining", CAST)
    ask_by_themselves(acme, now())
    new = person("New", started_on=today - dt.timedelta(days=4))
    late = person("Late", started_on=today - dt.timedelta(days=40))
    ask_by_themselves(acme, now())
    days = dict(Acknowledgement.objects.filter(person__in=[new, late]).values_list("person__name", "due_on"))
    assert days == {"New": today + dt.timedelta(days=10), "Late": today + dt.timedelta(days=14)}
    assert AcknowledgementCampaign.objects.count() == 1
    assert AuditEvent.objects.filter(verb="acknowledgement_campaign.join").count() == 1


def test_after_a_year_everybody_is_asked_again_once(policy, manager, employee, acme):
    put_rule(policy, actor=manager, **{**RULE, "on_joining": False})
    ask_by_themselves(acme, now())
    assert not AcknowledgementCampaign.objects.exists()
    confirmed(asked(policy, manager), employee)
    later = now() + dt.timedelta(days=364 - 14 - 2)
    ask_by_themselves(acme, later)
    assert AcknowledgementCampaign.objects.count() == 1
    for day in (4, 5):
        ask_by_themselves(acme, later + dt.timedelta(days=day))
    yearly = AcknowledgementCampaign.objects.get(origin="yearly")
    assert names(yearly) == {employee.name}  # the others are asked still
    assert yearly.due_on <= acme.day_of(later + dt.timedelta(days=4 + 14))


def test_each_has_a_year_of_their_own(policy, manager, employee, acme, monkeypatch):
    put_rule(policy, actor=manager, **RULE)
    with monkeypatch.context() as long_ago:
        for module in (asking, confirming):
            long_ago.setattr(module, "now", lambda: now() - dt.timedelta(days=400))
        ask_by_themselves(acme, now())  # everybody, as who was not asked before
        campaign = AcknowledgementCampaign.objects.get()
        confirmed(campaign, employee)
    confirmed(campaign, manager)
    ask_by_themselves(acme, now())
    yearly = AcknowledgementCampaign.objects.get(origin="yearly")
    assert names(yearly) == {employee.name}  # the manager has confirmed today, the others are asked still
    ask_by_themselves(acme, now() + dt.timedelta(days=364))
    assert names(yearly) == {employee.name, manager.name}
    assert AcknowledgementCampaign.objects.count() == 2


def test_a_rule_is_changed_and_nothing_runs_of_a_retired_policy(policy, manager, acme):
    put_rule(policy, actor=manager, **RULE)
    with pytest.raises(ActionRefused, match="Nothing is different"):
        put_rule(policy, actor=manager, **RULE)
    assert put_rule(policy, actor=manager, **{**RULE, "days": 7}).days == 7
    campaign = asked(policy, manager)
    retire_policy(policy, actor=manager, reason="Not needed.")
    assert campaign.refreshed().status == "closed"
    ask_by_themselves(acme, now())
    assert AcknowledgementCampaign.objects.count() == 1
    with pytest.raises(ActionRefused, match="retired"):
        put_rule(policy, actor=manager, **RULE)


def test_departments_of_a_rule(policy, manager, acme):
    put_rule(policy, actor=manager, **{**RULE, "audience": "departments", "departments": ["Sales"]})
    ask_by_themselves(acme, now())
    assert not AcknowledgementCampaign.objects.exists()
    person("Bob", department="Sales")
    ask_by_themselves(acme, now())
    assert names(AcknowledgementCampaign.objects.get()) == {"Bob"}
    assert Person.objects.count() > 1
