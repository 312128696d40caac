"""The trail: 1,000 new events on top of a million, the check of a million, its pages, and what the access log costs."""

import time
from collections.abc import Iterator
from functools import cache, partial
from unittest.mock import patch

from django.db import connection
from django.test import Client

from accounts.models import Member, User
from audit.models import AuditEvent
from audit.seal.checking.verdict import Verdict
from audit.seal.checking.whole import check_database
from audit.seal.sealing import seal
from audit.seal.tree import leaf_hash
from audit.words import SETTLED, learn
from bench.database import NAME, owner
from bench.harness import Case, Figure
from bench.world import client_of, world
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now, tenant

MILLION, FEW, NEW = 1_000_000, 10_000, 1_000
MOST_SEALING = 0.05  # seconds of work for NEW events
CHECK_LIMIT = 2.0
SEARCH_LIMIT, LOG_LIMIT = 1.5, 1.2
MOST_QUERIES = 12
ADDRESSES = (
    "audit/",
    "audit/?q=record+4711",
    "audit/?q=person",
    "audit/?verb=benchmark.verb3",
    "audit/?result=failure",
    "audit/?when=7",
    "audit/access/",
    "audit/access/?kind=denied",
    "audit/access/?kind=write",
)
# As record() writes them: canonical JSON, and the columns that are copies of it.
_EVENTS = """
INSERT INTO audit_event (id, tenant_id, at, body, verb, result, actor_id, actor_name, object_kind, object_id, object_name)
SELECT id, %(tenant)s::uuid, at,
  '{"actor":{"email":"person' || n %% 20 || '@bench.example","id":"' || actor || '","ip":"203.0.113.9","name":"Person ' || n %% 20
  || '","roles":["Compliance manager"],"user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},'
  || '"after":{"number":' || n || ',"state":"closed","words":"What was written down of it, in a sentence or two."},"at":"'
  || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00","before":{"number":' || n - 1
  || ',"state":"open"},"id":"' || id || '","metadata":{"note":"As agreed."},"object":{"id":"' || object
  || '","kind":"benchmark.record","name":"Record ' || n %% 5000 || '"},"organization":"' || %(tenant)s
  || '","result":"success","verb":"' || verb || '"}',
  verb, 'success', actor, 'Person ' || n %% 20, 'benchmark.record', object, 'Record ' || n %% 5000
FROM (
  SELECT n, uuid_v7() AS id, now() - (%(number)s - n) * interval '1 second' AS at, 'benchmark.verb' || n %% 10 AS verb,
    ('00000000-0000-4000-8000-' || lpad((n %% 20)::text, 12, '0'))::uuid AS actor,
    ('00000000-0000-4000-9000-' || lpad((n %% 5000)::text, 12, '0'))::uuid AS object
  FROM generate_series(1, %(number)s) AS n
) AS made
"""


@cache
def trail() -> Organization:
    """An organization with a million events, sealed."""
    organization = Organization.objects.create(slug="bench-trail", name="Bench trail", zone="UTC")
    with tenant(organization):
        _write(MILLION)
    with tenant(organization):
        seal()
    return organization


def sealing_1k() -> Figure:
    """Reading, placing and signing what 1,000 actions wrote."""
    organization = trail()

    def take() -> float:
        with tenant(organization):
            _write(NEW)
        with tenant(organization):
            began = time.perf_counter()
            sealed = seal()
            spent = time.perf_counter() - began
        if sealed.events < NEW:
            raise RuntimeError(f"{sealed.events} of {NEW} events were sealed.")
        return spent

    for _ in range(3):
        take()
    return Figure("sealing_1k", MOST_SEALING, lambda: sorted(take() for _ in range(7))[3])


def verification_1m() -> Case:
    """The check of a million events against reading and hashing their texts."""
    organization = trail()

    def check() -> None:
        with tenant(organization, frozen=True):
            verdict = Verdict(at=now())
            check_database(verdict)
        if verdict.found or verdict.events < MILLION:
            raise RuntimeError(f"{verdict.events} events, {verdict.faults}")

    def read() -> None:
        with tenant(organization):
            rows = AuditEvent.objects.order_by().values_list("body", flat=True)
            for body in rows.iterator(chunk_size=10_000):
                leaf_hash(body.encode())

    return Case("verification_1m", CHECK_LIMIT, check, read, rounds=3)


def trail_search() -> Iterator[Case]:
    """The first page of the trail and of the access log, searched and filtered: of a million events against ten thousand."""
    many = trail()
    few = Organization.objects.create(slug="bench-trail-few", name="Bench trail, few", zone="UTC")
    with tenant(few):
        _write(FEW)
    for organization in (many, few):
        with tenant(organization):
            learn(organization, now() + SETTLED)
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE audit_event")
    large, small = client_of(_reader(many)), client_of(_reader(few))
    for address in ADDRESSES:
        yield Case(
            f"trail_search {address}",
            SEARCH_LIMIT,
            partial(_page, large, f"/o/{many.slug}/{address}"),
            partial(_page, small, f"/o/{few.slug}/{address}"),
            max_queries=MOST_QUERIES,
        )


def access_log() -> Case:
    """An administrative page whose every look is recorded, against the same without."""
    place = world()
    client = client_of(place.manager)
    page = partial(_page, client, "/o/bench/members/")

    def logged() -> None:
        with patch("accounts.middleware.count_in_minute", return_value=1):
            page()

    def silent() -> None:
        with patch("accounts.middleware.is_administrative", return_value=False):
            page()

    return Case("access_log", LOG_LIMIT, logged, silent, rounds=31)


def _reader(organization: Organization) -> Member:
    user = User(email=f"reader@{organization.slug}.example", name="Reader", password="!")  # noqa: S106 - nobody signs in with it
    user.save(force_insert=True)
    return Member.objects.create(organization=organization, user=user, roles=["compliance_manager"])


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}.")


def _write(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"tenant": str(current_tenant_id()), "number": number})
