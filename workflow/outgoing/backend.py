"""How connections are made: to the address that was checked, within the time that is left."""

import asyncio
import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from workflow.outgoing.addresses import Allowed, check_address, check_address_async
from workflow.outgoing.errors import NO_WAY, OutgoingBlind
from workflow.outgoing.here import failed_here


class Deadline:
    """The moment at which a request has to be over, however slowly its bytes come."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that remain. Raises httpcore.ReadTimeout when none do."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise httpcore.ReadTimeout("The time was up.")
        return seconds


class TimedStream(httpcore.NetworkStream):
    """A connection on which no single read or write outlasts the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what there is, at most `max_bytes`."""
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Shake hands."""
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What is known of the socket."""
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves and judges by itself, and hands the socket an address: nothing resolves the name a second time."""

    def __init__(self, allowed: Allowed, deadline: Deadline) -> None:
        self._inner, self._allowed, self._deadline = httpcore.SyncBackend(), allowed, deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of its addresses that answers. Raises OutgoingRefused before anything is sent."""
        addresses = check_address(host, port, self._allowed, seconds=self._deadline.left())
        for number, address in enumerate(addresses, start=1):
            share = self._deadline.left() / (len(addresses) - number + 1)
            try:
                stream = self._inner.connect_tcp(address, port, timeout=share, socket_options=socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
            else:
                return TimedStream(stream, self._deadline)
        raise httpcore.ConnectError("There is no address.")


class GuardedAsyncBackend(httpcore.AsyncNetworkBackend):
    """The same for asyncio, where the caller holds the deadline."""

    def __init__(self, allowed: Allowed, seconds: float) -> None:
        self._inner, self._allowed, self._seconds = httpcore.AnyIOBackend(), allowed, seconds

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of its addresses that answers. Raises OutgoingRefused, before anything is sent; OutgoingBlind."""
        addresses = await check_address_async(host, port, self._allowed, seconds=self._seconds)
        for number, address in enumerate(addresses, start=1):
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout=self._seconds / len(addresses), socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                if number == len(addresses):
                    if failed_here(error, addresses):
                        raise OutgoingBlind(NO_WAY, "connect") from error
                    raise
        raise httpcore.ConnectError("There is no address.")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)
