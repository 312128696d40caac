"""A programme large enough to measure on: 1,000 controls with 100,000 evidence items and a million events, beside 50 others.

Rows go in by COPY, past the triggers that want an event of its own for each: those are what the trail's cases measure.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.models import Member, User
from bench.database import NAME, owner
from controls.criteria import CRITERIA
from controls.models import AuditPeriod, CadenceChange, Control, ControlCriterion, ControlEvidence, Occurrence
from controls.models.control import Leg, Priority
from controls.status.keep import refresh
from evidence.models import Evidence, StoredFile
from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import tenant

CONTROLS, EVIDENCE, EVENTS = 1_000, 100_000, 1_000_000
OTHERS, SMALLER = 50, 50
COMMON = [key for key in CRITERIA if key.startswith("CC")]
LEGS = list(Leg)
_files = count()


@cache
def programme() -> Member:
    """Make it once for a run; the compliance manager of the large organization."""
    with _without_triggers():
        member = _organization("bench-programme", 1)
        for number in range(OTHERS):
            _organization(f"bench-other-{number}", SMALLER)
    for organization in Organization.objects.filter(slug__startswith="bench-"):
        with tenant(organization):
            refresh()
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return member


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Without the triggers of the product's own tables; those of the trail and of keys stay."""
    tables = [one._meta.db_table for one in (Person, Control, ControlCriterion, CadenceChange, ControlEvidence, Occurrence)]
    tables += [one._meta.db_table for one in (AuditPeriod, StoredFile, Evidence)]
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def _organization(slug: str, share: int) -> Member:
    organization = Organization.objects.create(slug=slug, name=slug.title(), zone="Europe/Berlin")
    user = User(email=f"manager@{slug}.example", name="Manager", password="!")  # noqa: S106 - nobody signs in with it
    user.save(force_insert=True)
    member = Member.objects.create(organization=organization, user=user, roles=["compliance_manager"])
    with tenant(organization):
        year = organization.today().year
        person = Person(name="Owner", email=f"o@{slug}.example", email_key=f"o@{slug}.example")
        _copy([person])
        _copy([AuditPeriod(name=str(year), starts_on=dt.date(year, 1, 1), ends_on=dt.date(year, 12, 31))])
        controls = [_control(number, person, year) for number in range(CONTROLS // share)]
        _copy(controls)
        _copy(_answers(controls))
        _copy(Occurrence(control=one, **_month(year, month)) for one in controls for month in range(1, 13))
        _evidence(controls, EVIDENCE // share, year)
        _events(organization, EVENTS // share)
    return member


def _control(number: int, person: Person, year: int) -> Control:
    """Every tenth has no owner, every seventh is critical."""
    priority = Priority.CRITICAL if number % 7 == 0 else Priority.MEDIUM
    return Control(
        code=f"C-{number:04d}",
        title=f"Control {number}",
        owner=None if number % 10 == 0 else person,
        cadence="monthly",
        in_scope_since=dt.date(year, 1, 1),
        priority=priority,
    )


def _answers(controls: list[Control]) -> Iterator[ControlCriterion]:
    for number, one in enumerate(controls):
        for step in (0, 11):
            yield ControlCriterion(control=one, criterion=COMMON[(number + step) % len(COMMON)])


def _month(year: int, month: int) -> dict[str, Any]:
    first = dt.date(year, month, 1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return {
        "kind": "interval",
        "key": f"{first:%Y-%m}",
        "label": f"{first:%B %Y}",
        "starts_on": first,
        "ends_on": last,
        "opens_on": last - dt.timedelta(days=14),
        "due_on": last,
        "missed_after": last + dt.timedelta(days=31),
        "status": "performed" if month < 10 else "open",
        "performed_on": last if month < 10 else None,
    }


def _evidence(controls: list[Control], number: int, year: int) -> None:
    """Spread over the days of the year, a leg after the other; the last controls have none."""
    proven = controls[: len(controls) * 9 // 10]
    began = dt.datetime(year, 1, 1, 12, tzinfo=dt.UTC)
    files = [_file() for _ in range(number)]
    _copy(files)
    items = [_item(place, file, began + dt.timedelta(minutes=5 * place * EVIDENCE // number)) for place, file in enumerate(files)]
    _copy(items)
    _copy(
        ControlEvidence(control=proven[place % len(proven)], evidence=item, leg=LEGS[place // len(proven) % 4])
        for place, item in enumerate(items)
    )


def _file() -> StoredFile:
    digest = hashlib.sha256(str(next(_files)).encode()).hexdigest()
    return StoredFile(sha256=digest, size=1000, content_type="text/plain", name="proof.txt")


def _item(place: int, file: StoredFile, collected_at: dt.datetime) -> Evidence:
    return Evidence(
        reference=f"EV-{place:06d}",
        title=f"Proof {place}",
        category="other",
        source="Benchmark",
        method="automatic",
        collector="bench",
        collected_at=collected_at,
        file=file,
    )


_EVENTS = """
INSERT INTO audit_event (id, tenant_id, at, body, verb, result, actor_name, object_kind, object_name)
SELECT uuid_v7(), %(tenant)s, now() - n * interval '1 second', '{"n":' || n || '}', 'benchmark.note', 'success', 'benchmark',
       '', ''
FROM generate_series(1, %(number)s) AS n
"""


def _events(organization: Organization, number: int) -> None:
    """Within the days that the trail has a partition for."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"tenant": organization.pk, "number": number})


def _copy(rows: Iterable[Model]) -> None:
    """COPY to a temporary table, INSERT..SELECT into the real one: COPY into a table with policies is refused."""
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return
    fields, table = first._meta.concrete_fields, first._meta.db_table
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_rows AS SELECT {names} FROM {table} WHERE false")
        with cursor.copy(f"COPY bench_rows ({names}) FROM STDIN") as copy:
            for row in (first, *found):
                copy.write_row([field.pre_save(row, add=True) for field in fields])
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM bench_rows")
        cursor.execute("DROP TABLE bench_rows")
