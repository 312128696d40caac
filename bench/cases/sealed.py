"""Sealed fields: 10,000 rows read and opened, against the same rows and AES-GCM alone."""

import base64
import secrets
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from accounts.sealing import seal, unseal
from bench.harness import Case
from tenancy.models import Organization
from tenancy.scope import tenant

ROWS, LIMIT = 10_000, 3.0
_LABEL = "policies.background_check.outcome"
_VALUE = b'{"outcome": "clear", "note": "What somebody wrote."}'.ljust(512)  # as the outcome of a background check


def sealed_10k() -> Case:
    """Both sides read text from a table; the floor has one key, no names of keys, and binds a value to its row alone."""
    organization = Organization.objects.create(slug="bench-sealed", name="Bench sealed")
    bare = AESGCM(AESGCM.generate_key(256))
    with tenant(organization):
        keys = [uuid.uuid4() for _ in range(ROWS)]
        sealed = [(key, seal(_VALUE, label=_LABEL, row_id=key, tenant_id=organization.pk), _encrypted(bare, key)) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE bench_sealed (id uuid, sealed text, bare text)")
        cursor.executemany("INSERT INTO bench_sealed VALUES (%s, %s, %s)", sealed)

    def run() -> list[bytes]:
        with tenant(organization):
            return [
                unseal(value, label=_LABEL, row_id=key, tenant_id=organization.pk)
                for key, value in _read("SELECT id, sealed FROM bench_sealed")
            ]

    def floor() -> list[bytes]:
        with tenant(organization):
            rows = [(key, base64.b64decode(value)) for key, value in _read("SELECT id, bare FROM bench_sealed")]
            return [bare.decrypt(value[:12], value[12:], key.bytes) for key, value in rows]

    return Case("sealed_10k", LIMIT, run, floor)


def _encrypted(bare: AESGCM, key: uuid.UUID) -> str:
    nonce = secrets.token_bytes(12)
    return base64.b64encode(nonce + bare.encrypt(nonce, _VALUE, key.bytes)).decode()


def _read(statement: str) -> list[tuple[uuid.UUID, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[uuid.UUID, str]] = cursor.fetchall()
    return rows
