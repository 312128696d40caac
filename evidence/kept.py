"""What the product itself keeps as evidence of a record, found again whatever somebody makes of the items later."""

import uuid

from django.db.models import QuerySet

from evidence.models import Evidence, EvidenceRevision


def kept_of(subject_id: uuid.UUID, collector: str) -> QuerySet[Evidence]:
    """The items that `collector` kept of a record, with their present files, in their order."""
    kept = Evidence.objects.filter(subject_id=subject_id, collector=collector)
    return kept.select_related("file").order_by("collected_at", "id")


def originals() -> QuerySet[EvidenceRevision]:
    """Items as they were first kept, with their files: a later title or revision is not the product's."""
    return EvidenceRevision.objects.filter(number=1).select_related("file", "evidence")


def printed_of(subject_id: uuid.UUID, collector: str) -> QuerySet[EvidenceRevision]:
    """The PDFs that `collector` kept of a record, as they were printed."""
    of_record = originals().filter(evidence__subject_id=subject_id, evidence__collector=collector)
    return of_record.filter(file__content_type="application/pdf")
