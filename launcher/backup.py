"""bin/backup: the database and the stored files into one folder, and back into an empty installation."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from launcher import once, packages, site
from launcher.places import Places
from launcher.postgres import ADMIN, DATABASE, LOCAL, Postgres
from launcher.say import Refused, line, step
from launcher.secret_file import DATABASE_PASSWORDS, secrets_of
from launcher.services import PASSING, external_addresses, private_servers, provide
from launcher.supervisor import StopAsked, Supervisor

USAGE = """bin/backup FOLDER            save the database and the stored files in a new folder
bin/backup restore FOLDER    put them back into an empty installation"""
DUMP = "database.dump"
FILES = "files"
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def main(places: Places, arguments: list[str]) -> int:
    """Save, or restore."""
    restoring = arguments[:1] == ["restore"]
    if len(arguments) != 1 + restoring or arguments[0].startswith("-"):
        line(USAGE)
        return 0 if arguments in (["--help"], ["-h"]) else 2
    places.make()
    try:
        with Supervisor(places.root) as supervisor:
            packages.ensure(places)
            if restoring:
                _restore(supervisor, places, _folder(arguments[1]))
            else:
                _save(supervisor, places, _folder(arguments[0]))
    except StopAsked:
        return 130
    return 0


def _folder(name: str) -> Path:
    """As seen from where the person stands: bin/backup itself changes into the clone."""
    return Path(os.environ.get("PLUMBLINE_CALLED_FROM", ".")) / name


def _save(supervisor: Supervisor, places: Places, folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty. Name a new folder for each backup.")
    found = site.environment(places, provide(supervisor, places, who=f"{PASSING} {os.getpid()}"))
    if "DATABASE_BACKUP_URL" not in found:
        raise Refused("Set DATABASE_BACKUP_URL: row-level security hides every row from the other roles.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with step("Sealing the audit trail"):
            site.manage(places, found, "seal")
    except Refused as trouble:
        line(f"It could not be sealed; the backup is made all the same. {trouble}", trouble=True)
    with step("Saving the database"):
        address, password = without_password(found["DATABASE_BACKUP_URL"])
        _program(found | password, "pg_dump", "--format=custom", f"--file={folder / DUMP}", f"--dbname={address}")
    files = Path(found["PLUMBLINE_DATA"]) / "files"
    with step("Saving the stored files"):  # after the dump: files are only ever added, so what it refers to is there
        if files.exists():
            shutil.copytree(files, folder / FILES)
    line(f"Saved in {folder}. Keep a copy of the secrets apart from it ({places.secrets.relative_to(places.root)}):")
    line("without PLUMBLINE_KEK, nobody can sign in after a restore.")


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """The address as it may stand among a program's arguments, which everybody here can read, and its password apart."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, {}
    user, _, place = parts.netloc.rpartition("@")
    bare = parts._replace(netloc=f"{user.partition(':')[0]}@{place}")
    return urlunsplit(bare), {"PGPASSWORD": unquote(parts.password)}


def _program(values: Mapping[str, str], name: str, *arguments: str) -> None:
    folder = values.get("PLUMBLINE_POSTGRES_PROGRAMS")
    once.run([f"{folder}/{name}" if folder else name, *arguments], folder=Path("/"), environment=values)


def _restore(supervisor: Supervisor, places: Places, folder: Path) -> None:
    if external_addresses():
        raise Refused("bin/backup restores into the private servers only; docs/operations.md says how to use pg_restore.")
    if not (folder / DUMP).exists():
        raise Refused(f"There is no {DUMP} in {folder}.")
    if not places.secrets.exists():
        raise Refused(f"First put the secrets of the saved installation back, as {places.secrets}.")
    if site.run_lock(places).holder():
        raise Refused("Plumbline runs in this clone; stop it with bin/run stop.")
    secrets = secrets_of(places)
    provide(supervisor, places, who=f"{PASSING} {os.getpid()}")
    database = private_servers(places, secrets).database
    _refuse_unless_empty(database, places)
    with step("Restoring the database"):
        _admin(database, "pg_restore", "--exit-on-error", "--single-transaction", str(folder.resolve() / DUMP))
    with step("Restoring the stored files"):
        if (folder / FILES).exists():
            shutil.copytree(folder / FILES, places.data / FILES, dirs_exist_ok=True)
    line("Restored. Start with bin/run --no-example, sign in, and open a report of a closed review: its hash is checked.")


def _refuse_unless_empty(database: Postgres, places: Places) -> None:
    if _admin(database, "psql", "-X", "-A", "-t", "-c", TABLES).strip() != "0":
        raise Refused(f"The database of {places.root} is not empty. Restore into a new clone, or move var/services away first.")


def _admin(database: Postgres, name: str, *arguments: str) -> str:
    """Run a client program as the cluster's administrator, whom row-level security does not bind."""
    values = LOCAL | {
        "PGPASSWORD": database.secrets[DATABASE_PASSWORDS["admin"]],
        "PGHOST": str(database.socket),
        "PGUSER": ADMIN,
    }
    command = [str(database.programs / name), f"--dbname={DATABASE}", *arguments]
    done = subprocess.run(command, env=values, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{name} failed with status {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout
