"""Whose account is whose."""

import pytest

from audit.models import AuditEvent
from inventory.models import Account
from inventory.people.actions import add_alias, create_person, edit_person, remove_alias
from inventory.people.matching import Confirmation, confirm, forget, match_accounts
from inventory.people.suggestions import Suggester
from tests.inventory.snapshots.helpers import ADA, BEN, CYD, make_system, person_of, population
from ui.refusals import ActionRefused


@pytest.fixture
def snapshot(in_acme, manager):
    """Three accounts that nobody is matched to."""
    return population(make_system(manager), manager, ADA, BEN, CYD)


def kinds() -> dict[str, str]:
    return dict(Account.objects.values_list("account_id", "kind"))


def test_an_e_mail_matches_in_whatever_case(snapshot, manager):
    ada = create_person(actor=manager, name="Ada Adams", email=" ADA@Acme.example ".strip())
    account = Account.objects.get(account_id="U1")
    assert (account.kind, account.person_id, account.matched_by) == ("person", ada.pk, "email")
    event = AuditEvent.objects.get(verb="account.match")
    assert (event.object_id, event.data["after"]["person"]) == (account.pk, "Ada Adams")
    assert kinds()["U2"] == "unmatched"


def test_matching_again_changes_and_records_nothing(snapshot, manager):
    create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
    assert match_accounts(snapshot, manager).changed == 0
    assert AuditEvent.objects.filter(verb="account.match").count() == 1


def test_an_alias_matches_an_address_or_a_user_name_and_can_be_taken_back(snapshot, manager):
    person = create_person(actor=manager, name="Benedetta Bones", email="bones@acme.example")
    by_address = add_alias(person, actor=manager, key="Ben@acme.example")
    add_alias(person, actor=manager, key="CYD")
    assert kinds() == {"U1": "unmatched", "U2": "person", "U3": "person"}
    remove_alias(by_address, actor=manager)
    assert kinds() == {"U1": "unmatched", "U2": "unmatched", "U3": "person"}


def test_a_changed_address_matches_anew(snapshot, manager):
    person = create_person(actor=manager, name="Ada", email="ada@acme.example")
    edit_person(person, actor=manager, keep_address=False, email="cyd@acme.example")
    assert kinds() == {"U1": "unmatched", "U2": "unmatched", "U3": "person"}


def test_what_is_confirmed_is_never_overridden(snapshot, manager):
    other = create_person(actor=manager, name="Owen Other", email="owen@acme.example")
    account = Account.objects.get(account_id="U1")
    confirm([Confirmation(account, "person", person=other)], actor=manager)
    create_person(actor=manager, name="Ada Adams", email="ada@acme.example")
    match_accounts(snapshot, manager)
    assert Account.objects.get(account_id="U1").person_id == other.pk
    forget([account], actor=manager)
    assert Account.objects.get(account_id="U1").person.name == "Ada Adams"


def test_shared_and_service_accounts_have_an_owner(snapshot, manager):
    owner = create_person(actor=manager, name="Owen Other", email="owen@acme.example")
    accounts = Account.objects.order_by("account_id")
    confirm([Confirmation(accounts[0], "shared", owner=owner), Confirmation(accounts[1], "service", owner=owner)], actor=manager)
    assert kinds() == {"U1": "shared", "U2": "service", "U3": "unmatched"}
    assert AuditEvent.objects.filter(verb="account.confirm_match").count() == 2


@pytest.mark.parametrize("who", ["reviewer", "administrator"])
def test_only_a_compliance_manager_says_who_is_who(snapshot, manager, cast, who):
    actor = getattr(cast, who)
    person = create_person(actor=manager, name="Ada", email="a@acme.example")
    account = Account.objects.get(account_id="U1")
    for act in (
        lambda: confirm([Confirmation(account, "person", person=person)], actor=actor),
        lambda: forget([account], actor=actor),
        lambda: add_alias(person, actor=actor, key="ada"),
    ):
        with pytest.raises(ActionRefused):
            act()


@pytest.mark.parametrize(
    ("name", "display", "why"),
    [
        ("x91", "Jürgen Méndez", "Same full name"),
        ("jurgen.mendez", "", "First and last name"),
        ("jmendez2", "", "Initial and last name"),
        ("jurgenm", "", "First name and initial"),
        ("juergen", "", "Same as the e-mail's first part"),
    ],
)
def test_a_user_name_suggests_the_person_it_is_made_of(in_acme, manager, name, display, why):
    from inventory.models import Person

    person = Person(name="Jürgen Méndez", email="juergen@acme.example")
    guess = Suggester([person, Person(name="Ada Adams")]).suggest(Account(name=name, display_name=display))
    assert guess is not None
    assert (guess.person, guess.why) == (person, why)


def test_a_name_that_two_share_suggests_nobody(in_acme):
    from inventory.models import Person

    suggester = Suggester([Person(name="Jo Smith"), Person(name="Jan Smith")])
    assert suggester.suggest(Account(name="jsmith")) is None
    assert suggester.suggest(Account(name="jm")) is None


def test_nothing_to_confirm_or_to_forget_is_refused(snapshot, manager):
    with pytest.raises(ActionRefused, match="nothing to confirm"):
        confirm([], actor=manager)
    with pytest.raises(ActionRefused, match="confirmed by hand"):
        forget(Account.objects.all(), actor=manager)


def test_nobody_takes_an_account_off_themselves(snapshot, manager):
    own, ada = person_of(manager), create_person(actor=manager, name="Ada Adams", email="adams@acme.example")
    alias = add_alias(own, actor=manager, key="ben@acme.example")
    account = Account.objects.get(account_id="U1")
    confirm([Confirmation(account, "person", person=own)], actor=manager)
    for kind, person, owner in (("person", ada, None), ("shared", None, ada)):
        with pytest.raises(ActionRefused, match="own account"):
            confirm([Confirmation(account, kind, person=person, owner=owner)], actor=manager)
    with pytest.raises(ActionRefused, match="own account"):
        forget([account], actor=manager)
    with pytest.raises(ActionRefused, match="own account"):
        remove_alias(alias, actor=manager)
    assert kinds() == {"U1": "person", "U2": "person", "U3": "unmatched"}
