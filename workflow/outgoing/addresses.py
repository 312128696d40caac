"""Which addresses may be reached: a name is resolved once, every address it has is judged, and only those are connected to.

Refused, unless an administrator has allowed the host: loopback, private, shared, link-local, reserved and documentation
networks (IANA's special-purpose registries), also where IPv6 wraps an IPv4 address of them. Multicast and the unspecified
address are always refused. Link-local addresses, where clouds hand out credentials, are reached only where the address
itself is allowed, never by a name that happens to lead there.
"""

import asyncio
import ipaddress
import queue
import re
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from workflow.outgoing.errors import OutgoingBlind, OutgoingBusy, OutgoingFailed, OutgoingRefused
from workflow.outgoing.here import another, is_answer, remember
from workflow.outgoing.listed import refuse_unlisted

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allowed = frozenset[tuple[str, int | None]]  # (host as `canonical` writes it, port or None for every port)
NOTHING: Allowed = frozenset()
PORTS = range(1, 65_536)
ALLOWABLE = "is not on the public internet. An administrator can allow this host under Settings, Allowed hosts."

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Special-purpose networks that the standard library does not tell apart: local NAT64, tunnels that carry any IPv4
# address, old site-local and IPv4-compatible addresses, newer documentation and segment-routing ranges.
_SPECIAL = tuple(
    ipaddress.IPv6Network(network)
    for network in ("64:ff9b:1::/48", "2001::/23", "2002::/16", "fec0::/10", "::/96", "3fff::/20", "5f00::/16", "100::/64")
)
# A resolver that does not answer holds its thread for long after the question was given up. Threads of their own, and many,
# so that names without an answer do not keep others from being asked for; and when all are held, that is said.
MOST_ASKED = 400
_room = threading.BoundedSemaphore(MOST_ASKED)
_asking = ThreadPoolExecutor(max_workers=MOST_ASKED, thread_name_prefix="look up")
_PATIENCE = 0.6  # of the time that there is; what is left is for asking the resolver for another name, and for an answer
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


def canonical(host: str) -> str:
    """A host as it is compared and asked for: lower case, names in their ASCII form, addresses in their shortest.

    Raises OutgoingRefused for what is neither a name nor a plainly written address: 2130706433, 0x7f.1 and 0177.0.0.1
    are ways to write 127.0.0.1 that only serve to hide it.
    """
    text = host.strip().strip("[]").rstrip(".").lower()
    literal = as_address(text)
    if literal is not None:
        return str(literal)
    try:
        name = text.encode("idna").decode()
    except UnicodeError:
        name = ""
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or _NUMBER.fullmatch(labels[-1]):
        raise OutgoingRefused(f"{host[:80]!r} is not a host: write a name, or an address such as 192.0.2.10.")
    return name


def as_address(text: str) -> Address | None:
    """The address that is written plainly in `text`; None for anything else. IPv4 within IPv6 comes out as IPv4."""
    try:
        return _unwrapped(ipaddress.ip_address(text))
    except ValueError:
        return None


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether it is an ordinary address of the internet."""
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or any(address in one for one in _SPECIAL)):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def check_address(host: str, port: int, allowed: Allowed, *, seconds: float = 5.0) -> tuple[str, ...]:
    """Resolve a host and return the addresses to connect to, every one of them checked. Connect to these, not to the name.

    Raises OutgoingRefused when one of them may not be reached, OutgoingFailed when there is none within `seconds`.
    """
    name = _asked(host, port)
    literal = as_address(name)
    found = [str(literal)] if literal else _within(seconds, name, port)
    return _judged(name, port, found, allowed)


async def check_address_async(host: str, port: int, allowed: Allowed, *, seconds: float = 5.0) -> tuple[str, ...]:
    """The same for asyncio. Raises OutgoingBusy too: when so many names are being looked up that this one was not asked for;
    and OutgoingBlind: when the resolver has no answer for this one, nor for another one that it knew lately.
    """
    name = _asked(host, port)
    literal = as_address(name)
    if literal:
        return _judged(name, port, [str(literal)], allowed)
    try:
        found = await _asked_for(name, port, seconds * _PATIENCE)
    except TimeoutError:
        raise await _silence(name, port, seconds, "in time") from None
    except OSError as error:
        raise (_unknown(name) if is_answer(error) else await _silence(name, port, seconds)) from None
    remember(name)
    return _judged(name, port, found, allowed)


async def _asked_for(name: str, port: int, seconds: float) -> list[str]:
    """Look up in one of our threads. Raises OutgoingBusy, TimeoutError and OSError."""
    if not _room.acquire(blocking=False):
        raise OutgoingBusy("Too many names wait for an answer of the resolver: this one was not asked for.")
    asking = _asking.submit(look_up, name, port)
    asking.add_done_callback(lambda _: _room.release())
    async with asyncio.timeout(seconds):
        return await asyncio.wrap_future(asking)


async def _silence(name: str, port: int, seconds: float, how: str = "") -> OutgoingFailed:
    """Whose fault it is that a name had no answer: its own where the resolver answers for another, else nobody can tell."""
    other = another(name)
    try:
        if other:
            await _asked_for(other, port, seconds * (1 - _PATIENCE) / 2)
            return _unknown(name, how)
    except (OutgoingBusy, OSError):  # TimeoutError is one
        other = ""
    words = _unknown(name, how).sentence.removesuffix(".")
    return OutgoingBlind(f"{words}: the resolver here gave no answer, which says nothing of {name}.", "name")


def look_up(name: str, port: int) -> list[str]:
    """The addresses of a name, as the system's resolver has them. Raises OSError."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)))


def _within(seconds: float, name: str, port: int) -> list[str]:
    """Look up in a thread of its own: the system's resolver knows no limit of ours, and nobody waits for it at the end."""
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up(name, port))
        except OSError as error:
            answers.put(error)

    threading.Thread(target=ask, name=f"look up {name}", daemon=True).start()
    try:
        found = answers.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise _unknown(name, "in time") from None
    if isinstance(found, OSError):
        raise _unknown(name) from found
    addresses: list[str] = found
    return addresses


def _unknown(name: str, how: str = "") -> OutgoingFailed:
    return OutgoingFailed(f"The name {name} could not be resolved{' ' + how if how else ''}.", "name")


def _asked(host: str, port: int) -> str:
    if port not in PORTS:
        raise OutgoingRefused("A port is a number from 1 to 65535.")
    name = canonical(host)
    refuse_unlisted(name)
    return name


def _judged(name: str, port: int, found: list[str], allowed: Allowed) -> tuple[str, ...]:
    if not found:
        raise _unknown(name)
    for text in found:
        _judge(name, port, text, allowed)
    return tuple(found)


def _judge(name: str, port: int, text: str, allowed: Allowed) -> None:
    """Raise OutgoingRefused unless this address of the host may be reached."""
    address = as_address(text)
    if address is None or address.is_multicast or address.is_unspecified:
        raise OutgoingRefused(f"{name} leads to {text}, which is not the address of one host.")
    if is_public(address) or _has(allowed, str(address), port):
        return
    if _has(allowed, name, port) and not address.is_link_local:
        return
    where = name if name == str(address) else f"{name} leads to {address}, which"
    raise OutgoingRefused(f"{where} {ALLOWABLE}")


def _has(allowed: Allowed, host: str, port: int) -> bool:
    return (host, None) in allowed or (host, port) in allowed
