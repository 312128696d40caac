"""The inventory of components is whole and true to the lock files, and says by when they are updated."""

import contextlib
import json
import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from launcher import components

ROOT = Path(__file__).resolve().parent.parent.parent
EXTRA = re.compile(r"([A-Za-z0-9._-]+\[[^\]]+\])")


def test_it_is_what_the_lock_files_say():
    assert components.main(["--check"]) == 0, "run python -m launcher.components"


def test_each_package_of_either_lock_file_is_in_it_once_with_its_version_and_use():
    listed = json.loads(components.PLACE.read_text())["components"]
    packages = {(one["name"], one["version"]): one["scope"] for one in listed if "purl" in one}
    assert len(packages) == len([one for one in listed if "purl" in one])
    needed = set(components.pinned("requirements.lock"))
    assert len(needed) > 50
    assert {key for key, scope in packages.items() if scope == "required"} == needed
    assert set(packages) == needed | set(components.pinned("requirements-dev.lock"))


def test_every_line_of_a_lock_file_that_pins_something_is_read():
    for lock in components.LOCKS:
        lines = [line for line in (ROOT / lock).read_text().splitlines() if re.match(r"[A-Za-z0-9]", line)]
        assert len(lines) == len(components.pinned(lock)), lock


def test_what_others_ask_for_with_an_extra_is_pinned_with_it():
    """Otherwise pip takes the newest there is, which has no hash here, and installs nothing."""
    locks = "".join((ROOT / lock).read_text() for lock in components.LOCKS)
    asked = set()
    for lock in components.LOCKS:
        for name, _ in components.pinned(lock):
            with contextlib.suppress(PackageNotFoundError):  # of another platform
                asked |= {one[1] for line in requires(name) or [] if (one := EXTRA.match(line)) and "extra ==" not in line}
    assert "coverage[toml]" in asked
    assert [one for one in sorted(asked) if not re.search(rf"^{re.escape(one)}==", locks, re.MULTILINE)] == []


def test_what_is_installed_here_is_what_is_listed():
    for name, wanted in components.pinned("requirements.lock"):
        if name in {"django", "gunicorn", "cryptography", "psycopg", "django-otp"}:
            assert version(name) == wanted


def test_what_others_carry_is_named_with_its_carrier():
    carried = {one["name"]: one["description"] for one in components.components() if "purl" not in one}
    assert set(carried) == {"htmx", "PostgreSQL", "Valkey"}
    assert carried["htmx"].startswith("carried by django-htmx ")


def test_a_page_that_is_out_of_date_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(components, "PLACE", tmp_path / "sbom.json")
    assert components.main(["--check"]) == 1
    assert "launcher.components" in capsys.readouterr().out
    assert components.main([]) == 0
    assert components.main(["--check"]) == 0


def test_the_times_for_updates_are_written_down():
    text = (ROOT / "SECURITY.md").read_text().partition("## Components")[2].partition("\n## ")[0]
    for severity in ("Critical", "High", "Medium", "Low"):
        assert re.search(rf"^\| {severity} .*\d+ (hours|days) \|$", text, re.MULTILINE), severity
    assert "docs/sbom.json" in text
