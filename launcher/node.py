"""The OpenID provider of one integration test: a program for Node, of which the product itself needs nothing."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from launcher import once, system
from launcher.places import Places
from launcher.say import Refused, line, step

FOLDER = Path("tests") / "oidc"
FILES = ("package.json", "package-lock.json")
OLDEST = 18


def ensure_provider(places: Places) -> str:
    """The folder with its packages, as their lock file has them; nothing, said aloud, where they are not to be had."""
    try:
        system.ensure_node()
        _must_be_recent()
        return str(_installed(places))
    except Refused as refusal:
        line(f"The test against a strict OpenID provider is left out. {refusal}")
        return ""


def find_provider(places: Places) -> str:
    """The folder with its packages, if they are there."""
    folder = _folder(places)
    return str(folder) if shutil.which("node") and _is_current(places, folder) else ""


def _must_be_recent() -> None:
    if (version := _version()) < OLDEST:
        raise Refused(f"Node is of version {version}; the provider needs {OLDEST}.")


def _installed(places: Places) -> Path:
    folder = _folder(places)
    if not _is_current(places, folder):
        folder.mkdir(parents=True, exist_ok=True)
        _stamp(folder).unlink(missing_ok=True)
        for name in FILES:
            shutil.copyfile(places.root / FOLDER / name, folder / name)
        with step("Installing the OpenID provider of the tests"):
            # No package runs a script of its own.
            once.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder=folder)
        _stamp(folder).write_text(_mark(places))
    return folder


def _is_current(places: Places, folder: Path) -> bool:
    return _stamp(folder).exists() and _stamp(folder).read_text() == _mark(places)


def _folder(places: Places) -> Path:
    return places.var / "oidc"


def _stamp(folder: Path) -> Path:
    return folder / "installed"


def _mark(places: Places) -> str:
    return hashlib.sha256(b"".join((places.root / FOLDER / name).read_bytes() for name in FILES)).hexdigest()


def _version() -> int:
    """The first number of Node's version; 0 where it says none."""
    try:
        shown = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    number = shown.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdigit() else 0
