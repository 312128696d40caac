"""A package of 10,000 items against copying their files into a zip and hashing them, and the memory it takes."""

import atexit
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection

from audit.seal.sealing import seal
from bench.database import NAME, owner
from bench.harness import Case, Figure
from bench.programme import Size, organization_of, without_triggers
from controls.models import AuditPeriod
from evidence.models import StoredFile
from proof.models import AuditPackage
from proof.package.actions import ask_package
from proof.package.making import make
from tenancy.models import Organization
from tenancy.scope import now, tenant

ITEMS, FILE_BYTES = 10_000, 100_000  # a screenshot, or a report of some pages
LIMIT, MOST_MEMORY = 2.0, 300 * 1024 * 1024
SLUG = "bench-package"
# An event about each item, as the product writes them.
_EVENTS = """
INSERT INTO audit_event (id, tenant_id, at, body, verb, result, actor_id, actor_name, object_kind, object_id, object_name)
SELECT event, tenant_id, at,
  '{"actor":{"kind":"system","name":"bench"},"after":{"title":"' || title || '"},"at":"'
  || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00","before":null,"id":"' || event
  || '","metadata":{},"object":{"id":"' || id || '","kind":"evidence.evidence","name":"' || reference || '"},"organization":"'
  || tenant_id || '","result":"success","verb":"evidence.add"}',
  'evidence.add', 'success', '00000000-0000-4000-8000-000000000000'::uuid, 'bench', 'evidence.evidence', id, reference
FROM (SELECT id, tenant_id, title, reference, uuid_v7() AS event, now() AS at FROM evidence_evidence WHERE tenant_id = %s) AS made
"""


@cache
def asked() -> AuditPackage:
    """The package of a year with 10,000 items of evidence whose files are there. They are deleted at the end."""
    with without_triggers():
        size = Size(controls=60, months=12, evidence=ITEMS, findings=0, events=0, file_bytes=FILE_BYTES, stored=True)
        manager = organization_of(SLUG, size)
    atexit.register(shutil.rmtree, default_storage.path(str(manager.organization_id)), ignore_errors=True)
    with tenant(manager.organization), connection.cursor() as cursor:
        cursor.execute(_EVENTS, [manager.organization_id])
    with tenant(manager.organization):
        seal()
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    with tenant(manager.organization):
        return ask_package(AuditPeriod.objects.get(), actor=manager)


def write(organization: Organization, package: str, file: Path) -> None:
    """Make the package into a file."""
    with tenant(organization, frozen=True), file.open("wb+") as sink:
        found = AuditPackage.objects.select_related("period").get(pk=package)
        made = make(found, sink, lambda _done, _total: None, as_of=now())
    if made.files < ITEMS or made.events < ITEMS:
        raise RuntimeError(f"{made.files} files and {made.events} events are in the package.")


def package_10k() -> Case:
    """Writing the package, against a zip of the same files, stored and hashed."""
    package, organization = asked(), Organization.objects.get(slug=SLUG)
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with tenant(organization):
        paths = [Path(default_storage.path(one.path)) for one in StoredFile.objects.filter(name="proof.txt")]

    def run() -> None:
        write(organization, str(package.pk), folder / "package.zip")

    def floor() -> None:
        with zipfile.ZipFile(folder / "floor.zip", "w", zipfile.ZIP_STORED) as archive:
            for path in paths:
                content = path.read_bytes()
                hashlib.sha256(content).hexdigest()
                archive.writestr(path.name, content)

    return Case("package_10k", LIMIT, run, floor, rounds=5)


def package_memory() -> Figure:
    """The most memory of a process that makes the package and nothing else."""
    package = asked()

    def take() -> float:
        with tempfile.NamedTemporaryFile() as file:
            command = [sys.executable, "-m", "bench.packages", SLUG, str(package.pk), file.name]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own
        return float(done.stdout)

    return Figure("package_memory", MOST_MEMORY, take, unit="bytes")
