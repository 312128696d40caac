"""An organization with 100,000 deployments of 30,000 approved changes, none of them accounted for yet."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.db.models import Model

from accounts.actions import create_token
from accounts.models import Member, User
from bench.changes import fill
from bench.database import NAME, owner
from changes.models import Change, ChangeCommit, Deployment, DeploymentBatch
from inventory.models import Person
from tenancy.models import Organization
from tenancy.scope import now, tenant

DEPLOYMENTS, CHANGES = 100_000, 30_000
COMMIT = "md5('commit' || {number}) || '00000000'"  # 40 digits
_KEY = "md5(%(tenant)s || '{word}' || n)::uuid"
_AT = "%(until)s - make_interval(mins => n::int)"
TABLES: list[type[Model]] = [Person, Change, ChangeCommit, Deployment, DeploymentBatch]


@dataclass(frozen=True)
class Deploying:
    """Who runs it, a token that may report and ask, and a change with the commit that may go now."""

    organization: Organization
    manager: Member
    token: str
    reference: str
    commit: str


@cache
def deploying() -> Deploying:
    """Make it once for a run."""
    with _without_triggers():
        organization = Organization.objects.create(slug="bench-deployments", name="Bench", zone="America/New_York")
        user = User(email="manager@bench-deployments.example", name="Manager", password="!")  # noqa: S106 - nobody signs in
        user.save(force_insert=True)
        manager = Member.objects.create(organization=organization, user=user, roles=["compliance_manager"])
        with tenant(organization):
            _changes(organization, manager)
            _deployments(organization)
    with owner(NAME) as admin:
        admin.execute("VACUUM ANALYZE")
    with tenant(organization):
        until = organization.today() + dt.timedelta(days=30)
        _, text = create_token(manager, name="Benchmark", scopes=["deployments.write"], expires_on=until, actor=manager)
        change = Change.objects.get(reference="CHG-000000")
    return Deploying(organization, manager, text, change.reference, change.merge_sha)


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Rows are made in the database, set by set: no event of its own for each."""
    for word in ("DISABLE", "ENABLE"):
        with owner(NAME) as admin:
            for model in TABLES:
                admin.execute(f'ALTER TABLE "{model._meta.db_table}" {word} TRIGGER USER'.encode())
        if word == "DISABLE":
            yield


def _changes(organization: Organization, manager: Member) -> None:
    """Each approved an hour before the first of its three deployments, by somebody else than its author; a tenth later."""
    at = now()
    example = Change(
        title="Change", kind="code", status="approved", source="github", repository="bench/app", raised_by=manager,
        raised_at=at - dt.timedelta(days=200), edited_at=at, submitted_at=at, merged_at=at, merged_by="ada",
        content_hash="0" * 64,
    )  # fmt: skip
    late = "CASE WHEN n %% 10 = 3 THEN 1 ELSE -1 END"
    moment = f"%(until)s - make_interval(mins => (n * 3 + 3)::int) + make_interval(hours => {late})"
    columns = {
        "id": _KEY.format(word="change"),
        "reference": "'CHG-' || lpad(n::text, 6, '0')",
        "number": "n + 1",
        "merge_sha": COMMIT.format(number="n"),
        "approved_at": moment,
        "approved_until": f"{moment} + interval '400 days'",
    }
    fill(example, organization, CHANGES, columns, {"until": at})
    ben = Person(name="Ben", email="ben@bench-deployments.example", email_key="ben@bench-deployments.example")
    ben.save(force_insert=True)
    commit = ChangeCommit(change_id=organization.pk, author="ben", person=ben)
    own = {"id": _KEY.format(word="commit"), "change_id": columns["id"], "sha": "md5('own' || n) || '00000000'"}
    fill(commit, organization, CHANGES, own)


def _deployments(organization: Organization) -> None:
    """A minute apart, three of each change in a row; the rest of commits that no change has."""
    batch = DeploymentBatch(received_at=now(), accepted=DEPLOYMENTS, duplicates=0, refused=0, digest="0" * 64)
    batch.save(force_insert=True)
    example = Deployment(
        batch=batch, source="bench", environment="production", repository="bench/app", deployed_by="deploy-bot", is_bot=True
    )
    columns = {
        "id": _KEY.format(word="deployment"),
        "external_id": "'run-' || n",
        "service": "'service-' || n %% 20",
        "commit": COMMIT.format(number="n / 3"),
        "deployed_at": _AT,
    }
    fill(example, organization, DEPLOYMENTS, columns, {"until": now()})
