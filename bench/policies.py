"""Organizations with a policy in force: one that asks 20,000 people, and two with 10,000 and 500 acknowledgements.

Rows are made in the database, set by set, without the triggers that want an event of its own for each.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from accounts.models import Member, User
from bench.changes import fill
from bench.database import NAME, owner
from inventory.models import Person
from policies.models import Acknowledgement, AcknowledgementCampaign, Policy, PolicyVersion
from tenancy.models import Organization
from tenancy.scope import now, tenant

ASKED = 20_000
MANY, FEW = 10_000, 500
WAITING = 60  # of the first: late
HASH = "0" * 64
_PERSON = "md5(%(tenant)s || 'person' || n)::uuid"
_OPEN = f"(n < {WAITING} OR n %% 10 = 3)"


@dataclass(frozen=True)
class Asked:
    """Who runs acknowledgements somewhere, and the version that is in force there."""

    manager: Member
    version: PolicyVersion


@cache
def asking(people: int = ASKED) -> Asked:
    """An organization of so many people of whom nobody is asked yet."""
    return _made("bench-asking", people, acknowledged=False)


@cache
def acknowledged(many: int = MANY, few: int = FEW) -> tuple[Asked, Asked]:
    """A large and a small organization in which everybody is asked."""
    return _made("bench-confirmed", many, acknowledged=True), _made("bench-confirmed-few", few, acknowledged=True)


def _made(slug: str, people: int, *, acknowledged: bool) -> Asked:
    with _without_triggers():
        made = _organization(slug, people, acknowledged=acknowledged)
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    return made


@contextmanager
def _without_triggers() -> Iterator[None]:
    tables = [one._meta.db_table for one in (Person, Policy, PolicyVersion, AcknowledgementCampaign, Acknowledgement)]
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for table in tables:
                admin.execute(f'ALTER TABLE "{table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def _organization(slug: str, people: int, *, acknowledged: bool) -> Asked:
    organization = Organization.objects.create(slug=slug, name=slug.title(), zone="America/New_York")
    user = User(email=f"manager@{slug}.example", name="Manager", password="!")  # noqa: S106 - nobody signs in
    user.save(force_insert=True)
    manager = Member.objects.create(organization=organization, user=user, roles=["compliance_manager"])
    with tenant(organization):
        _people(organization, people)
        policy = Policy.objects.create(reference="POL-000001", title="Access control")
        version = PolicyVersion.objects.create(
            policy=policy, number=1, title=policy.title, text="# Rules\n\nNobody shares a password.", author=manager,
            status="published", begun_at=now(), content_hash=HASH, published_at=now(), effective_on=organization.today(),
        )  # fmt: skip
        if acknowledged:
            _rows(organization, version, manager, people)
    return Asked(manager, version)


def _people(organization: Organization, count: int) -> None:
    columns = {
        "id": _PERSON,
        "name": "'Person ' || n",
        "email": "'person' || n || '@people.example'",
        "email_key": "'person' || n || '@people.example'",
        "department": "(ARRAY['Sales', 'Finance', 'Engineering', 'Support'])[1 + n %% 4]",
    }
    fill(Person(), organization, count, columns, {})


def _rows(organization: Organization, version: PolicyVersion, manager: Member, count: int) -> None:
    campaign = AcknowledgementCampaign.objects.create(
        policy=version.policy, version=version, content_hash=HASH, due_on=organization.today(), started_at=now()
    )
    columns = {
        "id": "uuid_v7()",
        "person_id": _PERSON,
        "due_on": f"CASE WHEN n < {WAITING} THEN current_date - 3 ELSE current_date + 3 + n %% 300 END",
        "status": f"CASE WHEN {_OPEN} THEN 'open' ELSE 'confirmed' END",
        "confirmed_at": f"CASE WHEN {_OPEN} THEN NULL ELSE now() END",
        "confirmed_by_id": f"CASE WHEN {_OPEN} THEN NULL ELSE %(manager)s END",
        "content_hash": f"CASE WHEN {_OPEN} THEN '' ELSE '{HASH}' END",
        "certificate": f"CASE WHEN {_OPEN} THEN '' ELSE '{HASH}' END",
    }
    whose = Acknowledgement(campaign=campaign, due_on=organization.today())
    fill(whose, organization, count, columns, {"manager": manager.pk})
