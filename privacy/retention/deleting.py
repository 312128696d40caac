"""Deleting what schedules say, with a certificate. What a hold covers stays, whoever was first."""

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, IntegrityError

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE, Actor
from audit.record import Entry, record, record_many
from evidence.files import store
from privacy.models import DeletionCertificate, InUse, RetentionSchedule
from privacy.retention.holding import held, unheld
from privacy.retention.tasks import make_certificate
from privacy.rights import WRITE
from privacy.writing import authorise
from tenancy.models import Organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.references import next_reference
from workflow.retention import Disposable, disposables

AT_ONCE = 10_000
FROM_HOUR = 2  # at night, where the organization lives
HOW = "Rows deleted from the database; copies go with the backups, within their own days"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a schedule would delete now: how many rows are due, and how many of them a hold keeps."""

    before: dt.datetime
    due: int
    held: int


def outlook(schedule: RetentionSchedule) -> Outlook | None:
    """What is due under a schedule of the product's own data; None for one of data elsewhere."""
    kind = disposables().get(schedule.kind)
    if kind is None:
        return None
    before = now() - dt.timedelta(days=schedule.days)
    old = kind.older_than(before)
    due = old.count()
    return Outlook(before, due, held(kind, old).count() if due else 0)


def run_schedules(organization: Organization, at: dt.datetime) -> None:
    """Once a night delete what is due under each schedule that does so by itself. Idempotent: a day that ran is noted."""
    local = at.astimezone(organization.tzinfo)
    if local.hour < FROM_HOUR:
        return
    today = local.date()
    active = RetentionSchedule.objects.filter(status=InUse.ACTIVE, automatic=True).exclude(kind="").exclude(ran_on=today)
    for schedule in active.order_by("reference"):
        try:
            made = delete_due(schedule, actor=SCHEDULE)
        except ActionRefused as refusal:  # a hold was placed meanwhile: the next tick leaves out what it covers
            log.warning("%s was not run: %s", schedule, refusal)
            continue
        except DatabaseError:  # what is wrong with one kind of data keeps no other from going
            log.exception("%s was not run", schedule)
            continue
        if made is None or made.count < AT_ONCE:
            RetentionSchedule.objects.filter(pk=schedule.pk).update(ran_on=today)


def delete_due(schedule: RetentionSchedule, *, actor: Actor) -> DeletionCertificate | None:
    """Delete up to 10,000 rows that are due, with a certificate; None when nothing is. Raises ActionRefused.

    A hold that is placed while this runs wins: the database refuses the deletion, and all of it is undone.
    """
    authorise(actor, WRITE)
    kind = disposables().get(schedule.kind)
    if kind is None or schedule.status != InUse.ACTIVE:
        raise ActionRefused(f"{schedule} deletes nothing here.")
    before = now() - dt.timedelta(days=schedule.days)
    if not unheld(kind, kind.older_than(before)).exists():
        return None
    try:
        return _delete(schedule, kind, before, actor)
    except IntegrityError as error:
        if "legal hold" not in str(error):
            raise
        raise ActionRefused("A legal hold was placed on this data meanwhile: nothing was deleted.") from error


@action
def _delete(schedule: RetentionSchedule, kind: Disposable, before: dt.datetime, actor: Actor) -> DeletionCertificate:
    old = kind.older_than(before)
    rows = unheld(kind, old).order_by(kind.moment, "pk").select_for_update(of=("self",), skip_locked=True)
    found = sorted(rows.values_list("pk", flat=True)[:AT_ONCE])
    if not found:
        raise ActionRefused("What is due is being deleted by somebody else at this moment.")
    model: Any = rows.model
    model.objects.filter(pk__in=found).delete()
    made = certify(
        what=kind.label, listed=[str(one) for one in found], held=held(kind, old).count(), older_than=before, schedule=schedule,
        actor=actor, method=HOW,
        under=f"{schedule.reference} {schedule.name}: {schedule.days:,} days from {schedule.counted_from}",
    )  # fmt: skip
    if kind.traced:
        entries = [Entry(model._meta.label_lower, one, made.reference, metadata={"certificate": made.reference}) for one in found]
        record_many("deletion.delete", actor=actor, entries=entries)
    return made


def certify(
    *,
    what: str,
    listed: Sequence[str],
    under: str,
    method: str,
    actor: Actor,
    held: int = 0,
    count: int | None = None,
    **about: Any,
) -> DeletionCertificate:
    """Write the certificate of what was deleted; `listed` names it, a line each. Part of a caller's action."""
    content = "".join(f"{line}\n" for line in listed).encode()
    digest = hashlib.sha256(content).hexdigest()
    reference = next_reference("DEL", f"{now():%Y}")
    made = DeletionCertificate(
        reference=reference,
        what=what[:200],
        count=len(listed) if count is None else count,
        held=held,
        under=under[:300],
        method=method[:300],
        made_by=actor if isinstance(actor, Member) else None,
        by=actor.name,
        made_at=now(),
        listed=store(io.BytesIO(content or b"\n"), f"{reference}.txt"),
        digest=digest,
        **about,
    )
    made.save(force_insert=True)
    after = {"what": made.what, "count": made.count, "held": held, "under": made.under, "digest": digest}
    record("deletion.certify", made, actor=actor, after=after)
    make_certificate.delay_on_commit(str(made.pk))
    return made
