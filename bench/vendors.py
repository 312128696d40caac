"""Organizations with many vendors and with few: 10,000 beside 500, each with its words and keys.

What waits for somebody is as much in both: what grows is what is in use and not yet due. Rows are made in the database, set by
set, without the triggers that want an event of its own for each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.db import connection

from accounts.models import Member, User
from bench.changes import fill
from bench.database import NAME, owner
from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import now, tenant
from vendors.models import Vendor, VendorKey, VendorWord

MANY, FEW = 10_000, 500
WAITING = 60  # of the first: asked for, looked at, or late
PEOPLE = 40
_KEY = "md5(%(tenant)s || '{word}' || n)::uuid"
_DATA, _CRITICAL, _ACCESS = "n %% 4", "(n / 4) %% 4", "(n / 16) %% 4"  # more than a page of tier 1 in the small one too
_POINTS = f"{_DATA} + {_CRITICAL} + {_ACCESS}"
_RISK = f"""CASE WHEN {_POINTS} >= 7 THEN 'critical' WHEN {_POINTS} >= 5 OR 3 IN ({_DATA}, {_CRITICAL}, {_ACCESS}) THEN 'high'
            WHEN {_POINTS} >= 3 THEN 'medium' ELSE 'low' END"""
_STATUS = f"""CASE WHEN n < 20 THEN 'requested' WHEN n < 40 THEN 'due_diligence' WHEN n < {WAITING} THEN 'in_use'
              WHEN n %% 10 = 3 THEN 'rejected' ELSE 'in_use' END"""
_DUE = f"CASE WHEN n < {WAITING} THEN current_date - 3 ELSE current_date + 60 + n %% 300 END"

# As vendors/register/words.py keeps them: each word of name and service, the number, and what follows its hyphen.
_WORDS = """
INSERT INTO vendors_vendorword (id, tenant_id, vendor_id, word)
SELECT DISTINCT ON (id, word) uuid_v7(), tenant_id, id, word FROM vendors_vendor,
  unnest(string_to_array(lower(name || ' ' || service), ' ') || lower(reference)::text || split_part(reference, '-', 2)) AS word
"""


@dataclass(frozen=True)
class Supplied:
    """Who runs vendors in the large organization, and who in the small one."""

    many: Member
    few: Member


@cache
def supplied(many: int = MANY, few: int = FEW) -> Supplied:
    """Make both once for a run."""
    with _without_triggers():
        made = Supplied(_organization("bench-vendors", many), _organization("bench-vendors-few", few))
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return made


@contextmanager
def _without_triggers() -> Iterator[None]:
    tables = [one._meta.db_table for one in (Person, Vendor, VendorWord, VendorKey)]
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def _organization(slug: str, count: int) -> Member:
    organization = Organization.objects.create(slug=slug, name=slug.title(), zone="America/New_York")
    user = User(email=f"manager@{slug}.example", name="Manager", password="!")  # noqa: S106 - nobody signs in
    user.save(force_insert=True)
    manager = Member.objects.create(organization=organization, user=user, roles=["compliance_manager"])
    with tenant(organization):
        people = [Person.objects.create(name=f"Person {n}", email=f"person{n}@{slug}.example") for n in range(PEOPLE)]
        people[0].member = manager
        people[0].save()
        _vendors(organization, count, people)
        with connection.cursor() as cursor:
            cursor.execute(f"{_WORDS} WHERE tenant_id = %s", [organization.pk])
        _keys(organization, count)
    return manager


def _vendors(organization: Organization, count: int, people: list[Person]) -> None:
    fill(
        Vendor(requested_at=now(), decision="Fine.", data_shared=0, criticality=0, access=0, points=0, tier=3),
        organization,
        count,
        {
            "id": _KEY.format(word="vendor"),
            "reference": "'VEN-' || lpad(n::text, 6, '0')",
            "name": "(ARRAY['Northwind', 'Papertrail', 'Redwood', 'Harbour'])[1 + n %% 4] || ' ' || n",
            "service": "'Supplies ' || (ARRAY['hosting', 'mail', 'payroll', 'support'])[1 + n %% 4]",
            "owner_id": f"CASE WHEN n < {WAITING} THEN %(mine)s ELSE (%(people)s::uuid[])[1 + n %% {PEOPLE - 1}] END",
            "data_shared": _DATA,
            "criticality": _CRITICAL,
            "access": _ACCESS,
            "points": _POINTS,
            "inherent": _RISK,
            "tier": f"CASE ({_RISK}) WHEN 'critical' THEN 1 WHEN 'high' THEN 2 ELSE 3 END",
            "residual": "(ARRAY['low', 'medium', 'high'])[1 + n %% 3]",
            "is_ai": "n %% 8 = 4",
            "status": _STATUS,
            "decided_at": "now()",
            "diligence_on": "CASE WHEN n < 30 THEN NULL ELSE current_date - 30 END",
            "used_since": "current_date - 400",
            "next_review_on": _DUE,
        },
        {"mine": people[0].pk, "people": [one.pk for one in people[1:]]},
    )


def _keys(organization: Organization, count: int) -> None:
    fill(
        VendorKey(kept_in="Vault", rotated_on=now().date(), due_on=now().date()),
        organization,
        count // 2,
        {
            "id": _KEY.format(word="key"),
            "vendor_id": _KEY.format(word="vendor"),
            "name": "'Key ' || n",
            "rotated_on": "current_date - 10",
            "due_on": "current_date + 20 + n %% 60",
        },
    )
