"""The settings of company sign-in, as an administrator uses them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.company.actions import unlink_identity
from accounts.models import CompanyOnly, IdentityProvider, ProviderIdentity
from tenancy.scope import tenant
from tests.accounts.company.conftest import linked
from tests.accounts.company.provider import CLIENT, SECRET
from tests.accounts.company.test_signing_in import last_event
from tests.cast import signed_in
from ui.refusals import ActionRefused
from workflow.erasing import erase_company_accounts
from workflow.personal import Subject

LIST = "/o/acme/members/company/"
GIVEN = {"name": "Acme ID", "issuer": "https://login.acme.example", "client_id": CLIENT, "secret": SECRET}


@pytest.fixture
def admin(cast):
    return signed_in(cast.administrator)


def only(acme) -> IdentityProvider:
    with tenant(acme):
        return IdentityProvider.objects.select_related("factor_by__user", "addresses_vouched_by").get()


def test_a_provider_is_added_changed_and_removed(admin, acme):
    made = admin.post(f"{LIST}add/", {**GIVEN, "vouches": "on"})
    provider = only(acme)
    page = f"{LIST}{provider.pk}/"
    assert made["Location"] == page
    shown = admin.get(page).content.decode()
    assert f"/sign-in/company/acme/{provider.pk}/return/" in shown
    assert "Count as verified, said Administrator Acme" in shown
    admin.post(f"{page}change/", {"name": "Acme accounts", "domain": "Acme.example"})
    changed = only(acme)
    assert (changed.name, changed.domain, changed.vouches, changed.secret) == ("Acme accounts", "acme.example", False, SECRET)
    admin.post(f"{page}change/", {"name": "Acme accounts", "secret": "another"})
    assert only(acme).secret == "another"
    assert admin.post(f"{page}remove/", {"reason": ""}).status_code == 422
    assert admin.post(f"{page}remove/", {"reason": "we moved"})["Location"] == LIST
    assert admin.get(page).status_code == 200
    assert admin.get(f"{page}change/").status_code == 404
    for verb in ("add", "change", "remove"):
        assert last_event(acme, f"identity_provider.{verb}")["actor"]["name"] == "Administrator Acme"
    assert admin.post(f"{LIST}add/", GIVEN).status_code == 303, "the same one may come back"


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.acme.example",
        "https://",
        "javascript:alert(1)",
        "https://login.acme.example/.well-known/openid-configuration",
        "https://a:b@login.acme.example",
        "https://login.acme.example/?x=1",
        "https://login.acme.example/#x",
    ],
)
def test_an_issuer_that_cannot_be_one_is_refused(admin, acme, issuer):
    assert admin.post(f"{LIST}add/", {**GIVEN, "issuer": issuer}).status_code == 422
    with tenant(acme):
        assert not IdentityProvider.objects.exists()


def test_one_provider_of_an_issuer(admin):
    admin.post(f"{LIST}add/", GIVEN)
    assert "There is a provider with this issuer already." in admin.post(f"{LIST}add/", GIVEN).content.decode()


def test_the_second_factor_is_recorded_by_name_and_date_and_withdrawn(admin, acme):
    admin.post(f"{LIST}add/", GIVEN)
    page = f"{LIST}{only(acme).pk}/"
    assert admin.post(f"{page}factor/", {"note": " "}).status_code == 422
    admin.post(f"{page}factor/", {"note": "MFA for all users"})
    provider = only(acme)
    assert provider.factor_by is not None
    assert (provider.factor_by.name, provider.factor_note) == ("Administrator Acme", "MFA for all users")
    assert provider.factor_at is not None
    assert "Administrator Acme recorded" in admin.get(page).content.decode()
    admin.post(f"{page}factor/withdraw/", {"reason": "an exception was found"})
    assert not only(acme).has_factor
    assert last_event(acme, "identity_provider.withdraw_factor")["metadata"]["note"] == "an exception was found"


def test_trying_asks_the_provider_now(admin, here, there):
    page = f"{LIST}{here.pk}/try/"
    assert admin.post(page)["Location"] == f"{LIST}{here.pk}/"
    assert there.asked == ["/.well-known/openid-configuration", "/keys"]
    there.configuration = {"issuer": "https://evil.example"}
    answer = admin.post(page)
    assert answer.status_code == 422
    assert "calls itself by another issuer" in answer.content.decode()


def test_passwords_are_refused_and_allowed(admin, here, cast, acme):
    identity = linked(here, cast.administrator)  # how long ago, and whether it works still, nobody knows
    assert "Sign in by the provider first" in admin.post(f"{LIST}require/").content.decode()
    session = admin.session
    session["company"] = {"organization": str(acme.pk), "identity": str(identity.pk)}
    session.save()
    assert admin.post(f"{LIST}require/")["Location"] == LIST
    assert CompanyOnly.objects.get(organization=acme).set_by == cast.administrator
    assert last_event(acme, "organization.require_company")["after"] == {"passwords": "refused"}


def test_an_account_is_unlinked_with_a_reason(admin, here, cast, acme):
    identity = linked(here, cast.employee)
    way = f"{LIST}accounts/{identity.pk}/unlink/"
    assert "employee@acme.example" in admin.get(f"{LIST}accounts/").content.decode()
    assert admin.post(way, {"reason": "the wrong person"})["Location"] == f"{LIST}accounts/"
    with tenant(acme):
        gone = ProviderIdentity.objects.get()
        assert (gone.is_linked, gone.unlinked_by) == (False, cast.administrator)
    assert admin.get(way).status_code == 404
    linked(here, cast.manager)  # the same account may belong to somebody else now


def test_nobody_unlinks_others(here, cast, acme):
    identity = linked(here, cast.employee)
    with tenant(acme):
        with pytest.raises(ActionRefused, match="Your role does not allow this"):
            unlink_identity(identity, actor=cast.manager, reason="because")
        unlink_identity(identity, actor=cast.employee, reason="my own")


def test_an_account_belongs_to_one_person_and_a_person_has_one(here, cast):
    linked(here, cast.employee)
    with pytest.raises(ActionRefused, match="linked with somebody already"):
        linked(here, cast.manager)
    with pytest.raises(ActionRefused, match="linked with you already"):
        linked(here, cast.employee, "subject-2")


def test_the_pages_ask_the_same_however_many_there_are(admin, here, cast):
    linked(here, cast.employee)

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin.get(path).status_code == 200
        return len(queries)

    paths = (LIST, f"{LIST}accounts/")
    _ = [asked(path) for path in paths]  # the first ones of a process and a session ask for more
    before = [asked(path) for path in paths]
    for number, member in enumerate((cast.manager, cast.reviewer, cast.approver)):
        linked(here, member, f"subject-more-{number}")
    assert [asked(path) for path in paths] == before == [13, 11]


def test_an_erased_person_leaves_no_company_account(here, cast, acme):
    employee = cast.employee
    linked(here, employee)
    with tenant(acme):
        subject = Subject(frozenset({employee.email}), frozenset(), frozenset({employee.pk}), frozenset({employee.user_id}))
        told = list(erase_company_accounts(subject, "Erased person 1f", cast.administrator))
        gone = ProviderIdentity.objects.get()
        assert (gone.is_linked, gone.email, gone.subject) == (
            False,
            "erased-person-1f@erased.invalid",
            "erased-person-1f@erased.invalid",
        )
    assert told == ["1 company accounts bear the pseudonym and sign in no more."]
