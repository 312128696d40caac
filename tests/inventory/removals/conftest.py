"""A population of three accounts, one of them privileged."""

import pytest

from accounts.models import Member
from inventory.models import Person, Snapshot, System
from inventory.people.actions import create_person
from inventory.people.matching import match_accounts
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, make_system, person_of, population


@pytest.fixture
def system(in_acme, manager: Member, reviewer: Member) -> System:
    """A system that the reviewer owns."""
    return make_system(manager, owner=person_of(reviewer))


@pytest.fixture
def ada(in_acme, manager: Member) -> Person:
    """Has the privileged account U1."""
    return create_person(actor=manager, name="Ada Adams", email="Ada@acme.example")


@pytest.fixture
def ben(in_acme, manager: Member) -> Person:
    """Has the plain account U2."""
    return create_person(actor=manager, name="Ben Bones", email="ben@acme.example")


@pytest.fixture
def snapshot(system: System, manager: Member, ada: Person, ben: Person) -> Snapshot:
    """Imported and matched."""
    made = population(system, manager, ADA, BEN, CYD)
    match_accounts(made, manager)
    return made
