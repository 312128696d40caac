"""What the operating system must bring along: Debian and Ubuntu packages, installed where we are permitted to."""

import contextlib
import ctypes.util
import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence

from launcher.say import Refused, line, step

# WeasyPrint draws PDFs with Pango; the fonts are those of the reports.
LIBRARIES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig", "fonts-dejavu-core")
OPTIONAL = ("fonts-inter",)
SHARED_OBJECTS = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset", "fontconfig")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def ensure_libraries(*, venv_exists: bool) -> None:
    """Install the system packages that are missing; refused, naming them, where that is not permitted."""
    missing = _missing_packages(LIBRARIES) if shutil.which("dpkg-query") else _missing_objects()
    if not venv_exists and importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if missing:
        _install(missing)


def ensure_browser() -> str:
    """The path of a Chromium, installed if need be and permitted, with what its driver links to."""
    found = find_browser()
    missing = [] if found else ["chromium"]
    if ctypes.util.find_library("atomic") is None:
        missing.append("libatomic1")
    if missing:
        _install(missing)
        found = find_browser()
    if not found:
        raise Refused("The browser tests need Chromium, and it could not be found after its installation.")
    return found


def ensure_node() -> None:
    """Node and its package manager, installed if need be; refused where that is not permitted."""
    missing = [package for package, program in (("nodejs", "node"), ("npm", "npm")) if not shutil.which(program)]
    if missing:
        _install(missing)


def ensure_pdf_tools() -> None:
    """Poppler's programs, with which the tests look at PDFs as readers do; refused where they may not be installed."""
    if not shutil.which("pdfsig"):
        _install(["poppler-utils"])


def find_browser() -> str:
    """The path of an installed Chromium, or nothing."""
    return next((path for path in map(shutil.which, BROWSERS) if path), "")


def _missing_packages(names: Sequence[str]) -> list[str]:
    query = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *names]
    shown = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {text.split()[0] for text in shown.splitlines() if text.endswith(" installed")}
    return [name for name in names if name not in installed]


def _missing_objects() -> list[str]:
    return [name for name in SHARED_OBJECTS if ctypes.util.find_library(name) is None]


def _install(names: list[str]) -> None:
    listed = " ".join(names)
    right = _right_to_install()
    if right is None:
        how = f" On Debian and Ubuntu:\n    sudo apt-get install {listed}" if shutil.which("apt-get") else ""
        raise Refused(f"Missing on this system: {listed}. Install what is missing and start again.{how}")
    with step(f"Installing system packages ({listed})"), _undisturbed():
        done = _apt(right, names)
        if done.returncode:
            _apt(right, [], verb="update")
            done = _apt(right, names)
    if done.returncode:
        raise Refused(f"apt-get could not install {listed}:\n{done.stderr.strip()}")
    for name in OPTIONAL:
        if "fontconfig" in names and _apt(right, [name]).returncode:
            line(f"{name} is not available here; reports use DejaVu Sans instead.")


def _right_to_install() -> list[str] | None:
    """What to write before apt-get: nothing as root, sudo where it asks no password; None where we may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    return None


def _apt(right: list[str], names: list[str], verb: str = "install") -> subprocess.CompletedProcess[str]:
    options = ["-q", "-y", "-o", "DPkg::Lock::Timeout=300"] + (["--no-install-recommends"] if names else [])
    command = [*right, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", verb, *options, *names]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait: an interrupted dpkg leaves the whole system in need of repair."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
