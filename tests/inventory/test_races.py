"""Two at once, with real commits: the second is told, and nothing is there twice."""

import datetime as dt
from typing import Any

import pytest

from accounts.models import Member
from audit.record import record
from inventory.models import Person, PersonAlias, Removal, System
from inventory.people.actions import add_alias, create_person, edit_person
from inventory.people.matching import match_accounts
from inventory.removals.leavers import open_leaver_removals
from inventory.systems.actions import create_system
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.inventory.snapshots.helpers import ADA, make_system, population
from tests.races import at_once
from ui.refusals import ActionRefused


@pytest.fixture
def manager(committed_db: None) -> Member:
    return Cast().of("acme", "manager")


def scoped(act: Any) -> Any:
    """The same within the organization, each in a transaction of its own."""

    def run(number: int) -> Any:
        with tenant(Organization.objects.get(slug="acme")):
            return act(number)

    return run


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (System, "There is a system of this name already."),
        (Person, "Somebody with this employee number is on the roster already."),
        (PersonAlias, "This address belongs to somebody already."),
    ],
)
def test_of_four_who_take_a_name_three_are_told(manager: Member, model: Any, words: str):
    @scoped
    def people(number: int) -> Person:
        return create_person(actor=manager, name=f"Person {number}", employee_number=f"N-{number}")

    known = [people(number) for number in range(4)]

    @scoped
    def take(number: int) -> Any:
        if model is System:
            return create_system(actor=manager, name="Console", kind="saas", reviewer_order=["system_owner"])
        if model is Person:
            return edit_person(known[number], actor=manager, employee_number="N-100")
        return add_alias(known[number], actor=manager, key="jm-codes")

    outcomes = at_once(take)
    refused = [str(one) for one in outcomes if isinstance(one, ActionRefused)]
    assert refused == [words] * 3
    assert sum(isinstance(one, model) for one in outcomes) == 1


def test_of_four_who_look_for_leavers_one_opens_the_removal(manager: Member):
    @scoped
    def prepare(_: int) -> None:
        create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
        match_accounts(population(make_system(manager), manager, ADA), manager)

    @scoped
    def leave_unnoticed(_: int) -> None:
        Person.objects.filter(name="Ada Adams").update(left_on=dt.date(2026, 1, 1))
        record("person.plan_leaving", Person.objects.get(name="Ada Adams"), actor=manager)

    prepare(0)
    leave_unnoticed(0)
    outcomes = at_once(scoped(lambda _: len(open_leaver_removals(manager))))
    assert sorted(outcomes) == [0, 0, 0, 1]
    assert scoped(lambda _: Removal.objects.count())(0) == 1
