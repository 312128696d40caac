"""A programme large enough to measure on: 1,000 controls with 100,000 evidence items and a million events, beside 50 others.

One more organization has a thousand rows of each kind: what a list of it costs is what a list may cost.

Rows go in by COPY, past the triggers that want an event of its own for each: those are what the trail's cases measure.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Model

from accounts.models import Member, User
from audit.words import learn
from bench.database import NAME, owner
from controls.criteria import CRITERIA
from controls.models import AuditPeriod, CadenceChange, Control, ControlCriterion, ControlEvidence, Finding, Occurrence
from controls.models.control import Leg, Priority
from controls.status.keep import refresh
from evidence.models import Evidence, EvidenceWord, StoredFile
from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, now, tenant
from ui.words import words_of

OTHERS = 50
CONTROLS = 1_000
COMMON = [key for key in CRITERIA if key.startswith("CC")]
LEGS = list(Leg)
CATEGORIES = Evidence.Category.values
SUBJECTS = ("Backup", "Restore", "Access", "Change", "Incident", "Training", "Vendor", "Scan", "Patch", "Firewall")
_files = count()


@dataclass(frozen=True)
class Size:
    """How much an organization has."""

    controls: int
    months: int  # occurrences of each control
    evidence: int
    findings: int
    events: int
    file_bytes: int = 1_000
    stored: bool = False  # whether the files of the evidence are there


LARGE = Size(controls=CONTROLS, months=12, evidence=100_000, findings=5_000, events=1_000_000)
SMALL = Size(controls=20, months=12, evidence=2_000, findings=100, events=20_000)  # a fiftieth
THOUSAND = Size(controls=CONTROLS, months=1, evidence=1_000, findings=1_000, events=1_000)


@dataclass(frozen=True)
class Programme:
    """Who runs the large organization, and who the one with a thousand rows of each kind."""

    large: Member
    thousand: Member


@cache
def programme() -> Programme:
    """Make it once for a run."""
    with without_triggers():
        made = Programme(organization_of("bench-programme", LARGE), organization_of("bench-thousand", THOUSAND))
        for number in range(OTHERS):
            organization_of(f"bench-other-{number}", SMALL)
    for organization in Organization.objects.filter(slug__startswith="bench-"):
        with tenant(organization):
            refresh()
            learn(organization, now())
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return made


@contextmanager
def without_triggers() -> Iterator[None]:
    """Without the triggers of the product's own tables; those of the trail and of keys stay."""
    tables = [one._meta.db_table for one in (Person, Control, ControlCriterion, CadenceChange, ControlEvidence, Occurrence)]
    tables += [one._meta.db_table for one in (AuditPeriod, StoredFile, Evidence, EvidenceWord, Finding)]
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def organization_of(slug: str, size: Size) -> Member:
    organization = Organization.objects.create(slug=slug, name=slug.title(), zone="Europe/Berlin")
    user = User(email=f"manager@{slug}.example", name="Manager", password="!")  # noqa: S106 - nobody signs in with it
    user.save(force_insert=True)
    member = Member.objects.create(organization=organization, user=user, roles=["compliance_manager", "auditor"])
    with tenant(organization):
        year = organization.today().year
        person = Person(name="Owner", email=f"o@{slug}.example", email_key=f"o@{slug}.example")
        copy([person])
        copy([AuditPeriod(name=str(year), starts_on=dt.date(year, 1, 1), ends_on=dt.date(year, 12, 31))])
        controls = [control(number, person, year) for number in range(size.controls)]
        copy(controls)
        copy(answers(controls))
        copy(
            Occurrence(control=one, **_month(year, month))
            for number, one in enumerate(controls)
            for month in _months(number, size)
        )
        _evidence(controls, size, year)
        copy(_finding(number, controls[number % size.controls], person, year) for number in range(size.findings))
        _events(organization, size.events)
    return member


def _months(number: int, size: Size) -> range:
    """All, or one after the other."""
    return range(1, 13) if size.months == 12 else range(number % 12 + 1, number % 12 + 2)


def control(number: int, person: Person, year: int) -> Control:
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


def answers(controls: list[Control]) -> Iterator[ControlCriterion]:
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


def _evidence(controls: list[Control], size: Size, year: int) -> None:
    """Spread over the days of the year, a leg after the other; the last controls have none."""
    proven = controls[: len(controls) * 9 // 10]
    began = dt.datetime(year, 1, 1, 12, tzinfo=dt.UTC)
    number = size.evidence
    files = [_file(size) for _ in range(number)]
    copy(files)
    items = [
        item(place, file, began + dt.timedelta(minutes=5 * place * LARGE.evidence // number)) for place, file in enumerate(files)
    ]
    copy(items)
    copy(
        ControlEvidence(control=proven[place % len(proven)], evidence=item, leg=LEGS[place // len(proven) % 4])
        for place, item in enumerate(items)
    )
    copy(EvidenceWord(evidence=item, word=word) for item in items for word in _words(item))


def _words(item: Evidence) -> dict[str, None]:
    """As `evidence.words.learn` keeps them."""
    return dict.fromkeys(words_of([item.reference, item.file.sha256, item.title, item.source, item.file.name]))


def _file(size: Size) -> StoredFile:
    """A file unlike any other, which is written where the storage looks for it when it is to be there."""
    content = str(next(_files)).encode().ljust(size.file_bytes)
    file = StoredFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content), content_type="text/plain", name="proof.txt")
    if size.stored:
        file.tenant_id = current_tenant_id()
        default_storage.save(file.path, ContentFile(content))
    return file


def item(place: int, file: StoredFile, collected_at: dt.datetime) -> Evidence:
    return Evidence(
        reference=f"EV-{place:06d}",
        title=f"{SUBJECTS[place % len(SUBJECTS)]} proof {place}",
        category=CATEGORIES[place // len(SUBJECTS) % len(CATEGORIES)],
        source="Benchmark",
        method="automatic",
        collector="bench",
        collected_at=collected_at,
        expires_on=None if place % 2 else collected_at.date() + dt.timedelta(days=365),
        file=file,
    )


def _finding(number: int, control: Control, person: Person, year: int) -> Finding:
    """A third is in remediation; due over the year."""
    due_on = dt.date(year, 1, 1) + dt.timedelta(days=number * 7 % 365)
    return Finding(
        reference=f"FND-{number:05d}",
        title=f"{SUBJECTS[number % len(SUBJECTS)]} finding {number}",
        control=control,
        severity=Priority.values[number % 4],
        owner=person,
        due_on=due_on,
        status="in_remediation" if number % 3 == 0 else "open",
        opened_at=dt.datetime(year, 1, 1, tzinfo=dt.UTC),
    )


# Ten verbs, twenty actors, two hundred events of each record, as many seconds as events.
_EVENTS = """
INSERT INTO audit_event (id, tenant_id, at, body, verb, result, actor_id, actor_name, object_kind, object_id, object_name)
SELECT uuid_v7(), %(tenant)s, now() - n * interval '1 second',
  '{"after":{"number":' || n || '},"before":{"number":' || n - 1 || '},"metadata":{}}', 'benchmark.verb' || n %% 10,
  CASE WHEN n %% 10 = 7 THEN 'failure' ELSE 'success' END,
  ('00000000-0000-4000-8000-' || lpad((n %% 20)::text, 12, '0'))::uuid, 'Person ' || n %% 20, 'benchmark.record',
  ('00000000-0000-4000-9000-' || lpad((n %% %(records)s)::text, 12, '0'))::uuid, 'Record ' || n %% %(records)s
FROM generate_series(1, %(number)s) AS n
"""


def _events(organization: Organization, number: int) -> None:
    """Within the days that the trail has a partition for."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, {"tenant": organization.pk, "number": number, "records": number // 200})


def copy(rows: Iterable[Model]) -> None:
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
