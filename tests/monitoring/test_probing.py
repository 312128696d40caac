"""Looks at real servers on loopback: what they answer is what was found."""

import asyncio
import contextlib
import datetime as dt
import ssl
import threading
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import connection

from monitoring.probing.looking import look
from monitoring.probing.target import Found, Target
from tests.workflow.servers import LOOPBACK, serving
from workflow.outgoing import addresses
from workflow.outgoing.client import fetch_async

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def seen(kind: str, **facts: Any) -> Found:
    """What one look finds."""
    given = {"interval": 60, "timeout": 3, "host": "127.0.0.1", "use_tls": False, "allowed": LOOPBACK, **facts}
    return asyncio.run(look(Target(uuid.uuid4(), uuid.uuid4(), kind, **given)))


@contextmanager
def talking(serve: Serve) -> Iterator[int]:
    """A server that talks as it is told; its port."""
    ready = threading.Event()
    told: dict[str, Any] = {}

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await serve(reader, writer)
        finally:
            writer.close()
            writer.transport.abort()

    async def run() -> None:
        stop = asyncio.Event()
        async with await asyncio.start_server(quietly, "127.0.0.1", 0) as server:
            told.update(loop=asyncio.get_running_loop(), stop=stop, port=server.sockets[0].getsockname()[1])
            ready.set()
            await stop.wait()
            await asyncio.sleep(0.01)  # who hangs up is heard

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield told["port"]
    finally:
        told["loop"].call_soon_threadsafe(told["stop"].set)
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("status", "facts", "outcome", "words"),
    [
        (200, {}, "healthy", ""),
        (302, {}, "healthy", ""),
        (404, {}, "down", "Status 404."),
        (503, {"expected_statuses": (200, 204)}, "down", "Status 503, not 200 or 204."),
        (401, {"expected_statuses": (401,)}, "healthy", ""),
        (200, {"expected_text": "hello"}, "healthy", ""),
        (200, {"expected_text": "goodbye"}, "down", "The answer does not contain 'goodbye'."),
    ],
)
def test_an_address_is_held_against_what_is_expected(status, facts, outcome, words):
    with serving(lambda handler: handler.say(status)) as server:
        found = seen("http", url=server.url, **facts)
    assert (found.outcome, found.detail) == (outcome, words)
    assert found.duration_ms is not None


def test_a_header_carries_the_secret():
    with serving(lambda handler: handler.say()) as server:
        assert seen("http", url=server.url, header="X-Key", secret="Zeppelin").outcome == "healthy"
        assert {name.lower(): value for name, value in server.seen[0][2].items()}["x-key"] == "Zeppelin"


def test_what_never_answers_is_down_in_time():
    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    with talking(wait) as port:
        found = seen("http", url=f"http://127.0.0.1:{port}/", timeout=1)
    assert found.outcome == "down"
    assert "in time" in found.detail or "within" in found.detail


def test_slow_is_degraded():
    with serving(lambda handler: handler.say()) as server:
        found = seen("http", url=server.url, slow_after=-1)  # so that any answer is slower
        assert seen("http", url=server.url, slow_after=3_000).outcome == "healthy"
    assert found.outcome == "degraded"
    assert found.detail.startswith("Slow: ")


def certificate(folder: Path, days: int) -> ssl.SSLContext:
    """A server's context with a certificate of its own for 127.0.0.1 that lasts so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(today - dt.timedelta(days=1)).not_valid_after(today + dt.timedelta(days=days, hours=1))
    made = builder.sign(key, hashes.SHA256())
    pem = folder / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def believing() -> ssl.SSLContext:
    """Takes every certificate: what it says is what is tried here."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_a_certificate_that_ends_soon_is_degraded(tmp_path, monkeypatch):
    async def fetch(url: str, **facts: Any) -> Any:
        return await fetch_async(url, **{**facts, "tls": believing()})

    monkeypatch.setattr("monitoring.probing.http.fetch_async", fetch)
    with serving(lambda handler: handler.say(), certificate(tmp_path, 5)) as server:
        soon, later = seen("http", url=server.url, certificate_days=14), seen("http", url=server.url, certificate_days=3)
    assert soon.outcome == "degraded"
    assert soon.detail.startswith("The certificate ends in 5 days")
    assert later.outcome == "healthy"
    assert later.certificate_until is not None


def test_a_certificate_that_nobody_vouches_for_is_down(tmp_path):
    with serving(lambda handler: handler.say(), certificate(tmp_path, 5)) as server:
        port = server.server_port
        assert seen("http", url=server.url).detail.startswith("No secure connection")
        assert seen("tcp", port=port, use_tls=True).detail.startswith("No secure connection")
        assert seen("tcp", port=port).outcome == "healthy"


def valkey(password: str = "") -> Serve:
    """A server that knows AUTH and PING."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_known = not password
        while header := await reader.readline():
            words = []
            for _ in range(int(header[1:])):
                await reader.readline()
                words.append((await reader.readline()).strip().decode())
            if words[0] == "AUTH":
                is_known = words[-1] == password
                writer.write(b"+OK\r\n" if is_known else b"-WRONGPASS invalid username-password pair\r\n")
            else:
                writer.write(b"+PONG\r\n" if is_known else b"-NOAUTH Authentication required.\r\n")
            await writer.drain()

    return serve


def test_valkey_answers_a_ping():
    with talking(valkey()) as port:
        assert seen("redis", port=port).outcome == "healthy"
    with talking(valkey("Zeppelin")) as port:
        assert seen("redis", port=port, secret="Zeppelin").outcome == "healthy"
        assert "refused the password: WRONGPASS" in seen("redis", port=port, secret="wrong").detail
        assert seen("redis", port=port).detail.startswith("NOAUTH")


@pytest.mark.parametrize("secret", ["Zeppelin", "Zeppelin" * 30])
def test_a_server_that_repeats_the_password_does_not_bring_it_onto_a_page(secret):
    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"AUTH")
        said = f"-ERR unknown command 'AUTH', with args beginning with: '{secret}'\r\n"  # as Redis does
        writer.write(said.encode())
        await writer.drain()

    with talking(repeat) as port:
        found = seen("redis", port=port, secret=secret)
    assert found.outcome == "down"
    assert "Zeppel" not in found.detail
    assert "unknown command" in found.detail


def test_postgresql_is_asked_something(monkeypatch):
    """Through a door from TCP to the socket of the tests' own server."""
    place: dict[str, Any] = connection.get_connection_params()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner = await asyncio.open_unix_connection(f"{place['host']}/.s.PGSQL.{place.get('port') or 5432}")

        async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            while part := await source.read(65_536):
                target.write(part)
                await target.drain()
            target.close()

        try:
            await asyncio.gather(pump(reader, inner), pump(inner_reader, writer))
        finally:
            inner.transport.abort()

    if not str(place.get("host")).startswith("/"):
        pytest.skip("The database of these tests does not listen on a socket.")
    facts = {"username": place["user"], "database": "postgres"}
    with talking(connect) as port:
        assert seen("postgresql", port=port, secret=place["password"], **facts).outcome == "healthy"
        refused = seen("postgresql", port=port, secret=place["password"], username="nobody-here", database="postgres")
        monkeypatch.setattr(addresses, "look_up", lambda name, port: ["::1", "127.0.0.1"])
        both = {"host": "both.example", "allowed": frozenset({("both.example", None)}), **facts}
        assert seen("postgresql", port=port, secret=place["password"], **both).outcome == "healthy"
    assert refused.outcome == "down"
    assert place["password"] not in refused.detail


def test_an_address_of_a_host_that_does_not_answer_is_not_the_last(monkeypatch):
    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    monkeypatch.setattr(addresses, "look_up", lambda name, port: ["::1", "127.0.0.1"])  # such as IPv6 before IPv4
    allowed = frozenset({("both.example", None)})
    with talking(wait) as port:
        assert seen("tcp", host="both.example", port=port, allowed=allowed).outcome == "healthy"
    with talking(valkey()) as port:
        assert seen("redis", host="both.example", port=port, allowed=allowed).outcome == "healthy"


def test_where_nobody_listens_everything_is_down():
    for kind in ("tcp", "redis", "postgresql"):
        assert seen(kind, port=1).outcome == "down"
