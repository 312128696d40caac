"""A strict provider of our own on loopback: discovery, keys and the token endpoint over HTTP; its sign-in page is a call.

It checks what a provider must (client, secret, PKCE, redirect address, one use of a code) and lies only where a test says so.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "plumbline:client", "s3cret/+ :&é"
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_PEM = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
Change = Callable[[dict[str, Any]], Any]


def jwk(key: Any, kid: str, **more: str) -> dict[str, Any]:
    algorithm = jwt.get_algorithm_by_name("RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256")
    return {**json.loads(algorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig", **more}


def signed_by(key: Any, algorithm: str = "RS256", **header: Any) -> Change:
    """A signer: from claims to a token."""
    return lambda claims: jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "one", **header})


def by_hand(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token as no library would make it."""
    parts = [base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=") for one in (header, claims)]
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


@dataclass
class Grant:
    """What a code stands for."""

    asked: dict[str, str]
    subject: str
    claims: dict[str, Any]


@dataclass
class Provider:
    """One provider; `lies` says where it departs from what is right."""

    issuer: str = ""
    keys: list[dict[str, Any]] = field(
        default_factory=lambda: [jwk(RSA_KEY, "one", alg="RS256"), jwk(EC_KEY, "two", alg="ES256")]
    )
    sign: Change = field(default_factory=lambda: signed_by(RSA_KEY))
    configuration: dict[str, Any] = field(default_factory=dict)  # over what discovery says
    claims: dict[str, Any] = field(default_factory=dict)  # over what the token says; None leaves a claim out
    userinfo: dict[str, Any] | None = None
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    auth_age: float = 0

    def authorize(self, location: str, subject: str = "subject-1", **claims: Any) -> str:
        """The person signs in at the page that `location` opens: the address they are sent back to."""
        parts = urlsplit(location)
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", CLIENT, "S256")
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(asked, subject, claims)
        query = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return f"{asked['redirect_uri']}?{query}"

    def token_for(self, grant: Grant) -> str:
        """The ID token, as this provider makes it."""
        moment = int(time.time())
        said = {
            "iss": self.issuer,
            "sub": grant.subject,
            "aud": CLIENT,
            "exp": moment + 300,
            "iat": moment,
            "auth_time": moment - self.auth_age,
            "nonce": grant.asked["nonce"],
            "email_verified": True,
            **grant.claims,
            **self.claims,
        }
        return str(self.sign({name: value for name, value in said.items() if value is not None}))

    def exchange(self, headers: Any, body: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token endpoint."""
        given = base64.b64decode(headers.get("authorization", "").removeprefix("Basic ")).decode()
        client, _, secret = given.partition(":")
        posts = "client_secret_post" in self.configuration.get("token_endpoint_auth_methods_supported", [])
        who = (body.get("client_id"), body.get("client_secret")) if posts else (unquote_plus(client), unquote_plus(secret))
        grant = self.grants.pop(body.get("code", ""), None)
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(body.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        )
        if who != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if grant is None or grant.asked["code_challenge"] != challenge or grant.asked["redirect_uri"] != body.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "bearer-of-it", "token_type": "Bearer", "id_token": self.token_for(grant)}

    def described(self) -> dict[str, Any]:
        """The discovery document."""
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
            "authorization_response_iss_parameter_supported": True,
        }
        if self.userinfo is not None:
            said["userinfo_endpoint"] = f"{self.issuer}/userinfo"
        return {name: value for name, value in {**said, **self.configuration}.items() if value is not None}

    def answer(self, method: str, path: str, headers: Any, body: dict[str, str]) -> tuple[int, Any]:
        """What stands at an address."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return 200, self.described()
        if path == "/keys":
            return 200, {"keys": self.keys}
        if path == "/userinfo" and self.userinfo is not None and headers.get("authorization") == "Bearer bearer-of-it":
            return 200, self.userinfo
        return self.exchange(headers, body) if (method, path) == ("POST", "/token") else (404, {})


@contextmanager
def running() -> Iterator[Provider]:
    """A provider on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["content-length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(text).items()})

        def _answer(self, body: dict[str, str]) -> None:
            status, said = provider.answer(self.command, self.path, self.headers, body)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing: the tests say what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
