"""bin/run: everything from a clean clone to a site that answers, under one supervisor."""

import argparse
import os
import signal
import sys

from launcher import children, command, packages, site
from launcher.marks import marks_of
from launcher.places import Places
from launcher.say import Refused, line, step
from launcher.services import external_addresses, provide
from launcher.supervisor import StopAsked, Supervisor

USAGE = """bin/run [--port 8000] [--host localhost] [--no-example]
       bin/run code EMAIL      the current sign-in code of a person of the example
       bin/run stop            stop the one that runs in this clone"""


def main(places: Places, arguments: list[str]) -> int:
    """Run the site until a signal asks to stop, or one of the two small commands."""
    if arguments[:1] == ["code"]:
        return command.manage(places, arguments)
    if arguments[:1] == ["stop"]:
        return stop(places)
    options = _parse(arguments)
    address = site.Address(options.host, options.port)
    _refuse_public_passwords(places, address, example=options.example)
    places.make()
    return _run(places, address, example=options.example)


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("bin/run", usage=USAGE, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=8000, help="the port of the web server")
    parser.add_argument("--host", default="localhost", help="the name or address it listens on")
    parser.add_argument("--no-example", dest="example", action="store_false", help="start without example organizations")
    return parser.parse_args(arguments)


def _refuse_public_passwords(places: Places, address: site.Address, *, example: bool) -> None:
    if address.is_loopback:
        return
    if example:
        raise Refused(
            f"The example organizations have passwords that everybody knows. With --host {address.host} add --no-example."
        )
    if places.example_made.exists():
        raise Refused(
            f"This database holds the example organizations, whose passwords everybody knows; it is not served on {address.host}."
            f" Use another clone or database (and remove {places.example_made} if you have emptied this one)."
        )


def _run(places: Places, address: site.Address, *, example: bool) -> int:
    lock = site.run_lock(places)
    if not lock.take(f"{address.url} process {os.getpid()}"):
        raise Refused(f"Plumbline runs in this clone already: {lock.holder()}. Stop it with bin/run stop.")
    address.refuse_if_taken(places)
    try:
        with Supervisor(places.root) as supervisor:
            _bring_up(supervisor, places, address, example=example)
            supervisor.watch()
    except StopAsked:
        line("Stopped.")
    return 0


def _bring_up(supervisor: Supervisor, places: Places, address: site.Address, *, example: bool) -> None:
    packages.ensure(places)
    found = provide(supervisor, places, who=f"bin/run, process {os.getpid()}")
    values = site.environment(places, found) | _about(address, example=example)
    marks = marks_of(places, private="DATABASE_URL" not in external_addresses())
    site.prepare(places, values, marks)
    described = ""
    if example:
        described = site.make_example(places, site.without_privileges(values), marks)
    else:
        site.follow_example(places, site.without_privileges(values))
    site.serve(supervisor, places, values, address)
    line()
    line(f"Plumbline is ready: {values['PLUMBLINE_BASE_URL']}")
    if described:
        line(described)
    if not address.is_loopback and not os.environ.get("PLUMBLINE_BASE_URL"):
        line("For other machines, set PLUMBLINE_BASE_URL and PLUMBLINE_HOSTS to the name they use.")
    line(f"Logs are in {places.logs.relative_to(places.root)}/. Press Ctrl-C to stop.")


def _about(address: site.Address, *, example: bool) -> dict[str, str]:
    """What the application is told about itself; the environment wins."""
    told = {"PLUMBLINE_BASE_URL": address.url}
    if not address.is_loopback:
        told["PLUMBLINE_HOSTS"] = f"{address.host},localhost"
    told |= {name: os.environ[name] for name in told if os.environ.get(name)}
    return told | {"PLUMBLINE_EXAMPLE": "1" if example else "0"}


def stop(places: Places) -> int:
    """Stop the bin/run of this clone and wait until it is gone."""
    lock = site.run_lock(places)
    holder = lock.holder()
    if not holder:
        sys.stderr.write("Plumbline does not run in this clone.\n")
        return 1
    with step("Stopping Plumbline"):
        os.kill(int(holder.split()[-1]), signal.SIGTERM)
        children.wait_until(lambda: not lock.holder(), 90.0, 0.05)
    return 0
