"""The virtual environment: made once, and brought in line with the lock file whenever that changes."""

import hashlib
import subprocess
import sys
from pathlib import Path

from launcher import once, system
from launcher.locks import Lock
from launcher.places import Places
from launcher.say import Refused, step

RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"
INCLUDES = {RUNTIME: (RUNTIME,), DEVELOPMENT: (DEVELOPMENT, RUNTIME)}
PIP = ("-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes")


def ensure(places: Places, lock_file: str = RUNTIME) -> None:
    """System packages, virtual environment and exactly the locked packages. A warm start costs some milliseconds."""
    system.ensure_libraries(venv_exists=places.python.exists())
    if _is_current(places, lock_file):
        return
    lock = Lock(places.locks / "venv")
    if not lock.take("an installation"):
        with step("Waiting for another installation in this clone"):
            lock.wait("an installation")
    try:
        if not _is_current(places, lock_file):
            _make_venv(places)
            _install(places, lock_file)
    finally:
        lock.release()


def _install(places: Places, lock_file: str) -> None:
    count = sum(1 for text in (places.root / lock_file).read_text().splitlines() if text[:1].isalnum())
    stamp = _stamp(places)
    stamp.unlink(missing_ok=True)
    with step(f"Installing {count} packages from {lock_file}"):
        once.run([str(places.python), *PIP, "-r", str(places.root / lock_file)], folder=places.root)
    stamp.write_text("\n".join([_version(places), *(_mark(places, name) for name in INCLUDES[lock_file])]) + "\n")


def _make_venv(places: Places) -> None:
    if places.python.exists() and _version(places):
        return
    with step("Making the virtual environment"):
        once.run([sys.executable, "-m", "venv", "--clear", str(places.venv)], folder=places.root)
    if not _version(places):
        raise Refused(f"The virtual environment in {places.venv} does not work.")


def _is_current(places: Places, lock_file: str) -> bool:
    stamp = _stamp(places)
    if not stamp.exists():
        return False
    noted = stamp.read_text().splitlines()
    return _mark(places, lock_file) in noted and noted[0] == _version(places)


def _stamp(places: Places) -> Path:
    return places.venv / "plumbline-installed"


def _mark(places: Places, lock_file: str) -> str:
    return f"{lock_file} {hashlib.sha256((places.root / lock_file).read_bytes()).hexdigest()}"


def _version(places: Places) -> str:
    """Python's version in the environment, with pip in it; empty when it does not run or was made for another Python."""
    code = "import importlib.util as u, sys; assert u.find_spec('pip'); print(sys.version.split()[0])"
    try:
        done = subprocess.run([str(places.python), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
