"""Leavers: every account of somebody who has left becomes a removal at once."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from audit.actors import Actor
from inventory.models import Account, Entitlement, Person, Removal, Snapshot, System
from inventory.models.removal import OPEN
from inventory.removals.actions import RemovalRequest, request_removals, withdraw
from inventory.removals.due import leaver_due
from tenancy.models import current_organization
from ui.values import spelled


def with_access() -> QuerySet[Account]:
    """Accounts that have access as far as is known: in the last snapshot that lists them, and no later complete one.

    An incomplete export that leaves an account out does not prove that it is gone.
    """
    grants = Entitlement.objects.filter(account=OuterRef("pk"), snapshot=OuterRef("last_snapshot"), no_access=False)
    return Account.objects.filter(Exists(grants), ~left_out())


def left_out() -> Exists:
    """Whether a complete export later than the last one that lists an account leaves it out: the account is gone."""
    return Exists(
        Snapshot.objects.filter(
            system=OuterRef("system"), status="imported", complete=True, as_of__gt=OuterRef("last_snapshot__as_of")
        )
    )


def has_ended(today: dt.date, prefix: str = "") -> Q:
    """People whose last working day is here or past: their access must go from that day on."""
    return (
        Q(**{f"{prefix}status": Person.Status.LEFT})
        | Q(**{f"{prefix}left_on__lte": today})
        | Q(**{f"{prefix}contract_ends_on__lte": today})
    )


def has_come(day: dt.date) -> bool:
    """Whether a day is here or past where the organization lives."""
    return day <= current_organization().today()


def has_ended_for(person: Person) -> bool:
    """The same as `has_ended`, for one person in hand."""
    return person.status == Person.Status.LEFT or (person.last_day is not None and has_come(person.last_day))


def open_leaver_removals(actor: Actor, *, people: Iterable[Person] | None = None) -> list[Removal]:
    """Open a removal of the whole account for each account of a leaver that has none; of `people` only, if given.

    Part of a caller's action. Idempotent: an open or a still accepted removal of the account stands for it. The accounts
    are locked first, and looked at by a statement of its own, so that of two at a time the second sees what the first did.
    """
    today = current_organization().today()
    theirs = with_access().filter(has_ended(today, "person__"), kind=Account.Kind.PERSON, system__status=System.Status.ACTIVE)
    if people is not None:
        theirs = theirs.filter(person__in=[person.pk for person in people])
    locked = list(theirs.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    standing = Removal.objects.filter(account=OuterRef("pk"), origin=Removal.Origin.LEAVER, status__in=[*OPEN, "accepted"])
    privileged = Entitlement.objects.filter(
        account=OuterRef("pk"), snapshot=OuterRef("last_snapshot"), no_access=False, privileged=True
    )
    accounts = (
        Account.objects.filter(~Exists(standing), pk__in=locked)
        .annotate(is_privileged=Exists(privileged))
        .select_related("system__owner__member__user", "person", "last_snapshot")
        .order_by("system__name", "name")
    )
    return request_removals([_request(account, today) for account in accounts], actor)


def _request(account: Account, today: dt.date) -> RemovalRequest:
    person = account.person
    assert person is not None  # noqa: S101 - the query asked for matched accounts
    known = person.last_day
    told = f"the last day was {spelled(known)}" if known else "the last day is not known"
    privileged: bool = account.is_privileged  # type: ignore[attr-defined]
    return RemovalRequest(
        account=account,
        base_snapshot=account.last_snapshot,
        reason=f"They have left: {told}.",  # without the name: whose account it is stands beside it
        origin=Removal.Origin.LEAVER,
        urgent=True,
        source_kind=person._meta.label_lower,
        source_id=person.pk,
        due_on=leaver_due(known or today, privileged=privileged),
    )


def withdraw_leaver_removals(person: Person, *, actor: Actor, reason: str) -> int:
    """Drop the open removals that stand because this person had left. Part of a caller's action."""
    standing = Removal.objects.filter(person=person, origin=Removal.Origin.LEAVER, status__in=OPEN)
    return withdraw(standing.select_related("system", "account"), actor=actor, reason=reason)
