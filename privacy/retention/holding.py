"""Legal holds: what they cover, and how a deletion asks them. The database has the same rule and asks at the commit."""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from privacy.models import InUse, LegalHold, RetentionSchedule
from privacy.rights import HOLD
from privacy.writing import keep, move
from tenancy.scope import current_tenant_id, now
from ui.refusals import ActionRefused
from workflow.references import next_reference
from workflow.retention import Disposable, disposables

# What a hold may cover besides the product's own kinds of data.
ERASURE, CUSTOMERS, ELSEWHERE = "erasure", "customers", "elsewhere"
TRAIL = "trail"
OTHERS = {
    TRAIL: "The audit trail: no month of its events is taken out",
    ERASURE: "People: their data is not erased on request",
    CUSTOMERS: "Customers who left: their data is not destroyed",
    ELSEWHERE: "Data elsewhere that a schedule is about",
}
FIELDS = ("matter", "reason", "kinds", "about", "since", "until")


class Held(Func):
    """Whether a hold in force covers a row: (tenant, kind, when, whose)."""

    function = "privacy_held"
    output_field = BooleanField()


def kinds() -> list[tuple[str, str]]:
    """What a hold can be on, with its words."""
    return [*((key, one.label) for key, one in disposables().items()), *OTHERS.items()]


def unheld(kind: Disposable, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` that no hold covers."""
    return rows.exclude(_covered(kind)) if holds_on(kind.key).exists() else rows


def held(kind: Disposable, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` that a hold covers."""
    return rows.filter(_covered(kind)) if holds_on(kind.key).exists() else rows.none()


def _covered(kind: Disposable) -> Held:
    whose = Cast(F(kind.about), TextField()) if kind.about else Value("")
    return Held(F("tenant_id"), Value(kind.key), F(kind.moment), whose)


def is_scheduled(key: str) -> bool:
    """Whether a schedule in force deletes this kind by itself."""
    return RetentionSchedule.objects.filter(kind=key, status=InUse.ACTIVE, automatic=True).exists()


def holds_on(kind: str, *about: str) -> QuerySet[LegalHold]:
    """Those in force on a kind of data, of any of those whom `about` names if it names somebody."""
    found = LegalHold.objects.filter(Q(kinds=[]) | Q(kinds__contains=[kind]), status=LegalHold.Status.IN_FORCE)
    theirs = Q(*[("about__iexact", one) for one in ("", *about)], _connector=Q.OR)
    return found.filter(theirs) if any(about) else found


def place_no_more() -> None:
    """Nobody can place a hold in the active organization from here to the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(privacy_hold_lock(%s::uuid))", [str(current_tenant_id())])


def refuse_held(kind: str, *whose: str) -> None:
    """Raise ActionRefused when a hold covers data of a kind, of any of `whose`.

    Nobody can place a hold from here to the commit. Call it as the last step of an action, so that a hold that is placed while
    the action works is seen.
    """
    place_no_more()
    key = str(current_tenant_id())
    with connection.cursor() as cursor:
        for one in whose:
            cursor.execute("SELECT privacy_held(%s::uuid, %s, NULL, %s)", [key, kind, one])
            (held,) = cursor.fetchone()
            if held:
                names = ", ".join(str(hold) for hold in holds_on(kind, one))
                raise ActionRefused(f"A legal hold covers this: {names or 'it was just placed'}. Nothing was deleted.")


@action
def place_hold(
    *,
    actor: Actor,
    matter: str,
    reason: str,
    kinds: list[str],
    about: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> LegalHold:
    """Place one: from now on nothing that it covers is deleted. It waits for a deletion that is being committed.

    Raises ActionRefused.
    """
    hold = LegalHold(
        matter=matter.strip(),
        reason=reason.strip(),
        kinds=sorted(kinds),
        about=about.strip(),
        since=since,
        until=until,
        placed_by=actor if isinstance(actor, Member) else None,
        placed_at=now(),
        reference=next_reference("HOLD", f"{now():%Y}"),
    )
    return keep(hold, "legal_hold.place", actor=actor, permission=HOLD, fields=[one for one in FIELDS if one != "about"])


@action
def lift_hold(hold: LegalHold, *, actor: Actor, reason: str) -> LegalHold:
    """Lift it: from the next run on schedules delete again what is due. Raises ActionRefused."""
    by = actor if isinstance(actor, Member) else None
    return move(hold, LegalHold.LIFT, actor=actor, note=reason, lifted_by=by, lifted_at=now(), lifted_reason=reason.strip())
