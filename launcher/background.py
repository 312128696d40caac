"""bin/services: the private servers on their own, in the background, for people who develop."""

import os
import shlex
import signal
import subprocess
import sys

from launcher import children
from launcher.places import Places
from launcher.say import Refused, line, step
from launcher.secret_file import APPLICATION, secrets_of
from launcher.services import addresses, application_secrets, owner_lock, private_servers, provide
from launcher.supervisor import StopAsked, Supervisor

WHO = "bin/services, process"
LOG = "services.log"
STOPPING = 100.0  # seconds; more than PostgreSQL is given to end by itself
SHOWN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", *APPLICATION, "PLUMBLINE_TEST_ADMIN_URL")


def main(places: Places, arguments: list[str]) -> int:
    """start, stop, status, or env (starts them if needed and prints the environment as shell commands)."""
    verb = arguments[0] if arguments else "env"
    verbs = {"start": start, "stop": stop, "status": status, "env": show, "daemon": daemon}
    if verb not in verbs:
        raise Refused(f"bin/services knows {', '.join(verbs)}; not {verb}.")
    places.make()
    verbs[verb](places)
    return 0


def start(places: Places) -> None:
    """Start them in the background, unless a launcher of this clone runs them already."""
    servers = private_servers(places, secrets_of(places))
    if owner_lock(places).holder():
        return
    log = places.logs / LOG
    with step("Starting PostgreSQL and Valkey in the background"), children.open_log(log) as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "launcher", "services", "daemon"],
            cwd=places.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        answering = children.wait_until(
            lambda: process.poll() is not None or (servers.database.answers() and servers.queue.answers()), 60.0, 0.1
        )
    if process.poll() is not None or not answering:
        raise Refused(f"They did not start. The end of {log}:\n{children.tail(log)}")


def daemon(places: Places) -> None:
    """What runs in the background."""
    with Supervisor(places.root) as supervisor:
        try:
            provide(supervisor, places, who=f"{WHO} {os.getpid()}")
            supervisor.watch()
        except StopAsked:
            line("Stopping")


def stop(places: Places) -> None:
    """Stop the ones that bin/services started; those of bin/run stop with it."""
    lock = owner_lock(places)
    holder = lock.holder()
    if not holder:
        line("Nothing runs.")
    elif not holder.startswith(WHO):
        raise Refused(f"The private servers belong to {holder}; stop that.")
    else:
        with step("Stopping PostgreSQL and Valkey"):
            os.kill(int(holder.split()[-1]), signal.SIGTERM)
            ended = children.wait_until(lambda: not lock.holder(), STOPPING, 0.05)
        if not ended:
            raise Refused(f"They did not stop. The end of {places.logs / LOG}:\n{children.tail(places.logs / LOG)}")


def status(places: Places) -> None:
    """Say who runs them."""
    line(f"Run by {owner_lock(places).holder()}" if owner_lock(places).holder() else "Nothing runs.")


def show(places: Places) -> None:
    """Print the environment, for eval in a shell."""
    start(places)
    secrets = secrets_of(places)
    servers = private_servers(places, secrets)
    values = addresses(servers) | application_secrets(secrets) | {"PLUMBLINE_TEST_ADMIN_URL": servers.database.url("admin")}
    for name in SHOWN:
        sys.stdout.write(f"export {name}={shlex.quote(values[name])}\n")
