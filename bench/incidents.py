"""Organizations with many incidents and with few: 20,000 beside 1,000, each with its systems and security events.

What is not over, and what is with whoever looks, is as much in both: what grows is the history. Rows are made in the database,
set by set, without the triggers that want an event of its own for each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from accounts.models import Member, User
from bench.changes import fill
from bench.database import NAME, owner
from incidents.models import Incident, IncidentSystem, SecurityEvent
from inventory.models import System
from tenancy.models import Organization
from tenancy.scope import now, tenant

MANY, FEW = 20_000, 1_000
SYSTEMS = 40
GOING_ON = 60
YEARS = 5
_KEY = "md5(%(tenant)s || '{word}' || n)::uuid"
_AT = f"now() - make_interval(secs => n::float / %(number)s * {YEARS * 365 * 24 * 3600})"
_OTHER = "(%(others)s::uuid[])[1 + n %% 8]"
_STATUS = f"""CASE WHEN n < 20 THEN 'open' WHEN n < 40 THEN 'investigating' WHEN n < {GOING_ON} THEN 'resolved'
              WHEN n %% 25 = 3 THEN 'dismissed' ELSE 'closed' END"""


@dataclass(frozen=True)
class Troubled:
    """Who runs incidents in the large organization, and who in the small one."""

    many: Member
    few: Member


@cache
def troubled() -> Troubled:
    """Make both once for a run."""
    with _without_triggers():
        made = Troubled(_organization("bench-incidents", MANY), _organization("bench-incidents-few", FEW))
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return made


@contextmanager
def _without_triggers() -> Iterator[None]:
    tables = [one._meta.db_table for one in (System, Incident, IncidentSystem, SecurityEvent)]
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def _organization(slug: str, count: int) -> Member:
    organization = Organization.objects.create(slug=slug, name=slug.title(), zone="America/New_York")
    manager = _member(organization, "manager", "compliance_manager")
    others = [_member(organization, f"worker{number}", "reviewer") for number in range(8)]
    with tenant(organization):
        systems = [System.objects.create(name=f"System {n}") for n in range(SYSTEMS)]
        _incidents(organization, count, manager, others)
        _hang(organization, count, manager, systems)
    return manager


def _member(organization: Organization, name: str, *roles: str) -> Member:
    user = User(email=f"{name}@{organization.slug}.example", name=name.title(), password="!")  # noqa: S106 - nobody signs in
    user.save(force_insert=True)
    return Member.objects.create(organization=organization, user=user, roles=list(roles))


def _incidents(organization: Organization, count: int, manager: Member, others: list[Member]) -> None:
    over = f"({_STATUS}) IN ('closed', 'resolved')"
    fill(
        Incident(
            title="", reported_at=now(), root_cause="Known.", resolution="Done.", dismissed_reason="None.", review_due_on=None
        ),
        organization,
        count,
        {
            "id": _KEY.format(word="incident"),
            "reference": "'INC-' || lpad(n::text, 6, '0')",
            "title": "'Incident ' || n || ' of ' || (ARRAY['billing', 'storage', 'network', 'access'])[1 + n %% 4]",
            "kind": "(ARRAY['security', 'availability', 'privacy', 'integrity', 'vendor'])[1 + n %% 5]",
            "severity": "(ARRAY['critical', 'high', 'medium', 'low'])[1 + n %% 4]",
            "status": _STATUS,
            "confidential": "n %% 50 = 7",
            "assigned_to_id": f"CASE WHEN n < {GOING_ON} AND n %% 3 = 0 THEN %(manager)s ELSE {_OTHER} END",
            "reported_at": _AT,
            "detected_at": _AT,
            "acknowledged_at": f"CASE WHEN n >= 10 THEN {_AT} END",
            "acknowledge_due_at": f"{_AT} + interval '1 hour'",
            "resolved_at": f"CASE WHEN {over} THEN {_AT} + interval '5 hours' END",
            "closed_at": f"CASE WHEN ({_STATUS}) = 'closed' THEN {_AT} + interval '1 day' END",
        },
        {"manager": manager.pk, "others": [one.pk for one in others]},
    )


def _hang(organization: Organization, count: int, manager: Member, systems: list[System]) -> None:
    """The systems that they affect, and a security event for each."""
    key, keys = _KEY.format(word="incident"), {"systems": [one.pk for one in systems]}
    for word, place, where in (("first", "n", "true"), ("second", "n + 7", "n %% 2 = 0")):
        columns = {"id": _KEY.format(word=word), "incident_id": key, "system_id": f"(%(systems)s::uuid[])[1 + ({place}) %% 40]"}
        fill(IncidentSystem(), organization, count, columns, keys, where=where)
    fill(
        SecurityEvent(title="", reported_as="A check", reported_at=now(), last_seen_at=now(), evaluated_by=manager),
        organization,
        count,
        {
            "id": _KEY.format(word="event"),
            "reference": "'SE-' || lpad(n::text, 6, '0')",
            "title": "'Event ' || n",
            "reported_at": _AT,
            "status": "CASE WHEN n < 20 THEN 'new' ELSE 'incident' END",
            "incident_id": f"CASE WHEN n >= 20 THEN {key} END",
        },
    )
