"""Every account of somebody who has left becomes a removal at once."""

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from inventory.models import Account, Person, Removal
from inventory.people.actions import add_alias, edit_person, mark_left, rehire
from inventory.people.matching import Confirmation, confirm, match_accounts
from inventory.removals.due import add_business_days
from inventory.removals.leavers import open_leaver_removals
from inventory.removals.periodic import follow_leavers
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, population
from workflow.models import OutboxMessage


def days(acme, count):
    return acme.today() + dt.timedelta(days=count)


def test_marking_somebody_as_left_opens_a_removal_of_the_whole_account(acme, snapshot, manager, reviewer, ada):
    last = days(acme, -3)
    opened = mark_left(ada, actor=manager, left_on=last)
    removal = Removal.objects.get()
    assert opened == 1
    assert removal.entitlement_key == ""
    assert removal.account.account_id == "U1"
    assert removal.person_id == ada.pk
    assert removal.base_snapshot_id == snapshot.pk
    assert removal.due_on == last, "privileged: the same day"
    assert removal.severity == "urgent"
    assert removal.assignee.member_id == reviewer.pk, "the system's owner"
    assert removal.reference.startswith("REM-")
    event = AuditEvent.objects.get(object_id=removal.pk)
    assert (event.verb, event.actor_id) == ("removal.request", manager.pk)
    assert OutboxMessage.objects.get().to == reviewer.email


def test_a_plain_account_is_due_one_business_day_later(acme, snapshot, manager, ben):
    last = days(acme, -3)
    mark_left(ben, actor=manager, left_on=last)
    assert Removal.objects.get().due_on == add_business_days(last, 1)


def test_opening_twice_opens_once(acme, snapshot, manager, ada):
    mark_left(ada, actor=manager, left_on=acme.today())
    assert open_leaver_removals(manager) == []
    assert Removal.objects.count() == 1


def test_a_day_to_come_waits_for_the_schedule(acme, snapshot, manager, ada):
    mark_left(ada, actor=manager, left_on=days(acme, 2))
    ada.refresh_from_db()
    assert (ada.status, Removal.objects.count()) == ("active", 0)
    follow_leavers(acme, timezone.now())
    assert Removal.objects.count() == 0
    Person.objects.filter(pk=ada.pk).update(left_on=days(acme, -1))
    follow_leavers(acme, timezone.now())
    follow_leavers(acme, timezone.now())
    ada.refresh_from_db()
    assert (ada.status, Removal.objects.count()) == ("left", 1)


def test_a_contract_that_ended_opens_removals(acme, snapshot, manager, ben):
    edit_person(ben, actor=manager, kind="contractor", contract_ends_on=days(acme, -1))
    assert Removal.objects.get().reason.startswith("They have left: the last day was")


def test_extending_the_contract_withdraws_them(acme, snapshot, manager, ben):
    edit_person(ben, actor=manager, contract_ends_on=days(acme, -1))
    edit_person(ben, actor=manager, contract_ends_on=days(acme, 90))
    assert Removal.objects.get().status == "withdrawn"


def test_a_rehire_keeps_the_row_and_withdraws_the_removals(acme, snapshot, manager, ada):
    mark_left(ada, actor=manager, left_on=days(acme, -30))
    rehire(ada, actor=manager, started_on=acme.today())
    ada.refresh_from_db()
    assert (ada.status, ada.left_on, Person.objects.filter(email_key="ada@acme.example").count()) == ("active", None, 1)
    assert Removal.objects.get().status == "withdrawn"
    event = AuditEvent.objects.filter(verb="person.rehire").get()
    assert event.data["before"]["left_on"] == str(days(acme, -30)), "the earlier date stays in the trail"


def test_an_account_without_access_needs_no_removal(acme, system, manager, ada):
    match_accounts(population(system, manager, ADA.replace("active", "suspended"), BEN), manager)
    mark_left(ada, actor=manager, left_on=acme.today())
    assert Removal.objects.count() == 0


def test_a_later_population_that_has_a_leaver_opens_a_removal(acme, system, manager, ada):
    mark_left(ada, actor=manager, left_on=days(acme, -9))
    counts = match_accounts(population(system, manager, ADA, BEN), manager)
    assert (counts.removals, Removal.objects.count()) == (1, 1)


def test_an_account_missing_from_a_complete_later_population_is_gone(acme, system, manager, ada):
    earlier = timezone.now() - dt.timedelta(days=2)
    match_accounts(population(system, manager, ADA, BEN, CYD, as_of=earlier), manager)
    population(system, manager, BEN, CYD)
    mark_left(ada, actor=manager, left_on=acme.today())
    assert Removal.objects.count() == 0


def test_an_account_missing_from_an_incomplete_later_population_is_not_proved_gone(acme, system, manager, ada):
    earlier = timezone.now() - dt.timedelta(days=2)
    match_accounts(population(system, manager, ADA, BEN, CYD, as_of=earlier), manager)
    population(system, manager, BEN, CYD, stated_count=3)
    mark_left(ada, actor=manager, left_on=acme.today())
    assert Removal.objects.count() == 1


def test_confirming_a_leavers_account_opens_its_removal_and_undoing_withdraws_it(acme, snapshot, manager, ada, ben):
    mark_left(ben, actor=manager, left_on=acme.today())
    cyd = Account.objects.get(account_id="U3")
    confirm([Confirmation(cyd, "person", person=ben)], actor=manager)
    assert Removal.objects.filter(account=cyd, status="requested").count() == 1
    confirm([Confirmation(cyd, "person", person=ada)], actor=manager)
    assert Removal.objects.get(account=cyd).status == "withdrawn"


def test_an_alias_finds_a_leavers_account(acme, snapshot, manager, ben):
    mark_left(ben, actor=manager, left_on=acme.today())
    add_alias(ben, actor=manager, key="CYD@acme.example ")
    assert Removal.objects.filter(account__account_id="U3").exists()


@pytest.mark.parametrize("status", ["requested", "claimed"])
def test_the_database_knows_one_open_leavers_removal_for_an_account(acme, snapshot, manager, ada, status):
    from django.db import IntegrityError, transaction

    mark_left(ada, actor=manager, left_on=acme.today())
    removal = Removal.objects.get()
    removal.pk, removal.reference, removal.status = None, "REM-0", status
    with pytest.raises(IntegrityError), transaction.atomic():
        Removal.objects.bulk_create([removal])
