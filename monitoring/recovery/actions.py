"""Recovery tests and reviews of capacity are recorded once, with what shows them, and perform the controls they belong to."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.occurrences.feeds import CAPACITY_REVIEWS, RECOVERY_TESTS, Fed, feed
from evidence.models import Evidence
from monitoring.models import CapacityReview, RecoveryTest
from monitoring.recovery.findings import raise_missed
from monitoring.recovery.keeping import authorise, keep_files, number_of
from monitoring.uptime.charts import lasting
from tenancy.models import TenantModel
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.changes import shown

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@action
def record_test(*, actor: Member, uploads: Sequence["UploadedFile[Any]"], **facts: Any) -> RecoveryTest:
    """Record a recovery test; it performs the occurrence of its quarter. What missed a target is a finding as well.

    Raises ActionRefused, at the field.
    """
    authorise(actor, uploads)
    if facts["works"] and facts.get("rto_minutes") is None:
        raise ActionRefused("What did not come back cannot work.", field="works")
    row = RecoveryTest(tested_by=actor, recorded_at=now(), reference=number_of("RT", facts["tested_on"]), **facts)
    title = f"{row.reference} {row.get_kind_display()}: {row.what}"
    items = keep_files(row, title=title, category=Evidence.Category.BACKUP, uploads=uploads, actor=actor, on=row.tested_on)
    row.evidence = items[0]
    row.save(force_insert=True)
    record("recovery_test.record", row, actor=actor, after={name: shown(value) for name, value in facts.items()})
    said = words_of(row)
    statement = f"{row.reference}: {said}"
    _feed(RECOVERY_TESTS, row, items, belongs_on=row.tested_on, on=row.tested_on, actor=actor, statement=statement)
    raise_missed(row, said=said)
    return row


@action
def record_review(*, actor: Member, uploads: Sequence["UploadedFile[Any]"], **facts: Any) -> CapacityReview:
    """Record a review of capacity; it performs the occurrence of its quarter. Raises ActionRefused, at the field."""
    authorise(actor, uploads)
    if not facts["enough"] and not facts["measures"].strip():
        raise ActionRefused("Say what is done about it.", field="measures")
    if facts["reviewed_on"] < facts["quarter_starts_on"]:
        raise ActionRefused("The quarter had not begun on this day.", field="reviewed_on")
    row = CapacityReview(reviewed_by=actor, recorded_at=now(), reference=number_of("CAP", facts["reviewed_on"]), **facts)
    title = f"{row.reference} Review of capacity, {row.quarter}"
    items = keep_files(row, title=title, category=Evidence.Category.MONITORING, uploads=uploads, actor=actor, on=row.reviewed_on)
    row.evidence = items[0]
    row.save(force_insert=True)
    record("capacity_review.record", row, actor=actor, after={name: shown(value) for name, value in facts.items()})
    statement = f"{row.reference}, {row.quarter}: {'enough' if row.enough else 'not enough, measures are taken'}."
    day = row.quarter_starts_on
    _feed(CAPACITY_REVIEWS, row, items, belongs_on=day, on=row.reviewed_on, actor=actor, statement=statement)
    return row


def words_of(row: RecoveryTest) -> str:
    """What came of a test, as a sentence."""
    if row.rto_minutes is None:
        return f"{row.what} did not come back."
    time = f"came back in {lasting(row.rto_minutes * 60)} against a target of {lasting(row.rto_target_minutes * 60)}"
    lost = "how much was lost is not known" if row.rpo_minutes is None else f"{lasting(row.rpo_minutes * 60)} of data were lost"
    checked = "checked, and works" if row.works else "it does not work"
    return f"{row.what} {time}, {lost} against {lasting(row.rpo_target_minutes * 60)}; {checked}."


def _feed(
    kind: str, row: TenantModel, items: list[Evidence], *, belongs_on: dt.date, on: dt.date, actor: Member, statement: str
) -> None:
    feed(
        Fed(
            kind=kind, evidence=items, belongs_on=belongs_on, performed_on=on, performed_by=actor, statement=statement,
            event=row.pk.hex,
        )
    )  # fmt: skip
