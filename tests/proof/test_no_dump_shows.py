"""A full dump of the database holds nothing that was to be sealed."""

from pathlib import Path

from django.conf import settings

from tenancy.models import Organization
from tests.proof.attacking import superuser
from tests.proof.key_world import CANARY, fill, told


def _dump() -> bytes:
    """Every row of every table, as whoever holds the database copies them out."""
    parts = []
    with superuser() as admin:
        tables = admin.execute(
            "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            with admin.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                parts += [bytes(block) for block in copy]
    return b"".join(parts)


def test_no_canary_is_in_a_dump_or_in_a_stored_file(committed_db: None):
    acme = Organization.objects.get(slug="acme")
    fill(acme)
    sealed = told(acme)
    assert {label for (label, _), value in sealed.items() if CANARY.encode() not in value} == {"alert_channel.secret"}  # random
    dump = _dump()
    assert dump.count(b"v1|A256GCM|") > len(sealed)
    assert b"background_check.add" in dump
    assert CANARY.encode() not in dump
    assert not [place for place, value in sealed.items() if value in dump]
    files = [path for path in Path(settings.PLUMBLINE_DATA).rglob("*") if path.is_file()]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]
