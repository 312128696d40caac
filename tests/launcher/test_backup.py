"""bin/backup: what was saved is there again in a new clone, rows behind row-level security included."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.launcher.toy import Clone, clean_environment

pytestmark = pytest.mark.integration

# Runs as manage.py: makes a table that even its owner cannot read, or prints what the owner of the policy may see.
MANAGE = """
import os, sys
import psycopg
SETUP = '''
CREATE TABLE thing (tenant_id int, name text);
INSERT INTO thing VALUES (7, 'kept');
ALTER TABLE thing ENABLE ROW LEVEL SECURITY;
ALTER TABLE thing FORCE ROW LEVEL SECURITY;
CREATE POLICY tenancy ON thing USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int);
GRANT SELECT ON thing TO plumbline_app;
'''
if sys.argv[1] == "setup":
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        connection.execute(SETUP)
elif sys.argv[1] == "seal":
    sys.exit(os.path.exists("var/unsealed"))
elif sys.argv[1] == "show":
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        print(connection.execute("SELECT name FROM thing").fetchall())
        connection.execute("SET LOCAL app.tenant_id = '7'")
        print(connection.execute("SELECT name FROM thing").fetchall())
"""


@pytest.fixture
def filled(clone: Clone) -> Clone:
    """A clone with a row and a file in it."""
    (clone.root / "manage.py").write_text(MANAGE)
    assert clone.call("manage", "setup").returncode == 0
    stored = clone.root / "var/data/files/ab/abcd"
    stored.parent.mkdir(parents=True)
    stored.write_text("evidence")
    return clone


def test_a_backup_is_restored_in_a_new_clone(filled: Clone, new_clone: Callable[[str], Clone], short_folder: Path) -> None:
    saved = subprocess.run(
        [filled.root / "bin/backup", "saved"],
        cwd=short_folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert saved.returncode == 0, saved.stderr
    other = new_clone("other")
    shutil.copy(filled.root / "manage.py", other.root / "manage.py")
    refused = other.call("backup", "restore", str(short_folder / "saved"))
    assert "First put the secrets" in refused.stderr
    shutil.copy(filled.root / "var/secrets.env", other.root / "var/secrets.env")
    restored = other.call("backup", "restore", str(short_folder / "saved"))
    assert restored.returncode == 0, restored.stderr
    assert other.call("manage", "show").stdout == "[]\n[('kept',)]\n"
    assert (other.root / "var/data/files/ab/abcd").read_text() == "evidence"
    assert other.processes() == filled.processes() == {}


def test_a_trail_that_cannot_be_sealed_holds_up_no_backup(filled: Clone, short_folder: Path) -> None:
    (filled.root / "var/unsealed").touch()
    saved = filled.call("backup", str(short_folder / "saved"))
    assert saved.returncode == 0
    assert "could not be sealed" in saved.stderr + saved.stdout
    assert (short_folder / "saved" / "database.dump").exists()


def test_a_restore_overwrites_nothing(filled: Clone, short_folder: Path) -> None:
    saved = str(short_folder / "saved")
    assert filled.call("backup", saved).returncode == 0
    assert "is not empty. Restore into a new clone" in filled.call("backup", "restore", saved).stderr
    assert "is not empty. Name a new folder" in filled.call("backup", saved).stderr
    assert filled.call("manage", "show").stdout == "[]\n[('kept',)]\n"


def test_it_says_what_it_wants(clone: Clone) -> None:
    assert clone.call("backup").returncode == 2
    assert clone.call("backup", "restore").returncode == 2
    assert clone.call("backup", "one", "two").returncode == 2
    assert "bin/backup restore FOLDER" in clone.call("backup", "--help").stderr
    refused = clone.call("backup", "restore", os.devnull + "x")
    assert "There is no database.dump" in refused.stderr
