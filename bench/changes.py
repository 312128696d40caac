"""Organizations with many changes and with few: 50,000 beside 1,000, each with its versions, approvals and systems.

What waits for somebody is as much in both, and so is what a page of the calendar draws: what grows is the history, also that
of the present month. Rows are made in the database, set by set, without the triggers that want an event of its own for each.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model

from accounts.models import Member, User
from bench.database import NAME, owner
from changes.models import Approval, ApprovalRule, Change, ChangeSystem, ChangeVersion, ChangeWord
from inventory.models import Person, System
from tenancy.models import Organization
from tenancy.scope import now, tenant

MANY, FEW = 50_000, 1_000
SYSTEMS, PEOPLE = 40, 100
MONTH = 400  # planned in this month in any case: more on each day than its month and its week draw
TODAY = MONTH + 200  # those after them are planned for today: as many as the page of a day draws
YEARS = 3  # over which the rest is spread
HASH = "0" * 64
_KEY = "md5(%(tenant)s || '{word}' || n)::uuid"
# By number: 40 wait for approval, 40 to be carried out, 20 for their review; of the rest few were turned down.
_STATUS = """CASE WHEN n < 40 THEN 'submitted' WHEN n < 80 THEN 'scheduled' WHEN n < 100 THEN 'implemented'
             WHEN n %% 40 = 3 THEN 'rejected' WHEN n %% 50 = 9 THEN 'withdrawn' ELSE 'closed' END"""
_BEGINS = """CASE WHEN n < {month} THEN %(first)s + make_interval(days => n %% %(days)s, hours => 8 + n / %(days)s)
             WHEN n < {today} THEN %(today)s + make_interval(mins => n)
             ELSE %(last)s - make_interval(secs => n::float / %(count)s * {seconds}) END"""
_WINDOW = _BEGINS.format(month=MONTH, today=TODAY, seconds=YEARS * 365 * 24 * 3600)

# As changes/drafting/words.py keeps them: each word of the title, the number, and what follows its hyphen.
_WORDS = """
INSERT INTO changes_changeword (id, tenant_id, change_id, word)
SELECT uuid_v7(), tenant_id, id, word FROM changes_change,
  unnest(string_to_array(lower(title), ' ') || lower(reference)::text || split_part(reference, '-', 2)) AS word
"""


@dataclass(frozen=True)
class Changing:
    """Who runs changes in the large organization, and who in the small one."""

    many: Member
    few: Member


@cache
def changing() -> Changing:
    """Make both once for a run."""
    with _without_triggers():
        made = Changing(_organization("bench-changes", MANY), _organization("bench-changes-few", FEW))
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return made


@contextmanager
def _without_triggers() -> Iterator[None]:
    tables = [
        one._meta.db_table for one in (Person, System, Change, ChangeSystem, ChangeVersion, ChangeWord, Approval, ApprovalRule)
    ]
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def _organization(slug: str, count: int) -> Member:
    organization = Organization.objects.create(slug=slug, name=slug.title(), zone="America/New_York")
    manager = _member(organization, "manager", "compliance_manager", "reviewer")
    raiser = _member(organization, "raiser", "employee")
    with tenant(organization):
        asked = Person.objects.create(name="Raiser", email=raiser.email, member=raiser)
        Person.objects.create(name="Manager", email=manager.email, member=manager)
        people = [Person.objects.create(name=f"Person {n}", email=f"p{n}@{slug}.example") for n in range(PEOPLE)]
        systems = [System.objects.create(name=f"System {n}") for n in range(SYSTEMS)]
        ApprovalRule.objects.create(name="Whoever approves", count=1)
        _changes(organization, count, raiser, asked, people)
        _hang(organization, count, manager, raiser, systems)
    return manager


def _member(organization: Organization, name: str, *roles: str) -> Member:
    user = User(email=f"{name}@{organization.slug}.example", name=name.title(), password="!")  # noqa: S106 - nobody signs in
    user.save(force_insert=True)
    return Member.objects.create(organization=organization, user=user, roles=list(roles))


def _changes(organization: Organization, count: int, raiser: Member, asked: Person, people: list[Person]) -> None:
    over = f"({_STATUS}) IN ('closed', 'rejected', 'withdrawn')"
    approved = f"({_STATUS}) IN ('scheduled', 'implemented', 'closed')"
    carried_out = f"({_STATUS}) IN ('implemented', 'closed')"
    moment = f"({_WINDOW})"
    fill(
        Change(title="", raised_by=raiser, requester=asked, raised_at=now(), edited_at=now(), content_hash=HASH),
        organization,
        count,
        {
            "id": _KEY.format(word="change"),
            "reference": "'CHG-' || lpad(n::text, 6, '0')",
            "title": "'Change ' || n || ' of ' || (ARRAY['billing', 'storage', 'network', 'access'])[1 + n %% 4]",
            "type": "CASE WHEN n %% 7 = 5 THEN 'standard' ELSE 'normal' END",
            "kind": "(ARRAY['code', 'config', 'infrastructure', 'data', 'access'])[1 + n %% 5]",
            "risk": "(ARRAY['low', 'medium', 'high'])[1 + n %% 3]",
            "status": _STATUS,
            "implementer_id": "(%(people)s::uuid[])[1 + n %% 100]",
            "window_from": moment,
            "window_until": f"{moment} + interval '1 hour'",
            "raised_at": f"{moment} - interval '5 days'",
            "edited_at": f"{moment} - interval '4 days'",
            "submitted_at": f"{moment} - interval '4 days'",
            "approved_at": f"CASE WHEN {approved} THEN {moment} - interval '3 days' END",
            "approved_until": f"CASE WHEN {approved} THEN {moment} + interval '30 days' END",
            "implemented_at": f"CASE WHEN {carried_out} THEN {moment} END",
            "ended_at": f"CASE WHEN {over} THEN {moment} + interval '1 day' END",
        },
        {"people": [one.pk for one in people], **_times(organization, count)},
    )
    with connection.cursor() as cursor:
        cursor.execute(_WORDS)


def _hang(organization: Organization, count: int, manager: Member, raiser: Member, systems: list[System]) -> None:
    """Versions, approvals and systems of the changes."""
    key = _KEY.format(word="change")
    fill(
        ChangeVersion(number=1, content={}, content_hash=HASH, made_by=raiser, made_at=now()),
        organization,
        count,
        {"id": _KEY.format(word="version"), "change_id": key},
    )
    given = Approval(
        content_hash=HASH, answer="approved", approver=manager, requester=raiser, roles=["compliance_manager"], given_at=now()
    )
    approved = f"({_STATUS}) IN ('scheduled', 'implemented', 'closed')"
    words = {"id": _KEY.format(word="approval"), "change_id": key, "version_id": _KEY.format(word="version")}
    fill(given, organization, count, words, where=approved)
    keys = {"systems": [one.pk for one in systems]}
    for word, place, where in (("first", "n", "true"), ("second", "n + 7 + n / 40 %% 20", "n %% 2 = 0")):
        columns = {"id": _KEY.format(word=word), "change_id": key, "system_id": f"(%(systems)s::uuid[])[1 + ({place}) %% 40]"}
        fill(ChangeSystem(), organization, count, columns, keys, where=where)


def _times(organization: Organization, count: int) -> dict[str, Any]:
    today = organization.today()
    days = calendar.monthrange(today.year, today.month)[1]
    first = dt.datetime.combine(today.replace(day=1), dt.time(5), dt.UTC)
    noon = dt.datetime.combine(today, dt.time(12), dt.UTC)
    return {"today": noon, "first": first, "last": first + dt.timedelta(days=days), "days": days, "count": count}


def fill(
    example: Model,
    organization: Organization,
    count: int,
    columns: Mapping[str, str],
    values: Mapping[str, Any] | None = None,
    *,
    where: str = "true",
) -> None:
    """INSERT..SELECT over n from 0 to `count` - 1: what `columns` says in SQL, and of every other column what `example` has."""
    given: dict[str, Any] = {"tenant": str(organization.pk), "number": count, **(values or {})}
    said = {}
    for field in example._meta.concrete_fields:
        name = str(field.column)
        said[name] = columns.get(name, f"%(example_{name})s::{field.db_type(connection)}")
        if name not in columns:
            given[f"example_{name}"] = field.get_db_prep_save(field.pre_save(example, add=True), connection)
    names = ", ".join(f'"{name}"' for name in said)
    table = example._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(said.values())} FROM generate_series(0, %(number)s - 1) AS n '
            f"WHERE {where}",
            given,
        )
