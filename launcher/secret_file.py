"""The secrets of a clone: made once, kept in var/secrets.env, never printed."""

import base64
import os
import secrets
from pathlib import Path

from launcher.places import Places
from launcher.say import Refused

DATABASE_PASSWORDS = {
    "admin": "PLUMBLINE_DB_ADMIN_PASSWORD",
    "owner": "PLUMBLINE_DB_OWNER_PASSWORD",
    "app": "PLUMBLINE_DB_APP_PASSWORD",
    "backup": "PLUMBLINE_DB_BACKUP_PASSWORD",
}

APPLICATION = (
    "PLUMBLINE_SECRET_KEY",
    "PLUMBLINE_KEK",
    "PLUMBLINE_SEAL_KEYS",
    "PLUMBLINE_PDF_KEY",
)  # those that the application reads
ADDED_LATER = ("PLUMBLINE_SEAL_KEYS", "PLUMBLINE_PDF_KEY")  # clones made by earlier versions have none yet


def secrets_of(places: Places) -> dict[str, str]:
    """The secrets of this clone, made on first use.

    Refused when they are gone although a database exists: new ones could not open it, nor read what it encrypted.
    """
    if not places.secrets.exists():
        if (places.var / "services" / "postgres").exists():
            message = f"{places.secrets} is missing, but a database exists. Put the file back from your backup."
            raise Refused(message)
        _write_once(places.secrets, fresh())
    found = _read(places.secrets)
    if added := {name: value for name, value in fresh().items() if name in ADDED_LATER and name not in found}:
        _append(places.secrets, added)
        found = _read(places.secrets)
    return found


def fresh() -> dict[str, str]:
    """New secrets, not kept anywhere."""
    made = {
        "PLUMBLINE_SECRET_KEY": secrets.token_urlsafe(48),
        "PLUMBLINE_KEK": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    made |= {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in ADDED_LATER}
    return made | {name: secrets.token_urlsafe(24) for name in DATABASE_PASSWORDS.values()}


def _write_once(path: Path, values: dict[str, str]) -> None:
    # A link fails if the name exists: of two first starts at once, one set of secrets wins and both read it.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Made once. Keep a copy apart from the database: encrypted fields cannot be read without it.\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _append(path: Path, values: dict[str, str]) -> None:
    with path.open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    found: dict[str, str] = {}
    for line in lines:
        name, value = line.split("=", 1)
        found.setdefault(name, value)  # of two that added it at once, all read the first
    return found
