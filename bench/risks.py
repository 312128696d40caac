"""Organizations with many risks and with few: 10,000 beside 500, each with its words and a scale.

What waits for somebody is as much in both: what grows is what is rated and not yet due. Rows are made in the database, set by
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
from risks.models import Risk, RiskScale, RiskWord
from risks.scales.standing import default_scale
from tenancy.models import Organization
from tenancy.scope import now, tenant

MANY, FEW = 10_000, 500
WAITING = 60  # of the first: late, or to be rated
UNRATED = 20
PEOPLE = 40
_KEY = "md5(%(tenant)s || 'risk' || n)::uuid"
_LIKELY, _BAD = "1 + n %% 5", "1 + (n / 5) %% 5"
_LESS = "greatest(1, (1 + n %% 5) - 1)"
_SCORE = f"(CASE WHEN n < {UNRATED} THEN 0 ELSE ({_LESS}) * ({_BAD}) END)"
_STATUS = f"CASE WHEN n < {WAITING} THEN 'open' WHEN n %% 10 = 3 THEN 'closed' ELSE 'open' END"

# As risks/register/words.py keeps them: each word of the statement, the number, and what follows each hyphen.
_WORDS = """
INSERT INTO risks_riskword (id, tenant_id, risk_id, word)
SELECT DISTINCT ON (id, word) uuid_v7(), tenant_id, id, word FROM risks_risk,
  unnest(string_to_array(lower(statement), ' ') || lower(reference)::text || split_part(reference, '-', 2)) AS word
"""


@dataclass(frozen=True)
class Exposed:
    """Who keeps the register of the large organization, and of the small one."""

    many: Member
    few: Member


@cache
def exposed(many: int = MANY, few: int = FEW) -> Exposed:
    """Make both once for a run."""
    with _without_triggers():
        made = Exposed(_organization("bench-risks", many), _organization("bench-risks-few", few))
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return made


@contextmanager
def _without_triggers() -> Iterator[None]:
    tables = [one._meta.db_table for one in (Person, RiskScale, Risk, RiskWord)]
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
        scale = default_scale()
        scale.made_at = now()
        scale.save(force_insert=True)
        _risks(organization, count, people, scale)
        with connection.cursor() as cursor:
            cursor.execute(f"{_WORDS} WHERE tenant_id = %s", [organization.pk])
    return manager


def _risks(organization: Organization, count: int, people: list[Person], scale: RiskScale) -> None:
    rated = f"CASE WHEN n < {UNRATED} THEN 0 ELSE {{}} END"
    fill(
        Risk(raised_at=now(), next_review_on=now().date(), reasoning="Seen before.", closed_reason="Gone."),
        organization,
        count,
        {
            "id": _KEY,
            "reference": "'RISK-' || lpad(n::text, 6, '0')",
            "statement": "(ARRAY['Invoice', 'Backup', 'Laptop', 'Supplier'])[1 + n %% 4] || ' fails in case ' || n",
            "category": "(ARRAY['security', 'fraud', 'vendor', 'privacy', 'people'])[1 + n %% 5]",
            "owner_id": f"CASE WHEN n < {WAITING} THEN %(mine)s ELSE (%(people)s::uuid[])[1 + n %% {PEOPLE - 1}] END",
            "scale_id": f"CASE WHEN n < {UNRATED} THEN NULL ELSE %(scale)s END",
            "rated_on": f"CASE WHEN n < {UNRATED} THEN NULL ELSE current_date - 100 END",
            "inherent_likelihood": rated.format(_LIKELY),
            "inherent_impact": rated.format(_BAD),
            "residual_likelihood": rated.format(_LESS),
            "residual_impact": rated.format(_BAD),
            "inherent_score": f"({rated.format(_LIKELY)}) * ({_BAD})",
            "residual_score": _SCORE,
            "residual_level": f"""CASE WHEN {_SCORE} >= 15 THEN 'critical' WHEN {_SCORE} >= 10 THEN 'high'
                                  WHEN {_SCORE} >= 5 THEN 'medium' WHEN {_SCORE} >= 1 THEN 'low' ELSE '' END""",
            "treatment": "(ARRAY['mitigate', 'transfer', 'avoid'])[1 + n %% 3]",
            "status": _STATUS,
            "closed_at": "now()",
            "next_review_on": f"CASE WHEN n < {WAITING} THEN current_date - 3 ELSE current_date + 60 + n %% 300 END",
        },
        {"mine": people[0].pk, "people": [one.pk for one in people[1:]], "scale": scale.pk},
    )
