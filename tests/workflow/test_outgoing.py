"""The guarded client: what it refuses to reach, however it is written, and how little it lets others cost."""

import asyncio
import gzip
import ipaddress
import socket
import threading
import time

import pytest

from tests.workflow.servers import LOOPBACK, serving
from workflow.outgoing import addresses
from workflow.outgoing.addresses import NOTHING, canonical, check_address, check_address_async, is_public
from workflow.outgoing.client import checked_url, fetch, fetch_async
from workflow.outgoing.errors import OutgoingBusy, OutgoingError, OutgoingFailed, OutgoingRefused


def ask(how, url, **options):
    """Ask by one of the two ways."""
    return fetch(url, **options) if how == "sync" else asyncio.run(fetch_async(url, **options))


both = pytest.mark.parametrize("how", ["sync", "async"])


def resolving(monkeypatch, *answers):
    """Let every name have these addresses, one list for each look-up; returns what was looked up."""
    asked, left = [], list(answers)

    def look_up(name, port):
        asked.append((name, port))
        return left.pop(0) if len(left) > 1 else left[0]

    monkeypatch.setattr(addresses, "look_up", look_up)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "192.0.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "2001:0:7f00:1::", "2002:7f00:1::",
        "64:ff9b::127.0.0.1", "64:ff9b:1::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "3fff::1", "5f00::1",
        "100::1", "fe80::1%lo",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_internet_is_not_reached(monkeypatch, address):
    resolving(monkeypatch, [address])
    with pytest.raises(OutgoingRefused):
        check_address("host.example", 443, NOTHING)
    with pytest.raises(OutgoingRefused):
        check_address(address, 443, NOTHING)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is(monkeypatch, address):
    resolving(monkeypatch, [address])
    assert check_address("host.example", 443, NOTHING) == (address,)
    assert asyncio.run(check_address_async("host.example", 443, NOTHING)) == (address,)


def test_the_standard_library_tells_nothing_apart_that_we_forgot():
    """Of networks that IANA lists as special, a first and a last address each is refused."""
    special = ["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24"]
    special += ["192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"]
    special += [
        "::/128",
        "::1/128",
        "64:ff9b:1::/48",
        "100::/64",
        "2001:db8::/32",
        "2002::/16",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ]
    for text in special:
        network = ipaddress.ip_network(text)
        assert not is_public(network[0]), text
        assert not is_public(network[-1]), text


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "0177.0.0.1",
        "0",
        "127.0.0.1.",
        "\uff11\uff12\uff17.0.0.1",
        "[::ffff:7f00:1]",
        "①.1",
    ],
)
def test_no_way_of_writing_loopback_reaches_it(host):
    with pytest.raises(OutgoingRefused):
        check_address(host, 80, NOTHING)


@pytest.mark.parametrize("host", ["", ".", "a..b", "-a.example", "a b", "a/b", "x" * 64 + ".example", "a%00.example", "host.1"])
def test_what_is_no_host_is_refused(host):
    with pytest.raises(OutgoingRefused):
        canonical(host)


def test_hosts_are_compared_in_one_form():
    assert canonical("DB.Internal.") == "db.internal"
    assert canonical("bücher.example") == "xn--bcher-kva.example"
    assert canonical("[::FFFF:10.0.0.1]") == "10.0.0.1"
    assert canonical("FD12:0:0:0:0:0:0:1") == "fd12::1"


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_is_one(port):
    with pytest.raises(OutgoingRefused):
        check_address("host.example", port, NOTHING)


def test_an_allowed_name_leads_into_the_own_network_but_not_to_where_clouds_keep_credentials(monkeypatch):
    allowed = frozenset({("db.internal", 5432)})
    resolving(monkeypatch, ["10.1.2.3"])
    assert check_address("DB.internal", 5432, allowed) == ("10.1.2.3",)
    with pytest.raises(OutgoingRefused, match="Allowed hosts"):
        check_address("db.internal", 5433, allowed)
    with pytest.raises(OutgoingRefused):
        check_address("other.internal", 5432, allowed)
    resolving(monkeypatch, ["169.254.169.254"])
    with pytest.raises(OutgoingRefused):
        check_address("db.internal", 5432, allowed)
    assert check_address("db.internal", 5432, frozenset({("169.254.169.254", None)})) == ("169.254.169.254",)
    resolving(monkeypatch, ["0.0.0.0"])  # noqa: S104 - where it may not go
    with pytest.raises(OutgoingRefused):
        check_address("db.internal", 5432, allowed)


def test_one_address_that_may_not_be_reached_is_enough(monkeypatch):
    resolving(monkeypatch, ["8.8.8.8", "10.0.0.1"])
    with pytest.raises(OutgoingRefused):
        check_address("host.example", 443, NOTHING)


@both
def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch, how):
    """DNS rebinding: a name that leads elsewhere at the second look is not looked at twice."""
    with serving(lambda handler: handler.say()) as server:
        asked = resolving(monkeypatch, ["127.0.0.1"], ["10.255.255.1"])
        answer = ask(how, f"http://rebound.example:{server.server_port}/", allowed=frozenset({("rebound.example", None)}))
    assert (answer.status, answer.address) == (200, "127.0.0.1")
    assert asked == [("rebound.example", server.server_port)]
    assert server.seen[0][2]["host" if "host" in server.seen[0][2] else "Host"] == f"rebound.example:{server.server_port}"


@both
def test_a_name_that_turns_to_loopback_is_refused_before_anything_is_sent(monkeypatch, how):
    with serving(lambda handler: handler.say()) as server:
        resolving(monkeypatch, ["127.0.0.1"])
        with pytest.raises(OutgoingRefused):
            ask(how, f"http://public.example:{server.server_port}/", allowed=NOTHING)
    assert not server.seen


@both
def test_a_redirect_on_the_same_host_is_followed_and_no_other(how):
    def answer(handler):
        places = {
            "/": "/next",
            "/away": "http://169.254.169.254/latest",
            "/port": "http://127.0.0.1:1/",
            "/odd": "file:///etc/passwd",
        }
        places |= {"/round": "/round"}
        place = places.get(handler.path)
        handler.say(302, Location=place) if place else handler.say(body=b"there")

    with serving(answer) as server:
        assert ask(how, server.url, allowed=LOOPBACK).content == b"there"
        for path in ("/away", "/port", "/odd"):
            with pytest.raises(OutgoingRefused, match="redirects"):
                ask(how, server.url + path, allowed=LOOPBACK)
        before = len(server.seen)
        assert ask(how, server.url + "/round", allowed=LOOPBACK, redirects=2).status == 302
        assert len(server.seen) - before == 3
        assert ask(how, server.url, allowed=LOOPBACK, method="POST", content=b"{}").status == 302
        assert ask(how, server.url + "/away", allowed=LOOPBACK, redirects=0).status == 302


@both
def test_a_huge_body_is_read_as_far_as_was_asked(how):
    with serving(lambda handler: handler.say(body=b"x" * 300_000)) as server:
        answer = ask(how, server.url, allowed=LOOPBACK, max_bytes=1_000)
    assert (len(answer.content), answer.truncated) == (1_000, True)


@both
def test_what_unpacks_to_a_huge_body_is_unpacked_as_far_as_was_asked(how):
    packed = gzip.compress(b"x" * 50_000_000)
    with serving(lambda handler: handler.say(body=packed, Content_Encoding="gzip")) as server:
        answer = ask(how, server.url, allowed=LOOPBACK, max_bytes=100_000)
    assert (len(answer.content), answer.truncated) == (100_000, True)


def _drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.02)


def _drip_headers(handler):
    for _ in range(100):
        handler.wfile.write(b"H")
        time.sleep(0.02)


@both
@pytest.mark.parametrize("slowly", [_drip, _drip_headers])
def test_a_slow_answer_ends_at_the_deadline_however_often_a_byte_comes(how, slowly):
    with serving(slowly) as server:
        began = time.monotonic()
        with pytest.raises(OutgoingFailed) as failure:
            ask(how, server.url, allowed=LOOPBACK, seconds=0.15)
    assert failure.value.kind == "time"
    assert time.monotonic() - began < 1.5


@both
def test_headers_without_end_are_refused(how):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 400_000 + b"\r\n\r\n")

    with serving(answer) as server, pytest.raises(OutgoingFailed):
        ask(how, server.url, allowed=LOOPBACK)


def test_names_without_an_answer_are_told_apart_from_those_nobody_had_time_to_ask_for(monkeypatch):
    asked, answer = threading.Event(), threading.Event()

    def look_up(name, port):
        if name == "mute.example":
            asked.set()
            answer.wait(5)
        return ["8.8.8.8"]

    async def story():
        with pytest.raises(OutgoingFailed, match="could not be resolved in time"):
            await check_address_async("mute.example", 443, NOTHING, seconds=0.3)
        assert await asyncio.to_thread(asked.wait, 5)  # on a busy machine the thread begins later
        with pytest.raises(OutgoingBusy):
            await check_address_async("other.example", 443, NOTHING)
        answer.set()
        room.acquire(timeout=5)  # the thread has given its place back
        room.release()
        return await check_address_async("other.example", 443, NOTHING)

    room = threading.BoundedSemaphore(1)
    monkeypatch.setattr(addresses, "_room", room)
    monkeypatch.setattr(addresses, "look_up", look_up)
    assert asyncio.run(story()) == ("8.8.8.8",)


@both
def test_a_slow_resolver_ends_at_the_deadline(monkeypatch, how):
    def look_up(name, port):
        time.sleep(0.3)
        return ["8.8.8.8"]

    monkeypatch.setattr(addresses, "look_up", look_up)
    began = time.monotonic()
    with pytest.raises(OutgoingFailed) as failure:
        ask(how, "http://slow.example/", allowed=NOTHING, seconds=0.1)
    assert failure.value.kind in {"name", "time"}
    if how == "sync":
        assert time.monotonic() - began < 0.25


@both
def test_no_proxy_of_the_environment_is_asked(monkeypatch, how):
    with serving(lambda handler: handler.say()) as server, serving(lambda handler: handler.say(body=b"proxy")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert ask(how, server.url, allowed=LOOPBACK).content == b"hello"
    assert not proxy.seen


@pytest.mark.parametrize(
    "url",
    [
        "http://user:password@host.example/", "http://user@host.example/", "http://8.8.8.8\\@127.0.0.1/",
        "ftp://host.example/", "file:///etc/passwd", "gopher://host.example/", "//host.example/", "host.example", "https://",
        "http://host.example/\r\nX: y", "http://host .example/", "http://host.example:99999/", "http://ho\x00st/",
        "http://" + "a" * 3000, "http://127.0.0.1#@host.example:80 /",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_of_the_web_is_refused(url):
    with pytest.raises(OutgoingRefused):
        checked_url(url)


def test_what_looks_like_a_host_in_a_fragment_or_a_query_is_none():
    assert checked_url("http://host.example/a?b=http://127.0.0.1/#@127.0.0.1").host == "host.example"
    assert str(checked_url("https://Host.Example:443/a#b")) == "https://host.example/a"


@both
def test_what_is_sent_is_what_was_given_and_no_header_hides_another_host(how):
    with serving(lambda handler: handler.say(204, b"")) as server:
        headers = {"Host": "other.example", "X-Signature": "abc", "Content-Type": "application/json"}
        answer = ask(how, server.url + "/hook?a=b", allowed=LOOPBACK, method="POST", content=b'{"a":1}', headers=headers)
    method, path, sent, body = server.seen[0]
    told = {name.lower(): value for name, value in sent.items()}
    assert (answer.status, answer.is_success, method, path, body) == (204, True, "POST", "/hook?a=b", b'{"a":1}')
    assert (told["host"], told["x-signature"]) == (f"127.0.0.1:{server.server_port}", "abc")


@both
def test_nobody_who_listens_is_a_failure_with_its_kind(how):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(OutgoingFailed) as failure:
            ask(how, f"http://127.0.0.1:{port}/", allowed=LOOPBACK, seconds=2)
    assert failure.value.kind == "connect"


@both
def test_a_server_without_tls_is_a_failure_of_tls(how):
    with serving(lambda handler: handler.say()) as server, pytest.raises(OutgoingFailed) as failure:
        ask(how, server.url.replace("http:", "https:"), allowed=LOOPBACK, seconds=2)
    assert failure.value.kind == "tls"


@both
def test_an_unknown_name_is_a_failure_of_the_name(monkeypatch, how):
    def look_up(name, port):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(addresses, "look_up", look_up)
    with pytest.raises(OutgoingFailed) as failure:
        ask(how, "https://nowhere.example/", allowed=NOTHING)
    assert failure.value.kind == "name"
    assert isinstance(failure.value, OutgoingError)


@pytest.mark.parametrize(
    ("host", "is_reached"),
    [
        ("idp.example.com", True), ("IDP.example.com.", True), ("a.okta.example", True), ("b.a.okta.example", True),
        ("okta.example", False), ("notokta.example", False), ("other.example.com", False), ("8.8.8.8", False), ("1.1.1.1", True),
    ],
)  # fmt: skip
def test_a_list_of_the_operators_is_all_that_is_reached(monkeypatch, settings, host, is_reached):
    settings.PLUMBLINE_OUTGOING = ["idp.example.com", "*.okta.example", "1.1.1.1"]
    asked = resolving(monkeypatch, ["8.8.8.8"])
    ways = [lambda: check_address(host, 443, NOTHING), lambda: asyncio.run(check_address_async(host, 443, NOTHING))]
    for way in ways:
        if is_reached:
            assert way()
        else:
            with pytest.raises(OutgoingRefused, match="not on the list of hosts that this installation reaches"):
                way()
    assert is_reached or asked == []


@both
def test_what_an_administrator_allowed_is_not_reached_where_the_operators_list_lacks_it(settings, how):
    with serving(lambda handler: handler.say()) as server:
        assert ask(how, server.url, allowed=LOOPBACK).status == 200
        settings.PLUMBLINE_OUTGOING = ["idp.example.com"]
        with pytest.raises(OutgoingRefused):
            ask(how, server.url, allowed=LOOPBACK)
