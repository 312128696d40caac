"""What a provider, or somebody between, may not get away with. Each case signs nobody in, and each is told apart in the trail."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.cache import cache
from django.test import Client

from accounts.company import asking
from accounts.company.actions import change_provider
from accounts.company.asking import Answer, AskingFailed, ask
from accounts.models import IdentityProvider, ProviderIdentity
from audit.models import AuditEvent
from tenancy.scope import tenant
from tests.accounts.company.conftest import begin, linked, path_of, set_up
from tests.accounts.company.provider import (
    CLIENT,
    OTHER_KEY,
    PUBLIC_PEM,
    RSA_KEY,
    SECRET,
    by_hand,
    jwk,
    running,
    signed_by,
)
from tests.accounts.company.test_signing_in import HOME, come_back, factor_recorded, last_event
from tests.cast import Cast, signed_in
from workflow.models import AllowedHost
from workflow.outgoing.hosts import withdraw_host

NOW = int(time.time())


def hmac_with_the_public_key(claims: dict[str, Any]) -> str:
    """The old confusion: the public key, which everybody has, taken for a shared secret."""
    unsigned = by_hand({"alg": "HS256", "typ": "JWT", "kid": "one"}, claims).rsplit(".", 1)[0]
    made = hmac.new(PUBLIC_PEM, unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


def with_another_body(claims: dict[str, Any]) -> str:
    """A right signature under other words."""
    honest = signed_by(RSA_KEY)(claims).split(".")
    forged = by_hand({}, {**claims, "sub": "subject-2"}).split(".")
    return ".".join([honest[0], forged[1], honest[2]])


WEAK_KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - that it is refused is the point
P384_KEY = ec.generate_private_key(ec.SECP384R1())


@dataclass(frozen=True)
class Lie:
    """Where the provider departs from what is right, and the word for it in the trail."""

    reason: str
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Any = None
    keys: Any = None
    domain: str = ""


LIES = {
    "another issuer": Lie("issuer", {"iss": "https://evil.example"}),
    "the issuer with a slash more": Lie("issuer", {"iss": "ISSUER/"}),
    "no issuer": Lie("issuer", {"iss": None}),
    "another audience": Lie("audience", {"aud": "another-client"}),
    "audiences without ours": Lie("audience", {"aud": ["another-client", "a-third"]}),
    "no audience": Lie("audience", {"aud": None}),
    "a part of our name as audience": Lie("audience", {"aud": CLIENT[:4]}),
    "several audiences and no authorized party": Lie("authorized party", {"aud": [CLIENT, "another-client"]}),
    "several audiences, made for another": Lie("authorized party", {"aud": [CLIENT, "another-client"], "azp": "another-client"}),
    "made for another": Lie("authorized party", {"azp": "another-client"}),
    "another nonce": Lie("nonce", {"nonce": "x" * 43}),
    "no nonce": Lie("nonce", {"nonce": None}),
    "a nonce that is no text": Lie("nonce", {"nonce": 1}),
    "expired": Lie("expired", {"exp": NOW - 3600, "iat": NOW - 7200}),
    "no end": Lie("expired", {"exp": None}),
    "an end that is no number": Lie("expired", {"exp": True}),
    "made in the future": Lie("from the future", {"iat": NOW + 7200, "exp": NOW + 9000}),
    "not yet valid": Lie("from the future", {"nbf": NOW + 7200}),
    "no beginning": Lie("from the future", {"iat": None}),
    "made long ago": Lie("too old", {"iat": NOW - 7200, "exp": NOW + 3600}),
    "no subject": Lie("no subject", {"sub": None}),
    "an empty subject": Lie("no subject", {"sub": ""}),
    "a subject that is no text": Lie("no subject", {"sub": ["subject-1"]}),
    "another domain": Lie("domain", {"hd": "other.example"}, domain="acme.example"),
    "no domain where one is asked for": Lie("domain", {}, domain="acme.example"),
    "no signature": Lie("algorithm", sign=lambda claims: by_hand({"alg": "none", "typ": "JWT"}, claims)),
    "no signature, in capitals": Lie("algorithm", sign=lambda claims: by_hand({"alg": "nOnE", "kid": "one"}, claims)),
    "signed with the public key as a secret": Lie("algorithm", sign=hmac_with_the_public_key),
    "signed with the client secret": Lie("algorithm", sign=signed_by("s3cret/+ :&é".ljust(32, "."), "HS256")),
    "another algorithm of the same key": Lie("algorithm", sign=signed_by(RSA_KEY, "RS512")),
    "signed by somebody else": Lie("signature", sign=signed_by(OTHER_KEY)),
    "signed by a key it brings along": Lie("signature", sign=signed_by(OTHER_KEY, jwk=jwk(OTHER_KEY, "one"))),
    "other words under a right signature": Lie("signature", sign=with_another_body),
    "a key nobody knows": Lie("no such key", sign=signed_by(OTHER_KEY, kid="nine")),
    "no name of a key where two fit": Lie(
        "no such key",
        keys=[jwk(RSA_KEY, "one"), jwk(OTHER_KEY, "nine")],
        sign=lambda claims: jwt.encode(claims, RSA_KEY, algorithm="RS256"),
    ),
    "a key for encryption": Lie("no such key", keys=[jwk(RSA_KEY, "one") | {"use": "enc"}]),
    "a weak key": Lie("unusable key", keys=[jwk(WEAK_KEY, "one")]),
    "a curve that is not the algorithm's": Lie(
        "unusable key",
        keys=[jwk(P384_KEY, "one")],
        sign=lambda claims: by_hand({"alg": "ES256", "kid": "one"}, claims, b"x" * 64),
    ),
    "a demand that is not understood": Lie("not a token", sign=signed_by(RSA_KEY, crit=["exp"], exp=1)),
    "an access token": Lie("another kind of token", sign=signed_by(RSA_KEY, typ="at+jwt")),
    "no token": Lie("not a token", sign=lambda claims: "abc"),
    "a token without an end": Lie("not a token", sign=lambda claims: signed_by(RSA_KEY)(claims) + "." + "A" * 20_000),
}


@pytest.fixture
def known(here: IdentityProvider, cast: Cast) -> ProviderIdentity:
    """An employee known as subject-1, whom the provider's second factor lets in: whatever holds signs in at once."""
    factor_recorded(here)
    return linked(here, cast.employee)


def nobody_is_signed_in(client: Client) -> bool:
    return str(client.get(HOME).headers.get("Location", "")).startswith("/sign-in/") and "_auth_user_id" not in client.session


def test_the_ground_of_all_these_signs_in(client, here, there, known):
    assert come_back(client, here, there)["Location"].startswith(HOME)
    several = {"aud": [CLIENT, "another-client"], "azp": CLIENT}
    there.claims = several
    assert come_back(Client(), here, there)["Location"].startswith(HOME)


def test_no_lie_of_a_token_signs_anybody_in(here, there, known, acme):
    """One after the other in one test: what each needs is the same, and a provider that runs."""
    honest = (there.sign, there.keys)
    for name, lie in LIES.items():
        cache.clear()
        there.sign, there.keys = lie.sign or honest[0], lie.keys or honest[1]
        there.claims = {
            key: value.replace("ISSUER", there.issuer) if key == "iss" and value else value for key, value in lie.claims.items()
        }
        with tenant(acme):
            change_provider(here, actor=Cast().administrator, name=here.name, domain=lie.domain, vouches=False)
        client = Client()
        answer = come_back(client, here, there)
        assert answer.status_code == 400, name
        assert nobody_is_signed_in(client), name
        assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == lie.reason, name


# The answer in the browser


def answered(client: Client, address: str, **changes: str | None) -> Any:
    """Come back with other words than the provider's."""
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return client.get(parts.path, {name: value for name, value in query.items() if value is not None})


def test_an_answer_serves_once(client, here, there, known):
    back = path_of(there.authorize(begin(client, here)))
    assert client.get(back)["Location"].startswith(HOME)
    assert client.get(back).status_code == 400
    fresh = Client()
    fresh.cookies = client.cookies
    client.get("/sign-out/")
    assert fresh.get(back).status_code == 400


def test_a_code_serves_once_also_under_a_new_state(client, here, there, known, acme):
    first = there.authorize(begin(client, here))
    code = parse_qs(urlsplit(first).query)["code"][0]
    client.get(path_of(first))
    thief = Client()
    second = there.authorize(begin(thief, here))
    assert answered(thief, second, code=code).status_code == 400
    assert nobody_is_signed_in(thief)
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "the code was not accepted"


def test_a_stolen_code_is_bound_to_the_browser_that_asked(client, here, there, known):
    """PKCE: the thief's own sign-in has another verifier."""
    stolen = parse_qs(urlsplit(there.authorize(begin(client, here))).query)["code"][0]
    thief = Client()
    assert answered(thief, there.authorize(begin(thief, here)), code=stolen).status_code == 400
    assert nobody_is_signed_in(thief)


def test_the_answer_to_another_browser_is_refused(client, here, there, known):
    """Otherwise somebody is signed in as whoever sent them the link."""
    answer = there.authorize(begin(client, here))
    victim = Client()
    assert victim.get(path_of(answer)).status_code == 400
    begin(victim, here)
    assert victim.get(path_of(answer)).status_code == 400
    assert nobody_is_signed_in(victim)


@pytest.mark.parametrize("changes", [{"state": None}, {"state": ""}, {"state": "x" * 43}, {"code": None}, {"code": ""}])
def test_an_answer_without_its_parts_is_refused(client, here, there, changes):
    assert answered(client, there.authorize(begin(client, here)), **changes).status_code == 400
    assert nobody_is_signed_in(client)


@pytest.mark.parametrize("issuer", ["https://evil.example", "", None])
def test_the_answer_of_another_issuer_is_refused(client, here, there, acme, issuer):
    assert answered(client, there.authorize(begin(client, here)), iss=issuer).status_code == 400
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "answer of another issuer"


def test_an_old_answer_is_refused(client, here, there, known, monkeypatch):
    back = there.authorize(begin(client, here))
    monkeypatch.setattr("accounts.company.attempts.SECONDS", 0)
    assert client.get(path_of(back)).status_code == 400


def test_two_providers_cannot_be_mixed_up(client, here, there, known, acme):
    """The answer to one is sent to the address of the other, whose token endpoint would be given the first one's code."""
    with running() as evil:
        other = set_up(evil, name="Evil ID")
        back = there.authorize(begin(client, here))
        elsewhere = back.replace(str(here.pk), str(other.pk))
        assert client.get(path_of(elsewhere)).status_code == 400
        assert "/token" not in evil.asked
        assert nobody_is_signed_in(client)
        # Nor does the second one speak for the first one's people: the subject is another issuer's.
        linked_there = client.get(path_of(evil.authorize(begin(client, other), "subject-1", email="employee@acme.example")))
        assert linked_there["Location"] == "/sign-in/company/acme/link/"
        assert nobody_is_signed_in(client)


def test_an_error_is_told_in_our_words(client, here, there, known, acme):
    back = there.authorize(begin(client, here))
    answer = answered(client, back, code=None, error="access_denied", error_description="<b>call 0800</b>")
    assert answer.status_code == 400
    assert "did not let you in" in answer.content.decode()
    assert "0800" not in answer.content.decode()
    assert answered(client, there.authorize(begin(client, here)), error="<script>").status_code == 400
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "an error of the provider"


# The e-mail


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_e_mail_that_is_not_verified_links_nobody(client, here, there, acme, verified):
    answer = come_back(client, here, there, email="employee@acme.example", email_verified=verified)
    assert answer.status_code == 400
    assert last_event(acme, "session.sign_in", "failure")["metadata"]["reason"] == "e-mail not verified"
    assert client.get("/sign-in/company/acme/link/")["Location"] == "/sign-in/company/acme/"


def test_no_e_mail_links_nobody(client, here, there):
    assert come_back(client, here, there).status_code == 400


@pytest.mark.parametrize("who", ["employee@globex.example", "stranger@nowhere.example", "nobody@acme.example"])
def test_a_verified_e_mail_of_somebody_else_links_nobody(client, here, there, acme, who):
    come_back(client, here, there, email=who)
    assert client.get("/sign-in/company/acme/link/").status_code == 403
    assert nobody_is_signed_in(client)


# What the provider says of itself


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": "http://192.0.2.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://user:word@evil.example/"},
        {"jwks_uri": "file:///etc/passwd"},
        {"code_challenge_methods_supported": ["plain"]},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
        {"response_types_supported": ["id_token"]},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    ],
    ids=str,
)
def test_a_provider_that_says_this_of_itself_is_not_asked(client, here, there, said):
    there.configuration = said
    answer = client.post(f"/sign-in/company/acme/{here.pk}/")
    assert answer.status_code == 502


def test_a_provider_in_the_own_network_is_reached_only_where_it_is_allowed(client, here, there, acme, cast):
    with tenant(acme):
        withdraw_host(AllowedHost.objects.get(), actor=cast.administrator, reason="not needed")
    answer = client.post(f"/sign-in/company/acme/{here.pk}/")
    assert answer.status_code == 502
    assert there.asked == []
    assert "Allowed hosts" in answer.content.decode()


def test_what_follows_a_redirect_is_not_followed(client, here, there):
    there.answer = lambda *_: (302, {})
    assert client.post(f"/sign-in/company/acme/{here.pk}/").status_code == 502


def test_the_secret_is_in_no_page_and_no_event(here, cast, acme):
    client = signed_in(cast.administrator)
    for page in ("", f"{here.pk}/", f"{here.pk}/change/"):
        assert SECRET not in client.get(f"/o/acme/members/company/{page}").content.decode()
    with tenant(acme):
        assert not [event for event in AuditEvent.objects.all() if SECRET in event.body]
        assert SECRET not in IdentityProvider.objects.get().sealed_secret
        assert IdentityProvider.objects.get().secret == SECRET


# What anybody could do without an end


def test_refusals_that_one_address_causes_do_not_fill_the_trail(client, here, there, acme, monkeypatch):
    monkeypatch.setattr("accounts.company.attempts.MOST_NOTED", 2)
    for _ in range(4):
        assert answered(client, there.authorize(begin(client, here)), code=None, error="access_denied").status_code == 400
    with tenant(acme):
        assert AuditEvent.objects.filter(verb="session.sign_in", result="failure").count() == 2


def test_a_provider_that_does_not_answer_holds_few_of_all_workers(acme, monkeypatch):
    cache.clear()
    asked = []

    def never_done(organization: Any, url: str, **_: Any) -> Answer:
        asked.append(url)
        return ask(organization, url)  # while this one waits, the next comes

    monkeypatch.setattr(asking, "_askers", [never_done])
    with pytest.raises(AskingFailed, match="at this moment"):
        ask(acme, "https://id.example/")
    assert len(asked) == asking.MOST_AT_ONCE
    monkeypatch.setattr(asking, "_askers", [lambda *_, **__: Answer(200, b"{}")])
    assert [ask(acme, "https://id.example/").status for _ in range(asking.MOST_AT_ONCE + 1)][-1] == 200
