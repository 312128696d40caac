"""A small organization to review: people, systems and populations, each with its event."""

import datetime as dt
from typing import Any

from django.db.models import Model

from accounts.models import Member
from audit.actions import action
from audit.actors import System as Product
from audit.record import record
from inventory.models import Account, Entitlement, Person, Snapshot, System
from reviews.campaigns.actions import create_campaign, start_campaign
from reviews.campaigns.populate import populate_campaign
from reviews.models import Campaign
from reviews.quarters import quarter_of
from tenancy.models import current_organization

PRODUCT = Product("test")
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


def days_ago(days: int) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


@action
def _made(made: Model) -> None:
    made.save(force_insert=True)
    record("test.create", made, actor=PRODUCT)


def person(name: str, *, member: Member | None = None, **fields: Any) -> Person:
    made = Person(name=name, email=f"{name.lower().replace(' ', '.')}@people.example", member=member, **fields)
    _made(made)
    return made


def person_of(member: Member) -> Person:
    return Person.objects.get(member=member)


@action
def changed(row: Model, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))
    record("test.edit", row, actor=PRODUCT)


def system(name: str = "Okta", **fields: Any) -> System:
    made = System(name=name, **fields)
    _made(made)
    return made


def grant(who: Person | str, role: str = "User", **facts: Any) -> dict[str, Any]:
    """An entitlement to be: of a person, or of an account named so with `kind`."""
    return {"who": who, "role": role, **facts}


@action
def snapshot(of: System, grants: list[dict[str, Any]], *, as_of: dt.datetime | None = None, complete: bool = True) -> Snapshot:
    made = Snapshot.objects.create(
        system=of,
        status="imported",
        source_format="generic",
        as_of=as_of or days_ago(1),
        extracted_by="Test",
        query="All users",
        full_export=True,
        rows_read=len(grants),
        rows_accepted=len(grants),
        stated_count=len(grants),
        complete=complete and bool(grants),
        imported_at=NOW,
    )
    record("snapshot.finish", made, actor=PRODUCT)
    Entitlement.objects.bulk_create([_entitlement(made, number, dict(facts)) for number, facts in enumerate(grants, 1)])
    return made


def _entitlement(made: Snapshot, number: int, facts: dict[str, Any]) -> Entitlement:
    who, role = facts.pop("who"), facts.pop("role")
    owner = facts.pop("owner", None)
    known = isinstance(who, Person)
    kind = facts.pop("kind", "person" if known else "unmatched")
    key = who.email if known else who
    account = Account.objects.filter(system=made.system, account_id=key).first()
    if account is None:
        account = Account(
            system=made.system, account_id=key, name=key, kind=kind, person=who if known else None, owner=owner,
            first_snapshot=made, last_snapshot=made,
        )  # fmt: skip
        _made(account)
    facts.setdefault("last_used_state", "known" if "last_used_at" in facts else "not_in_file")
    return Entitlement(snapshot=made, account=account, row_number=number, entitlement_key=role.lower(), role=role, **facts)


def draft(*systems: System, actor: Member, **fields: Any) -> Campaign:
    today = current_organization().today()
    return create_campaign(quarter=quarter_of(today), systems=systems, actor=actor, **fields)


def started(*systems: System, actor: Member, **fields: Any) -> Campaign:
    """A campaign under way, its worker's part done at once."""
    campaign = draft(*systems, actor=actor, **fields)
    start_campaign(campaign, actor=actor)
    populate_campaign(campaign, actor=actor)
    return campaign
