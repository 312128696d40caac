"""Load tests are recorded once, with what shows them, and are evidence of the control that plans capacity."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from accounts.models import Member
from audit.actions import action
from audit.record import record
from controls.occurrences.feeds import LOAD_TESTS, show
from evidence.models import Evidence
from monitoring.load.findings import raise_failed
from monitoring.models import LoadTest
from monitoring.recovery.keeping import authorise, keep_files, number_of
from tenancy.scope import now
from workflow.changes import shown

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@action
def record_load_test(*, actor: Member, uploads: Sequence["UploadedFile[Any]"], **facts: Any) -> LoadTest:
    """Record a load test. One that failed is a finding as well. Raises ActionRefused, at the field."""
    authorise(actor, uploads)
    row = LoadTest(tested_by=actor, recorded_at=now(), reference=number_of("LT", facts["tested_on"]), **facts)
    title = f"{row.reference} Load test before {row.before}"
    items = keep_files(row, title=title, category=Evidence.Category.MONITORING, uploads=uploads, actor=actor, on=row.tested_on)
    row.evidence = items[0]
    row.save(force_insert=True)
    record("load_test.record", row, actor=actor, after={name: shown(value) for name, value in facts.items()})
    show(LOAD_TESTS, items)
    raise_failed(row)
    return row
