"""Asking another host over HTTP: guarded, bounded in time and size, and by no proxy that the environment names.

`fetch` for workers, `fetch_async` for asyncio. Neither follows a redirect to another host, sends credentials written
into an address, or believes anything but HTTP and HTTPS.
"""

import asyncio
import functools
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import certifi
import httpcore
import httpx

from workflow.outgoing.addresses import PORTS, Allowed, canonical
from workflow.outgoing.backend import Deadline, GuardedAsyncBackend, GuardedBackend
from workflow.outgoing.errors import OutgoingElsewhere, OutgoingError, OutgoingFailed, OutgoingRefused

SECONDS = 10.0
MAX_BYTES = 1024 * 1024
REDIRECTS = 3
LONGEST = 2_000  # characters of an address
_PORTS = {"http": 80, "https": 443}
_MOVED = frozenset({301, 302, 303, 307, 308})
_KINDS: tuple[tuple[type[Exception], str, str], ...] = (
    (httpcore.TimeoutException, "time", "It did not answer in time."),
    (httpcore.ProtocolError, "protocol", "What it answered is not HTTP."),
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `content` is at most the bytes asked for; `truncated` says that there was more."""

    url: str
    status: int
    headers: Mapping[str, str]  # names in lower case; of one that comes several times, the last
    content: bytes
    truncated: bool
    seconds: float  # from asking to the end of what was read
    address: str = ""  # the address that was connected to
    tls_version: str = ""  # such as TLSv1.3
    certificate: bytes = b""  # the server's own, DER

    @property
    def is_success(self) -> bool:
        """Whether the status is one of 200 to 299."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The content as UTF-8; what is not is replaced."""
        return self.content.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class _Asked:
    method: str
    url: httpx.URL
    headers: list[tuple[bytes, bytes]]
    content: bytes

    def to(self, url: httpx.URL) -> "_Asked":
        return replace(self, url=url)


def checked_url(url: str) -> httpx.URL:
    """An address that may be asked, parsed once and for all. Raises OutgoingRefused with a sentence."""
    if len(url) > LONGEST or not url.isprintable() or any(sign in url for sign in ' \\"<>'):
        raise OutgoingRefused("This is not an address: write it as https://host/path.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise OutgoingRefused("This is not an address: write it as https://host/path.") from None
    if parsed.scheme not in _PORTS or not parsed.host:
        raise OutgoingRefused("Only addresses that begin with https:// or http:// are asked.")
    if parsed.userinfo or "@" in parsed.netloc.decode():
        raise OutgoingRefused("An address carries no name or password: they would end up in logs.")
    if _port(parsed) not in PORTS:
        raise OutgoingRefused("A port is a number from 1 to 65535.")
    return parsed.copy_with(host=canonical(parsed.host), fragment=None)


@functools.cache
def trusted() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities and Mozilla's. Nothing in the environment changes that.

    Every request shares it: whoever wants to be less strict makes one of their own with `trusting`.
    """
    return trusting()


def trusting() -> ssl.SSLContext:
    """A context of one's own, with the same authorities."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    return context


def fetch(
    url: str,
    *,
    allowed: Allowed,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    seconds: float = SECONDS,
    max_bytes: int = MAX_BYTES,
    redirects: int = REDIRECTS,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """Ask and return the answer, whatever its status. `seconds` covers everything, redirects of the same host included.

    Raises OutgoingRefused for what may not be asked, OutgoingFailed where no answer came.
    """
    asked, deadline, began = _prepared(url, method, headers, content), Deadline(seconds), time.monotonic()
    for left in range(redirects, -1, -1):
        answer = _once(asked, allowed, deadline, max_bytes, tls or trusted())
        onward = _onward(asked, answer) if left else None
        if onward is None:
            return replace(answer, seconds=time.monotonic() - began)
        asked = asked.to(onward)
    raise AssertionError("The last round returns.")


async def fetch_async(
    url: str,
    *,
    allowed: Allowed,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    seconds: float = SECONDS,
    max_bytes: int = MAX_BYTES,
    redirects: int = REDIRECTS,
    tls: ssl.SSLContext | None = None,
) -> Fetched:
    """`fetch` for asyncio."""
    asked, began = _prepared(url, method, headers, content), time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            for left in range(redirects, -1, -1):
                answer = await _once_async(asked, allowed, seconds, max_bytes, tls or trusted())
                onward = _onward(asked, answer) if left else None
                if onward is None:
                    return replace(answer, seconds=time.monotonic() - began)
                asked = asked.to(onward)
    except TimeoutError:
        raise OutgoingFailed("It did not answer in time.", "time") from None
    raise AssertionError("The last round returns.")


def _prepared(url: str, method: str, headers: Mapping[str, str] | None, content: bytes) -> _Asked:
    parsed = checked_url(url)
    given = {name.lower(): value for name, value in (headers or {}).items()}
    sent = {"host": parsed.netloc.decode(), "user-agent": "Plumbline", "accept": "*/*", "accept-encoding": "identity"}
    sent |= {name: value for name, value in given.items() if name not in {"host", "transfer-encoding", "connection"}}
    sent |= {"connection": "close"}
    if content or method not in {"GET", "HEAD"}:
        sent["content-length"] = str(len(content))
    return _Asked(method, parsed, [(name.encode("ascii"), value.encode()) for name, value in sent.items()], content)


def _request(asked: _Asked) -> dict[str, Any]:
    target = httpcore.URL(
        scheme=asked.url.raw_scheme, host=asked.url.raw_host, port=_port(asked.url), target=asked.url.raw_path or b"/"
    )
    return {"method": asked.method, "url": target, "headers": asked.headers, "content": asked.content}


def _port(url: httpx.URL) -> int:
    return _PORTS[url.scheme] if url.port is None else url.port


def _once(asked: _Asked, allowed: Allowed, deadline: Deadline, max_bytes: int, tls: ssl.SSLContext) -> Fetched:
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=tls, network_backend=GuardedBackend(allowed, deadline), max_connections=1, retries=0
            ) as pool,
            pool.stream(**_request(asked)) as response,
        ):
            met = _met(response)  # while the connection is there
            taken = _Taken(max_bytes)
            for part in response.iter_stream():
                if not taken.add(part):
                    break
            return _fetched(asked, response, taken, met)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise _failed(error) from error


async def _once_async(asked: _Asked, allowed: Allowed, seconds: float, max_bytes: int, tls: ssl.SSLContext) -> Fetched:
    try:
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=tls, network_backend=GuardedAsyncBackend(allowed, seconds), max_connections=1, retries=0
            ) as pool,
            pool.stream(**_request(asked)) as response,
        ):
            met = _met(response)
            taken = _Taken(max_bytes)
            async for part in response.aiter_stream():
                if not taken.add(part):
                    break
            return _fetched(asked, response, taken, met)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        if isinstance(error, TimeoutError):
            raise
        raise _failed(error) from error


class _Taken:
    """What was read of a body, and whether more was there."""

    def __init__(self, most: int) -> None:
        self.content, self.most, self.truncated = b"", most, False

    def add(self, part: bytes) -> bool:
        """Take a part; False when that is enough."""
        self.content += part
        self.truncated = len(self.content) > self.most
        self.content = self.content[: self.most]
        return not self.truncated


def _met(response: httpcore.Response) -> dict[str, Any]:
    """What the connection tells: the address, and of TLS the version and the certificate."""
    stream = response.extensions["network_stream"]
    peer = stream.get_extra_info("server_addr")
    socket = stream.get_extra_info("ssl_object")
    facts = {"address": str(peer[0]) if peer else ""}
    if socket is None:
        return facts
    return {**facts, "tls_version": socket.version() or "", "certificate": socket.getpeercert(True) or b""}  # noqa: FBT003 - it knows no names


def _fetched(asked: _Asked, response: httpcore.Response, taken: _Taken, met: dict[str, Any]) -> Fetched:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    content, truncated = taken.content, taken.truncated
    if headers.get("content-encoding", "").lower() in {"gzip", "deflate"}:
        content, truncated = _unpacked(content, taken)
    return Fetched(str(asked.url), response.status, headers, content, truncated, 0.0, **met)


def _unpacked(content: bytes, taken: _Taken) -> tuple[bytes, bool]:
    """Unpack what a server packed although it was asked not to, and no more of it than may be read."""
    unpacking = zlib.decompressobj(wbits=47)
    try:
        unpacked = unpacking.decompress(content, taken.most)
    except zlib.error:
        return content, taken.truncated
    return unpacked, taken.truncated or bool(unpacking.unconsumed_tail)


def _onward(asked: _Asked, answer: Fetched) -> httpx.URL | None:
    """Where a redirect leads, if it is one to follow: of a question without a body, on the same host, never from TLS to none."""
    place = answer.headers.get("location", "")
    if answer.status not in _MOVED or not place or asked.method not in {"GET", "HEAD"}:
        return None
    try:
        onward = checked_url(str(asked.url.join(place)))
    except (OutgoingRefused, httpx.InvalidURL, ValueError):
        raise OutgoingElsewhere(f"It redirects to what is not an address: {place[:120]!r}.") from None
    here, there = (asked.url.scheme, _port(asked.url)), (onward.scheme, _port(onward))
    if onward.host != asked.url.host or (here != there and (here, there) != (("http", 80), ("https", 443))):
        raise OutgoingElsewhere(f"It redirects to another host, {onward.host}, port {there[1]}: that is not followed.")
    return onward


def _failed(error: Exception) -> OutgoingError:
    for known, kind, sentence in _KINDS:
        if isinstance(error, known):
            return OutgoingFailed(sentence, kind)
    if isinstance(error.__cause__, ssl.SSLError) or isinstance(error, ssl.SSLError) or "SSL" in str(error):
        why = getattr(error.__cause__, "verify_message", "") or str(error)
        return OutgoingFailed(f"No secure connection: {why[:200]}", "tls")
    return OutgoingFailed(f"No connection: {str(error)[:200] or type(error).__name__}.", "connect")
