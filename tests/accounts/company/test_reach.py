"""How far a session goes: a provider's to its own organization only, a password's to none that refuses it."""

import pytest
from django.test import Client

from accounts.actions import add_member, invite_member, remove_member
from accounts.company.actions import allow_passwords, remove_provider, require_company
from accounts.models import IdentityProvider, Member, ProviderIdentity, TotpDevice, User
from audit.actors import System
from audit.models import AuditEvent
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.accounts.company.conftest import address_in, begin, linked, path_of, set_up
from tests.accounts.company.provider import Provider, running
from tests.accounts.company.test_signing_in import HOME, come_back, factor_recorded, last_event
from tests.accounts.signing_in import fresh_code, give_password, sign_in
from tests.cast import PASSWORD, Cast, signed_in
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

THERE = "/o/globex/"


@pytest.fixture
def both(cast: Cast, globex: Organization) -> User:
    """An employee of acme who is one of globex too."""
    user: User = cast.employee.user
    with tenant(globex):
        add_member(user, roles=["employee"], actor=System("test"))
    return user


@pytest.fixture
def employee(both: User) -> Member:
    """Who they are in acme."""
    return Member.objects.select_related("user", "organization").get(user=both, organization__slug="acme")


@pytest.fixture
def by_acme(client: Client, here: IdentityProvider, there: Provider, employee: Member) -> Client:
    """Signed in by acme's provider alone."""
    linked(here, employee)
    factor_recorded(here)
    assert come_back(client, here, there)["Location"].startswith(HOME)
    return client


def required(here: IdentityProvider) -> None:
    administrator = Cast().administrator
    identity = linked(here, administrator, "subject-administrator")
    with tenant(administrator.organization):
        require_company(actor=administrator, by=identity)


# Another organization


def test_a_provider_opens_its_own_organization_only(by_acme, globex):
    assert by_acme.get(HOME).status_code == 200
    for path in (THERE, "/o/globex/incidents/", "/o/globex/members/"):
        assert by_acme.get(path)["Location"].startswith("/sign-in/company/globex/"), path
        assert by_acme.post(path)["Location"].startswith("/sign-in/company/globex/"), path
    assert "Globex" not in by_acme.get(HOME).content.decode()
    assert by_acme.get("/")["Location"].startswith(HOME), "the other is not even offered"
    assert last_event(globex, "access.deny", "failure")["metadata"]["reason"] == "another organization's sign-in"
    with tenant(globex):
        assert not AuditEvent.objects.filter(verb="session.sign_in").exists(), "what is acme's is told to acme"


def test_it_does_not_touch_the_account_that_opens_another(by_acme, both):
    assert by_acme.get("/account/").status_code == 200
    assert "Globex" not in by_acme.get("/account/").content.decode()
    shut = ("password/", "recovery-codes/", "sessions/", "passkeys/add/", "passkeys/add/ask/", "authenticator/remove/")
    for path in (*(f"/account/{one}" for one in shut), "/sign-in/authenticator/"):
        assert by_acme.get(path).status_code in {403, 405}, path
        assert by_acme.post(path, {"code": "123456"}).status_code == 403, path
    by_acme.post("/account/", {"name": "Somebody Else"})
    both.refresh_from_db()
    assert both.name != "Somebody Else"
    assert not TotpDevice.objects.filter(user=both).exists()


def test_it_accepts_no_invitation_of_another(by_acme, cast, both, globex):
    Member.objects.filter(user=both, organization=globex).update(status="removed")
    with tenant(globex):
        _, link = invite_member(email=both.email, roles=["viewer"], actor=cast.of("globex", "administrator"))
    path = "/" + link.split("/", 3)[3]
    assert by_acme.post(path).status_code == 403
    assert Member.objects.get(user=both, organization=globex).status == "removed"


def test_the_answer_to_one_organization_does_not_serve_another(client, here, there, cast, globex):
    """The same provider in two organizations: the state of one is none of the other's."""
    administrator = cast.of("globex", "administrator")
    theirs = set_up(there, "globex", "Globex ID")
    linked(here, cast.employee)
    factor_recorded(here)
    back = there.authorize(begin(client, here))
    for elsewhere in (
        back.replace("/acme/", "/globex/"),
        back.replace("/acme/", "/globex/").replace(str(here.pk), str(theirs.pk)),
    ):
        assert client.get(path_of(elsewhere)).status_code in {400, 404}
    assert administrator.user.email not in client.get("/sign-in/").content.decode()


def test_a_subject_is_known_in_one_organization_only(client, here, there, employee):
    """The same account at the same provider is nobody in the other organization until its owner has said so there."""
    theirs = set_up(there, "globex", "Globex ID")
    linked(here, employee)
    back = client.get(path_of(there.authorize(begin(client, theirs, "globex"), email="employee@acme.example")))
    assert back["Location"] == "/sign-in/company/globex/link/"
    assert client.get(THERE)["Location"].startswith("/sign-in/")


def test_a_session_of_ones_own_reaches_both_still(both, employee, here, there):
    linked(here, employee)
    client = sign_in(Client(), both)
    assert client.get(HOME).status_code == client.get(THERE).status_code == 200


# Passwords refused


def test_refused_passwords_open_nothing_from_the_next_page_on(here, cast, acme):
    client = signed_in(cast.manager)
    assert client.get(HOME).status_code == 200
    required(here)
    assert client.get(HOME)["Location"].startswith("/sign-in/company/acme/?next=")
    answer = give_password(Client(), cast.manager.email)
    assert answer.status_code == 403
    assert "refuses passwords" in answer.content.decode()
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "passwords are refused"
    assert give_password(Client(), cast.manager.email, "wrong").status_code == 422, "told to whoever knows it only"


def test_where_one_organization_refuses_them_another_does_not(here, both):
    required(here)
    client = sign_in(Client(), both)
    assert client.get(THERE).status_code == 200
    assert client.get(HOME)["Location"].startswith("/sign-in/company/acme/")
    page = client.get("/").content.decode()
    assert "Signs in with its company accounts" in page
    assert THERE in page


def test_the_company_account_serves_where_passwords_do_not(client, here, there, cast):
    required(here)
    linked(here, cast.employee)
    factor_recorded(here)
    assert come_back(client, here, there)["Location"].startswith(HOME)
    assert client.get(HOME).status_code == 200


def test_a_member_links_with_the_password_that_opens_nothing_else(client, here, there, acme):
    required(here)
    back = come_back(client, here, there, email="employee@acme.example")
    assert client.post(back["Location"], {"password": PASSWORD})["Location"].startswith("/sign-in/code/")


def test_nobody_shuts_themselves_out(here, cast, acme):
    with tenant(acme):
        with pytest.raises(ActionRefused, match="Sign in by the provider first"):
            require_company(actor=cast.administrator, by=None)
        with pytest.raises(ActionRefused, match="Your role does not allow"):
            require_company(actor=cast.manager, by=None)
    required(here)
    with tenant(acme), pytest.raises(ActionRefused, match="the only way in"):
        remove_provider(here, actor=cast.administrator, reason="we moved")


def test_passwords_can_be_allowed_again(here, cast, acme):
    required(here)
    with tenant(acme):
        allow_passwords(actor=cast.administrator, reason="the provider was given up")
        remove_provider(here, actor=cast.administrator, reason="the provider was given up")
    assert signed_in(cast.manager).get(HOME).status_code == 200


# Breaking the glass


def test_an_administrator_enters_without_and_everybody_who_administers_is_told(here, cast, acme):
    required(here)
    user = cast.administrator.user
    client = Client()
    assert give_password(client, user.email)["Location"].startswith("/sign-in/code/")
    sign_in(client, user)
    assert client.get(HOME)["Location"].startswith("/sign-in/company/acme/")
    way = "/sign-in/company/acme/without/"
    assert way in client.get("/sign-in/company/acme/").content.decode()
    assert client.post(way, {"reason": ""}).status_code == 422
    assert client.post(way, {"reason": "It does not answer"})["Location"] == HOME
    assert client.get(HOME).status_code == 200
    assert last_event(acme, "organization.break_glass")["metadata"]["note"] == "It does not answer"
    with tenant(acme):
        mail = OutboxMessage.objects.get(subject__contains="without the company sign-in")
    assert mail.to == user.email
    assert "It does not answer" in mail.text
    assert sign_in(Client(), user).get(HOME).status_code == 302, "for this session only"


def test_it_ends_after_an_hour(here, cast, monkeypatch):
    required(here)
    client = sign_in(Client(), cast.administrator.user)
    client.post("/sign-in/company/acme/without/", {"reason": "It does not answer"})
    monkeypatch.setattr("accounts.company.reach.GLASS_SECONDS", 0)
    assert client.get(HOME)["Location"].startswith("/sign-in/company/acme/")


@pytest.mark.parametrize("who", ["manager", "employee"])
def test_nobody_else_does(here, cast, who):
    required(here)
    client = sign_in(Client(), getattr(cast, who).user)
    assert client.post("/sign-in/company/acme/without/", {"reason": "I want to"}).status_code == 403
    assert (
        sign_in(Client(), cast.of("globex", "administrator").user)
        .post("/sign-in/company/acme/without/", {"reason": "I want to"})
        .status_code
        == 403
    )


def test_it_asks_for_a_factor_shown_just_now(here, cast):
    required(here)
    client = sign_in(Client(), cast.administrator.user, factor_age=3600)
    assert client.post("/sign-in/company/acme/without/", {"reason": "It does not answer"}).status_code == 422
    given = {"reason": "It does not answer", "factor_code": fresh_code(cast.administrator.user)}
    assert client.post("/sign-in/company/acme/without/", given)["Location"] == HOME


# Joining


def invited(cast: Cast, email: str = "new@acme.example") -> str:
    with tenant(cast.administrator.organization):
        _, link = invite_member(email=email, roles=["employee"], actor=cast.administrator)
    return "/" + link.split("/", 3)[3]


def test_somebody_invited_joins_by_the_company_account(client, here, there, cast, acme):
    required(here)
    factor_recorded(here)
    path = invited(cast)
    page = client.get(path).content.decode()
    assert "Join with Acme ID" in page
    assert 'name="password"' not in page
    location = address_in(client.post(f"{path}{here.pk}/"))
    assert path.split("/")[3] not in location, "the invitation's secret stays here"
    back = client.get(path_of(there.authorize(location, "subject-new", email="new@acme.example", name="Nina New")))
    assert "Nina New" in client.get(back["Location"]).content.decode()
    assert client.post(back["Location"], {"name": "Nina New"})["Location"].startswith(HOME)
    assert client.get(HOME).status_code == 200
    member = Member.objects.get(user__email="new@acme.example")
    assert (member.roles, member.name, member.user.has_usable_password()) == (["employee"], "Nina New", False)
    assert last_event(acme, "provider_identity.link")["after"]["confirmed_by"] == "invitation"


def test_an_invitation_is_for_its_addressee_also_here(client, here, there, cast):
    path = invited(cast)
    location = address_in(client.post(f"{path}{here.pk}/"))
    back = client.get(path_of(there.authorize(location, "subject-new", email="other@acme.example")))
    assert client.get(back["Location"]).status_code == 403
    assert not User.objects.with_email("other@acme.example")


def test_who_has_an_account_elsewhere_joins_with_that(client, here, there, cast):
    """A provider's word and an invitation make no way into an account that opens another organization."""
    path = invited(cast, "employee@globex.example")
    location = address_in(client.post(f"{path}{here.pk}/"))
    back = client.get(path_of(there.authorize(location, "subject-new", email="employee@globex.example")))
    assert client.get(back["Location"]).status_code == 403
    assert client.post(back["Location"], {"name": "Eve"}).status_code in {302, 403}
    assert client.get(HOME)["Location"].startswith("/sign-in/")


def test_who_was_removed_and_has_no_password_comes_back_by_an_invitation(client, here, there, cast, acme):
    """Also the way to another provider, or another account there."""
    path = invited(cast)
    location = address_in(client.post(f"{path}{here.pk}/"))
    back = client.get(path_of(there.authorize(location, "subject-new", email="new@acme.example")))
    client.post(back["Location"], {"name": "Nina New"})
    member = Member.objects.get(user__email="new@acme.example")
    with tenant(acme):
        remove_member(member, actor=cast.administrator, reason="another account")
    again = Client()
    assert come_back(again, here, there, "subject-new").status_code == 400, "no access any more"
    with tenant(acme):
        assert not ProviderIdentity.objects.get().is_linked
    location = address_in(again.post(f"{invited(cast)}{here.pk}/"))
    back = again.get(path_of(there.authorize(location, "subject-newer", email="new@acme.example")))
    assert again.post(back["Location"], {"name": "Nina New"})["Location"].startswith("/sign-in/code/")
    assert Member.objects.get(user__email="new@acme.example").is_active


# A second factor shown again


def test_an_employee_confirms_at_the_provider(client, here, there, employee):
    """Where a code is asked for and there is no authenticator, the provider is asked to sign the person in anew."""
    linked(here, employee)
    factor_recorded(here)
    come_back(client, here, there)
    wanted = "/o/acme/members/tokens/new/"
    session = client.session
    session["factor_at"] -= 3600
    session.save()
    assert "/account/confirm/?next=%2Fo%2Facme%2Fmembers%2Ftokens%2Fnew%2F" in client.get(wanted).content.decode()
    location = client.get("/account/confirm/", {"next": wanted})["Location"]
    assert "prompt=login" in location
    assert "max_age=0" in location
    there.auth_age = 7200
    assert client.get(path_of(there.authorize(location))).status_code == 400, "it did not ask anew"
    there.auth_age = 0
    location = client.get("/account/confirm/", {"next": wanted})["Location"]
    assert client.get(path_of(there.authorize(location, "subject-2"))).status_code == 400, "somebody else"
    location = client.get("/account/confirm/", {"next": wanted})["Location"]
    assert client.get(path_of(there.authorize(location)))["Location"] == wanted
    assert client.session["factor_at"] > session["factor_at"] + 3000


def test_the_sign_in_page_offers_the_organizations_provider(client, here, there):
    page = client.get("/sign-in/", {"next": HOME}).content.decode()
    assert "Sign in with Acme ID" in page
    assert "Acme" not in client.get("/sign-in/").content.decode(), "who signs in here is nobody's business"
    assert client.post("/sign-in/company/", {"organization": "acme"})["Location"] == "/sign-in/company/acme/"
    for unknown in ("globex", "no-such", "installation"):
        assert client.post("/sign-in/company/", {"organization": unknown}).status_code == 422
        assert client.get(f"/sign-in/company/{unknown}/").status_code == 404


def test_two_providers_each_have_a_button(client, here, there):
    with running() as second:
        set_up(second, name="Second ID")
        page = client.get("/sign-in/company/acme/").content.decode()
    assert "Sign in with Acme ID" in page
    assert "Sign in with Second ID" in page
