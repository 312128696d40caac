"""bin/test: everything that must hold before a change is good, in one command."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import node, packages, site, system
from launcher.places import Places
from launcher.pool import Check, Outcome, run_shown, run_together
from launcher.say import line, speak_on, step
from launcher.secret_file import APPLICATION, fresh
from launcher.services import Servers, addresses, owner_lock, private_servers, start_database, start_queue
from launcher.supervisor import StopAsked, Supervisor

USAGE = """bin/test            all checks and all tests
bin/test --fast     the same without browser, integration and slow tests
bin/test --long     the same with the full numbers of rounds and mutations
bin/test ARGUMENTS  pytest with these arguments, and nothing else"""
HOME = "test"
FAST = "not browser and not integration and not slow"


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    fast: bool
    long: bool
    pytest: list[str]


def main(places: Places, arguments: list[str]) -> int:
    """Run the checks; status 1 when one of them fails."""
    speak_on(sys.stdout)
    if arguments in (["--help"], ["-h"]):
        line(USAGE)
        return 0
    rest = [argument for argument in arguments if argument not in ("--fast", "--long")]
    options = Options("--fast" in arguments, "--long" in arguments, rest)
    places.make()
    try:
        with Supervisor(places.root) as supervisor:
            values = _set_up(supervisor, places, options)
            begun = time.monotonic()
            return _report(_run_all(places, values, options), time.monotonic() - begun)
    except StopAsked:
        return 130


def _set_up(supervisor: Supervisor, places: Places, options: Options) -> dict[str, str]:
    packages.ensure(places, packages.DEVELOPMENT)
    _pdf_tools(options)
    found = {"PLUMBLINE_TEST_CHROMIUM": _browser(options), "PLUMBLINE_TEST_OIDC": _provider(places, options)}
    lock = owner_lock(places, HOME)
    who = f"bin/test, process {os.getpid()}"
    if not lock.take(who):
        with step(f"Waiting for {lock.holder()} to end"):
            lock.wait(who)
    supervisor.keep(lock)
    _clear(places)
    made = fresh()
    servers = private_servers(places, made, HOME)
    start_database(supervisor, servers.database)
    start_queue(supervisor, servers.queue)
    return _environment(places, found | _test_settings(places, servers, made, options))


def _environment(places: Places, values: Mapping[str, str]) -> dict[str, str]:
    """The environment of the checks: what a person has set for Plumbline itself must not change their outcome."""
    everything = site.environment(places, values)
    return {name: text for name, text in everything.items() if name in values or not name.startswith(("PLUMBLINE_", "EMAIL_"))}


def _browser(options: Options) -> str:
    """A browser is needed for the full run; where only some tests were asked for, they say themselves what they miss."""
    needed = any("journeys" in word for word in options.pytest) if options.pytest else not options.fast
    return system.ensure_browser() if needed else system.find_browser()


def _pdf_tools(options: Options) -> None:
    """Poppler is needed for the full run, and where its tests were asked for."""
    if any("printing" in word for word in options.pytest) if options.pytest else not options.fast:
        system.ensure_pdf_tools()


def _provider(places: Places, options: Options) -> str:
    """The OpenID provider is needed for the full run, and where its test was asked for."""
    needed = any("company" in word for word in options.pytest) if options.pytest else not options.fast
    return node.ensure_provider(places) if needed else node.find_provider(places)


def _clear(places: Places) -> None:
    """Start from nothing: this cluster does not survive a crash, and nobody misses it."""
    home = places.var / HOME
    if home.exists():
        for leftover in home.resolve().iterdir():
            shutil.rmtree(leftover)


def _test_settings(places: Places, servers: Servers, made: Mapping[str, str], options: Options) -> dict[str, str]:
    return addresses(servers) | {
        **{name: made[name] for name in APPLICATION},
        "PLUMBLINE_TEST_ADMIN_URL": servers.database.url("admin"),  # attacks on the trail are made as the superuser
        "PLUMBLINE_DATA": str(places.var / "test-data"),
        "PLUMBLINE_TEST_ROUNDS": "long" if options.long else "normal",
        **({} if options.fast or options.pytest else {"PLUMBLINE_TEST_CODES": str(_codes(places))}),
    }


def _run_all(places: Places, values: Mapping[str, str], options: Options) -> list[Outcome]:
    selected = ["-m", FAST] if options.fast else []
    selected += ["-o", "faulthandler_timeout=7200"] if options.long else []  # one test alone may take an hour then
    if options.pytest:
        return [run_shown(Check("tests", [_tool(places, "pytest"), *selected, *options.pytest]), places, values)]
    processes = os.environ.get("PLUMBLINE_TEST_PROCESSES", "2")
    tests = Check("tests", [_tool(places, "pytest"), "-q", "-n", processes, "--dist", "worksteal", *selected])
    checks = [*_static_checks(places), *_django_checks(places)]
    outcomes = [*run_together(checks, places, values), run_shown(tests, places, values)]
    if outcomes[-1].passed and not options.fast:
        outcomes += run_together([_emitted(places)], places, values)
    return outcomes


def _emitted(places: Places) -> Check:
    """Every event code of the catalogue was emitted by some test: of use after all tests, where they passed."""
    return Check("emitted events", [str(places.python), "-m", "tests.codes", str(_codes(places))])


def _codes(places: Places) -> Path:
    """Where each process of a whole run leaves the event codes that it has seen."""
    return places.var / HOME / "codes"


def _static_checks(places: Places) -> list[Check]:
    python = _files(places, "*.py")
    templates = _files(places, "*.html")
    upgrade = [_tool(places, "django-upgrade"), "--check", "--target-version", "5.2", *python]
    found = [
        Check("types", [_tool(places, "mypy"), "."]),  # first, as it takes longest
        Check("format", [_tool(places, "ruff"), "format", "--check", "--quiet", "."]),
        Check("lint", [_tool(places, "ruff"), "check", "--quiet", "."]),
        Check("current Django", upgrade),
        Check("templates", [_tool(places, "djade"), "--check", "--target-version", "5.2", *templates]),
        Check("layers", [_tool(places, "lint-imports")]),
        Check("sizes", [str(places.python), "-m", "launcher.sizes"]),
    ]
    return [check for check in found if check.name != "templates" or templates]


def _django_checks(places: Places) -> list[Check]:
    manage = [str(places.python), "manage.py"]
    deployed = (("PLUMBLINE_BASE_URL", "https://plumbline.example.org"), ("PLUMBLINE_HOSTS", "plumbline.example.org"))
    return [
        Check("static files", [*manage, "collectstatic", "--no-input", "--verbosity=0"]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("API schema", [*manage, "openapi", "--check"]),
        Check("event codes", [*manage, "event_codes", "--check"]),
        Check("roles", [*manage, "role_table", "--check"]),
        Check("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], settings=deployed),
    ]


def _tool(places: Places, name: str) -> str:
    return str(places.venv / "bin" / name)


def _files(places: Places, pattern: str) -> list[str]:
    """Files of the repository, those not yet added to it included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern]
    listed = subprocess.run(command, cwd=places.root, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if (places.root / name).exists()]


def _report(outcomes: list[Outcome], seconds: float) -> int:
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    line()
    if failed:
        line(f"FAILED: {', '.join(failed)} ({len(outcomes) - len(failed)} of {len(outcomes)} passed, {seconds:.0f} s)")
        return 1
    line(f"All passed: {', '.join(outcome.name for outcome in outcomes)} ({seconds:.0f} s)")
    return 0
