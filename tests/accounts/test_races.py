"""Two at once, with real commits: one wins."""

import time
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest

from accounts.actions import accept_as_new_user, change_roles, invite_member, remove_factor
from accounts.company.actions import link_identity, remove_provider, require_company
from accounts.factors import Verdict, try_code
from accounts.models import IdentityProvider, Invitation, Member, Passkey, ProviderIdentity, RecoveryDevice, User
from accounts.models.factor import TotpDevice
from accounts.models.passkey import has_factor
from accounts.models.session import SessionStore
from accounts.passkeys.asking import Purpose, ask
from accounts.passkeys.checking import options_to_show
from accounts.passkeys.refusing import PasskeyRefused
from accounts.passkeys.showing import sign_in_passkey
from audit.actions import action
from audit.actors import System
from audit.record import record
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.accounts.passkeys.device import Device, enrolled, passkey_of
from tests.accounts.signing_in import authenticator_of, fresh_code
from tests.races import at_once
from ui.refusals import ActionRefused

SETUP = System("test")


@pytest.fixture
def acme(committed_db: None) -> Organization:
    return Organization.objects.get(slug="acme")


@pytest.mark.parametrize("kind", [TotpDevice, RecoveryDevice])
def test_one_code_signs_in_once(acme: Organization, kind: Any):
    user = User.objects.get(email="viewer@acme.example")
    if kind is TotpDevice:
        authenticator_of(user)
        code = fresh_code(user)
    else:
        code = RecoveryDevice.objects.create(user=user, name="Recovery codes").replace_codes()[0]

    def spend(_: int) -> Verdict:
        with transaction.atomic():
            return try_code(kind.objects.select_for_update().get(user=user), code)

    assert at_once(spend).count(Verdict.RIGHT) == 1


def test_the_last_factor_is_not_removed_by_two_at_once(acme: Organization):
    user = User.objects.get(email="viewer@acme.example")
    devices = [authenticator_of(user), passkey_of(enrolled(user))]
    results = at_once(lambda number: remove_factor(devices[number]), 2)
    assert [type(one) for one in results].count(ActionRefused) == 1
    assert has_factor(user)


def test_one_answer_of_a_passkey_is_taken_once(acme: Organization):
    user = User.objects.get(email="viewer@acme.example")
    device = enrolled(user, Device(count=None))
    request = HttpRequest()
    request.session = SessionStore()
    options = options_to_show([], ask(request, Purpose.SIGN_IN))
    answer, held = device.show(options, origin="http://localhost:8000"), dict(request.session)

    def sign_in(_: int) -> Any:
        same = HttpRequest()
        same.session = SessionStore()
        same.session.update(held)
        try:
            return sign_in_passkey(same, answer)
        except PasskeyRefused as refusal:
            return refusal

    results = at_once(sign_in)
    assert [type(one) for one in results].count(Passkey) == 1
    assert {one.reason for one in results if isinstance(one, PasskeyRefused)} == {"answered twice"}


def test_one_invitation_makes_one_member(acme: Organization):
    with tenant(acme):
        invite_member(email="new@acme.example", roles=["viewer"], actor=SETUP)

    def join(number: int) -> Any:
        with tenant(acme):
            invitation = Invitation.objects.get()
            try:
                return accept_as_new_user(invitation, name=f"New {number}", password="Newcomer-Horse-7-Staple")
            except Exception as error:  # noqa: BLE001 - a unique violation or a refusal, whichever comes first
                transaction.set_rollback(True)
                return error

    joined = [one for one in at_once(join) if isinstance(one, Member)]
    assert len(joined) == 1
    assert Member.objects.filter(user__email="new@acme.example").count() == 1


def test_two_administrators_cannot_demote_each_other(acme: Organization):
    first = Member.objects.get(user__email="administrator@acme.example")
    second = Member.objects.get(user__email="viewer@acme.example")
    with tenant(acme):
        change_roles(second, roles=["administrator"], actor=SETUP)

    def demote(number: int) -> None:
        with tenant(acme):
            change_roles(Member.objects.get(pk=(first, second)[number].pk), roles=["employee"], actor=SETUP)

    results = at_once(demote, 2)
    assert [type(one) for one in results].count(ActionRefused) == 1
    assert Member.objects.active().of(acme).having("administrator").count() == 1


def test_the_last_way_in_is_not_removed_by_two_at_once(acme: Organization):
    administrator = Member.objects.get(user__email="administrator@acme.example")
    with tenant(acme):
        providers = [a_provider(administrator, number) for number in range(2)]
        require_company(actor=administrator, by=linked_with(providers[0], administrator))

    def remove(number: int) -> Any:
        with tenant(acme):
            found = remove_provider(providers[number], actor=administrator, reason="Both go")
            time.sleep(0.2)  # so that the other one looks before this is committed
            return found

    refused = [one for one in at_once(remove, 2) if isinstance(one, ActionRefused)]
    assert len(refused) == 1
    with tenant(acme):
        assert IdentityProvider.objects.filter(status="active").count() == 1


@action
def a_provider(administrator: Member, number: int) -> IdentityProvider:
    facts = {"name": f"Way {number}", "issuer": f"https://way-{number}.example", "client_id": "x", "created_by": administrator}
    made = IdentityProvider(secret_at=now(), **facts)
    made.seal_secret("secret")
    made.save(force_insert=True)
    record("identity_provider.add", made, actor=SETUP)
    return made


def linked_with(provider: IdentityProvider, member: Member) -> ProviderIdentity:
    return link_identity(provider, member, subject="subject-1", email=member.email, confirmed_by="password")
