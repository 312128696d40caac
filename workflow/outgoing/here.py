"""Whether a connection failed on this side: no network, no resolver, no room. That says nothing of the other side."""

import errno
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence

_OURS = frozenset(
    {errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EACCES, errno.EPERM}
)
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT})
_ANSWERS = frozenset(
    {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
)  # there is no such name, or it has none
_DISCARD = 9  # nothing is sent to it
_lock = threading.Lock()
_heard: dict[str, None] = {}  # names that the resolver had an answer for, the latest last
_MOST = 16


def failed_here(error: BaseException, addresses: Sequence[str]) -> bool:
    """Whether a connection to these addresses failed on this machine: it lacks something, or has no route to any of them."""
    return any(one.errno in _OURS for one in _causes(error)) or not any(_is_routed(address) for address in addresses)


def _causes(error: BaseException | None) -> Iterator[OSError]:
    while error is not None:
        if isinstance(error, OSError) and not isinstance(error, ssl.SSLError):  # of which the number means something else
            yield error
        error = error.__cause__


def _is_routed(address: str) -> bool:
    """Whether this machine has a route there. Nothing is sent: connecting a datagram socket only looks the route up."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _DISCARD))
    except OSError as error:
        return error.errno not in _NO_ROUTE
    return True


def is_answer(error: OSError) -> bool:
    """Whether the resolver did answer, and said that there is nothing of the name."""
    return isinstance(error, socket.gaierror) and error.errno in _ANSWERS


def remember(name: str) -> None:
    """The resolver had an answer for it: it can be asked for it again."""
    with _lock:
        _heard.pop(name, None)
        _heard[name] = None
        while len(_heard) > _MOST:
            del _heard[next(iter(_heard))]


def another(name: str) -> str:
    """A name of another domain that the resolver had an answer for lately; empty where there was none."""
    with _lock:
        names = list(_heard)
    domain = name.split(".")[-2:]
    return next((one for one in reversed(names) if one.split(".")[-2:] != domain), "")


def forget() -> None:
    """No name was heard yet."""
    with _lock:
        _heard.clear()
