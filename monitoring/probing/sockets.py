"""Looks that are not HTTP: a port, a PostgreSQL server, a Redis or Valkey server. Each connects to an address that was judged."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from monitoring.checking.judging import DOWN, HEALTHY
from monitoring.probing.target import Found, Target
from workflow.outgoing.addresses import canonical, check_address_async
from workflow.outgoing.client import trusted
from workflow.outgoing.errors import NO_WAY, OutgoingBlind
from workflow.outgoing.here import failed_here

CLOSING = 1.0  # seconds that a server has to say goodbye
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def look_tcp(target: Target) -> Found:
    """Whether a connection is accepted. Raises OutgoingError and TimeoutError."""
    try:
        async with _connected(target):
            return Found(HEALTHY)
    except (OSError, ssl.SSLError) as error:
        return _unreached(error)


async def look_postgresql(target: Target) -> Found:
    """Whether the server takes a connection and answers SELECT 1. Raises OutgoingError and TimeoutError."""
    addresses = await check_address_async(target.host, target.port, target.allowed, seconds=float(target.timeout))
    try:
        connection = await psycopg.AsyncConnection.connect(
            host=",".join(canonical(target.host) for _ in addresses),  # a name for each address: the first that answers
            hostaddr=",".join(addresses),
            port=target.port,
            dbname=target.database or "postgres",
            user=target.username or "postgres",
            password=target.secret,
            sslmode="require" if target.use_tls else "disable",
            connect_timeout=max(2, target.timeout),
            application_name="plumbline check",
            autocommit=True,
        )
        async with connection:
            await connection.execute("SELECT 1")
    except psycopg.Error as error:
        if failed_here(error, addresses):
            raise OutgoingBlind(NO_WAY, "connect") from error
        return Found(DOWN, _first_line(str(error)) or "No connection.")
    return Found(HEALTHY)


async def look_redis(target: Target) -> Found:
    """Whether the server answers PING. Raises OutgoingError and TimeoutError."""
    try:
        async with _connected(target) as (reader, writer):
            if target.secret:
                name = [target.username] if target.username else []
                if trouble := await _ask(reader, writer, "AUTH", *name, target.secret):
                    return Found(DOWN, f"It refused the password: {trouble}")
            trouble = await _ask(reader, writer, "PING")
    except (OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        return _unreached(error)
    return Found(DOWN, trouble) if trouble else Found(HEALTHY)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *words: str) -> str:
    """Send a command; the error that came back, or nothing."""
    parts = [f"*{len(words)}\r\n".encode()]
    for word in words:
        text = word.encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(text), text))
    writer.write(b"".join(parts))
    await writer.drain()
    line = (await reader.readuntil(b"\r\n")).decode("utf-8", "replace").strip()
    return "" if line.startswith("+") else line.removeprefix("-")[:200] or "It answered nothing."


@asynccontextmanager
async def _connected(target: Target) -> AsyncIterator[Streams]:
    reader, writer = await _connect(target)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), CLOSING)


async def _connect(target: Target) -> Streams:
    """To the first of its addresses that takes a connection. Raises OSError of the last one, and OutgoingBlind."""
    addresses = await check_address_async(target.host, target.port, target.allowed, seconds=float(target.timeout))
    tls = trusted() if target.use_tls else None
    name = canonical(target.host) if tls else None
    for number, address in enumerate(addresses, start=1):
        try:
            return await asyncio.open_connection(address, target.port, ssl=tls, server_hostname=name, limit=64 * 1024)
        except OSError as error:
            if number == len(addresses):
                if failed_here(error, addresses):
                    raise OutgoingBlind(NO_WAY, "connect") from error
                raise
    raise OSError("There is no address.")


def _unreached(error: Exception) -> Found:
    if isinstance(error, ssl.SSLError):
        return Found(DOWN, f"No secure connection: {getattr(error, 'verify_message', '') or error.reason or error}")
    if isinstance(error, asyncio.IncompleteReadError):
        return Found(DOWN, "It closed the connection.")
    return Found(DOWN, f"No connection: {getattr(error, 'strerror', '') or type(error).__name__}.")


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0] if text.strip() else ""
