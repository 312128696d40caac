"""PostgreSQL and Valkey for one launcher: started, joined when another launcher of this clone runs them, or yours."""

import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import postgres, valkey
from launcher.identity import Identity, make_folder, server_home, server_identity
from launcher.locks import Lock
from launcher.places import Places
from launcher.say import Refused, line, step
from launcher.secret_file import APPLICATION, secrets_of
from launcher.supervisor import Supervisor

SOCKET_LIMIT = 107  # bytes in sockaddr_un, less the closing zero
LONGEST_SOCKET = ".s.PGSQL.5432.lock"
PASSING = "a single command, process"
OWNER_WAIT = 60.0  # seconds


@dataclass(frozen=True)
class Servers:
    """The private servers of one home: var/services for use, var/test for tests."""

    database: postgres.Postgres
    queue: valkey.Valkey


def private_servers(places: Places, secrets: Mapping[str, str], home_name: str = "services") -> Servers:
    """Where the private servers of this clone are, and as whom they run. Starts nothing."""
    identity = server_identity()
    home = server_home(places.root, places.var, home_name, identity)
    socket = make_folder(socket_folder(home), identity)
    prefix = "" if home_name == "services" else f"{home_name}-"
    database = postgres.Postgres(
        programs=postgres.find_programs(places, identity),
        data=home / "postgres",
        socket=socket,
        log=places.logs / f"{prefix}postgres.log",
        identity=identity,
        secrets=secrets,
        durable=home_name == "services",
    )
    queue = valkey.Valkey(
        server=valkey.find_server(places, identity),
        data=make_folder(home / "valkey", identity),
        socket=socket / "valkey.sock",
        log=places.logs / f"{prefix}valkey.log",
        identity=identity,
    )
    return Servers(database, queue)


def socket_folder(home: Path) -> Path:
    """A folder whose socket paths the kernel accepts: in `home`, or a short one named after it."""
    folder = home / "socket"
    if len(os.fsencode(folder / LONGEST_SOCKET)) < SOCKET_LIMIT:
        return folder
    name = f"plumbline-{hashlib.sha256(os.fsencode(home)).hexdigest()[:12]}"
    short = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / name  # noqa: S108  ownership is checked below
    if short.exists() and (short.is_symlink() or short.stat().st_uid not in _trusted_owners()):
        raise Refused(f"{short} belongs to somebody else; remove it, or move this clone to a shorter path.")
    return short


def _trusted_owners() -> set[int]:
    identity: Identity | None = server_identity()
    return {os.geteuid()} | ({identity.uid} if identity else set())


def start_database(supervisor: Supervisor, database: postgres.Postgres) -> None:
    """Start the private PostgreSQL with its roles; makes the cluster on first use."""
    first = not database.data.exists()
    with step("Making the PostgreSQL cluster" if first else "Checking the PostgreSQL cluster"):
        database.prepare()
    with step("Starting PostgreSQL"):
        supervisor.start(database.program(), database.answers)
        database.make_roles()


def start_queue(supervisor: Supervisor, queue: valkey.Valkey) -> None:
    """Start the private Valkey."""
    with step("Starting Valkey"):
        queue.prepare()
        supervisor.start(queue.program(), queue.answers)


def owner_lock(places: Places, home_name: str = "services") -> Lock:
    """The lock held by the launcher whose children the private servers are."""
    return Lock(places.locks / f"{home_name}-owner")


def provide(supervisor: Supervisor, places: Places, *, who: str, home_name: str = "services") -> dict[str, str]:
    """The environment with database and queue that answer.

    An address in the environment wins and nothing is started for it. Otherwise servers that another launcher of this
    clone runs are joined; they stay its children.
    """
    secrets = secrets_of(places)
    values = application_secrets(secrets)
    external = external_addresses() if home_name == "services" else {}
    values |= external
    if {"DATABASE_URL", "REDIS_URL"} <= external.keys():
        return values
    servers = private_servers(places, secrets, home_name)
    lock = owner_lock(places, home_name)
    if _take_or_wait(lock, who):
        _start_missing(supervisor, servers, external)
        supervisor.keep(lock)
    else:
        if not who.startswith(PASSING):
            line(f"Using the private servers of {lock.holder()}")
        _join(lock, servers, external)
    return _private_addresses(servers, external) | values


def _take_or_wait(lock: Lock, who: str) -> bool:
    """Become the owner; False when another owner stays. One that runs a single command is waited for by one that stays."""
    while not lock.take(who) and not lock.holder():
        time.sleep(0.05)  # somebody only looked at it, or has not yet said who they are
    if lock.file:
        return True
    if who.startswith(PASSING) or not lock.holder().startswith(PASSING):
        return False
    with step(f"Waiting for {lock.holder()} to end"):
        lock.wait(who)
    return True


def _start_missing(supervisor: Supervisor, servers: Servers, external: Mapping[str, str]) -> None:
    if "DATABASE_URL" not in external:
        start_database(supervisor, servers.database)
    if "REDIS_URL" not in external:
        start_queue(supervisor, servers.queue)


def _join(lock: Lock, servers: Servers, external: Mapping[str, str]) -> None:
    deadline = time.monotonic() + OWNER_WAIT
    while time.monotonic() < deadline:
        database = "DATABASE_URL" in external or servers.database.answers()
        if database and ("REDIS_URL" in external or servers.queue.answers()):
            return
        time.sleep(0.2)
    raise Refused(f"The private servers of {lock.holder()} do not answer; stop it and try again.")


def addresses(servers: Servers) -> dict[str, str]:
    """The addresses of private servers, as environment variables."""
    return {
        "DATABASE_URL": servers.database.url("app"),
        "DATABASE_OWNER_URL": servers.database.url("owner"),
        "DATABASE_BACKUP_URL": servers.database.url("backup"),
        "PLUMBLINE_POSTGRES_PROGRAMS": str(servers.database.programs),
        "REDIS_URL": servers.queue.url(),
    }


def _private_addresses(servers: Servers, external: Mapping[str, str]) -> dict[str, str]:
    """Those of the servers that are private here: nothing of a private database beside one of your own."""
    found = addresses(servers)
    return found if "DATABASE_URL" not in external else {"REDIS_URL": found["REDIS_URL"]}


def application_secrets(secrets: Mapping[str, str]) -> dict[str, str]:
    """The secrets the application reads; one that is set in the environment wins."""
    return {name: os.environ.get(name) or secrets[name] for name in APPLICATION}


def external_addresses() -> dict[str, str]:
    """Addresses given by the person who started us. Refused when one of the two database roles is missing."""
    names = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if ("DATABASE_URL" in given) != ("DATABASE_OWNER_URL" in given):
        raise Refused("Set both DATABASE_URL (the role that serves) and DATABASE_OWNER_URL (the role that migrates), or neither.")
    return given
