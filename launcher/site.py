"""Plumbline itself: how its own programs are prepared, started and asked whether they answer."""

import http.client
import os
import shutil
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import children, once
from launcher.children import Program
from launcher.locks import Lock
from launcher.marks import Marks
from launcher.places import Places
from launcher.say import Refused, line, step
from launcher.supervisor import Supervisor

SHORTLY = 3.0  # seconds
LEFTOVER_SECONDS = 30.0  # more than the patience that the warden has with a web server
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Only what migrates or backs up is given these; a program that serves must not be able to use them.
PRIVILEGED = ("DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "PLUMBLINE_POSTGRES_PROGRAMS")


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """As a person types it."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK

    def binds(self) -> list[str]:
        """What to listen on; localhost is both 127.0.0.1 and ::1, where the machine has the latter."""
        hosts = ["127.0.0.1", "::1"] if self.host == "localhost" else [self.host]
        return [f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}" for host in hosts if _exists(host)]

    def refuse_if_taken(self, places: Places) -> None:
        """A sentence now instead of a web server that fails later. One that a killed launcher left has time to end."""
        if children.wait_until(lambda: not self._trouble(), SHORTLY, pause=0.1):
            return
        children.wait_until(lambda: not self._trouble() or not children.runs(_gunicorn(places)), LEFTOVER_SECONDS, pause=0.1)
        trouble = self._trouble()
        if trouble:
            raise Refused(f"Cannot listen on {self.host}, port {self.port}: {trouble}. Choose with --port or --host.")

    def _trouble(self) -> str:
        host = "127.0.0.1" if self.host == "localhost" else self.host
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, self.port))
            except OSError as error:
                return error.strerror or str(error)
        return ""

    def answers(self) -> bool:
        """Whether a request is answered, and not by an error of ours."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "localhost": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _gunicorn(places: Places) -> Path:
    return places.venv / "bin" / "gunicorn"


def _exists(host: str) -> bool:
    if host != "::1":
        return True
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind((host, 0))
    except OSError:
        return False
    return True


def environment(places: Places, values: Mapping[str, str]) -> dict[str, str]:
    """The environment of manage.py: ours, the addresses and secrets, and the virtual environment first on the PATH."""
    path = f"{places.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    settled = {"DJANGO_SETTINGS_MODULE": "grc.settings", "PYTHONUNBUFFERED": "1", "PATH": path}
    return {"PLUMBLINE_DATA": str(places.data)} | dict(os.environ) | settled | dict(values)


def run_lock(places: Places) -> Lock:
    """The lock of the bin/run of this clone; its holder's first word is the address, its last the process."""
    return Lock(places.locks / "run")


def without_privileges(values: Mapping[str, str]) -> dict[str, str]:
    """The environment of programs that serve."""
    return {name: value for name, value in values.items() if name not in PRIVILEGED}


def manage(places: Places, values: Mapping[str, str], *arguments: str) -> str:
    """Run a management command and return what it printed; refused when it fails."""
    return once.run([str(places.python), "manage.py", *arguments], folder=places.root, environment=values)


def prepare(places: Places, values: Mapping[str, str], marks: Marks) -> None:
    """Bring the database and the static files up to date, and make sure that the serving role is bound by its limits."""
    if marks.has("prepared") and (places.var / "static").exists():
        line("Database and static files are up to date")
        return
    with step("Migrating the database"):
        manage(places, values, "migrate", "--no-input", "--verbosity=0")
    with step("Checking the configuration"):
        manage(places, without_privileges(values), "check", "--database=default")
    with step("Collecting the static files"):
        manage(places, without_privileges(values), "collectstatic", "--no-input", "--clear", "--verbosity=0")
    marks.put("prepared")


def make_example(places: Places, values: Mapping[str, str], marks: Marks) -> str:
    """Make the example organizations, once, and return how to sign in."""
    if not marks.has("example"):
        places.example_made.touch()
        with step("Making the example organizations"):
            manage(places, values, "example")
        marks.put("example")
    return manage(places, values, "example", "--follow", "--describe").rstrip()


def follow_example(places: Places, values: Mapping[str, str]) -> None:
    """Where the example is there and not asked for, its check of this installation follows the address all the same."""
    if places.example_made.exists():
        manage(places, values, "example", "--follow")


def serve(supervisor: Supervisor, places: Places, values: Mapping[str, str], address: Address) -> None:
    """Start worker, scheduler, monitor and web server; returns when the web server answers."""
    with step("Starting the web server, the worker, the scheduler and the monitor"):
        supervisor.start(worker(places, values))
        supervisor.start(beat(places, values))
        supervisor.start(monitor(places, values))
        supervisor.start(web(places, values, address), address.answers)


def web(places: Places, values: Mapping[str, str], address: Address) -> Program:
    """The web server; its control socket is off, as all instances of a user would share one."""
    binds = [part for bind in address.binds() for part in ("--bind", bind)]
    workers = values.get("PLUMBLINE_WEB_WORKERS", "2")
    threads = values.get("PLUMBLINE_WEB_THREADS", "4")
    command = [
        *(str(_gunicorn(places)), "grc.wsgi:application", *binds, "--preload"),
        *("--worker-class", "gthread", "--workers", workers, "--threads", threads),
        *("--timeout", "120", "--graceful-timeout", "8", "--max-requests", "20000", "--max-requests-jitter", "2000"),
        "--no-control-socket",  # and no access log: ours has the route of each request, which holds no key
    ]
    return _program(places, _sharing_metrics(places, values), "Web server", "web", command, patience=10.0)


def _sharing_metrics(places: Places, values: Mapping[str, str]) -> dict[str, str]:
    """A fresh folder in which the processes of the web server add up what they count."""
    folder = places.var / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {**values, "PROMETHEUS_MULTIPROC_DIR": str(folder)}


def worker(places: Places, values: Mapping[str, str]) -> Program:
    """The Celery worker. SIGTERM lets tasks end; SIGQUIT gives back to the queue what has not.

    Nobody listens to its heartbeats, and one that it means to send while the queue is gone it tries to send for ever,
    whatever it is asked.
    """
    command = [
        *(str(places.venv / "bin" / "celery"), "-A", "grc.celery:app", "worker", "--loglevel", "INFO"),
        *("--concurrency", values.get("PLUMBLINE_WORKERS", "2"), "--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--max-memory-per-child", "400000"),
    ]
    return _program(places, values, "Worker", "worker", command, patience=15.0, firm_signal=signal.SIGQUIT)


def beat(places: Places, values: Mapping[str, str]) -> Program:
    """The scheduler, a program of its own: inside a worker that is killed it would survive and tick twice."""
    schedule = places.var / "beat"
    schedule.mkdir(exist_ok=True)
    command = [
        *(str(places.venv / "bin" / "celery"), "-A", "grc.celery:app", "beat", "--loglevel", "INFO"),
        *("--pidfile", "", "--schedule", str(schedule / "schedule")),
    ]
    return _program(places, values, "Scheduler", "beat", command, patience=5.0)


def monitor(places: Places, values: Mapping[str, str]) -> Program:
    """The process that looks at what is watched. SIGTERM lets looks under way end."""
    command = [str(places.python), "manage.py", "run_checks"]
    return _program(places, values, "Monitor", "monitor", command, patience=10.0)


def _program(
    places: Places,
    values: Mapping[str, str],
    name: str,
    log: str,
    command: list[str],
    *,
    patience: float,
    firm_signal: int = signal.SIGKILL,
) -> Program:
    return Program(
        name=name,
        command=command,
        folder=places.root,
        log=Path(places.logs / f"{log}.log"),
        environment=without_privileges(values),
        patience=patience,
        firm_signal=firm_signal,
    )
