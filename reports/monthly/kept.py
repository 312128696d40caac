"""Reports of every kind as the evidence they are kept as."""

from django.db.models import Case, CharField, Q, QuerySet, Value, When

from controls.gaps.kept import COLLECTOR as GAPS
from evidence.kept import originals
from evidence.models import Evidence, StoredFile
from reviews.outputs.feeding import COLLECTOR as REVIEWS

COLLECTOR = "Plumbline's monthly report"
# What reports are called by what made them. Later areas add theirs.
KINDS: dict[str, tuple[str, str]] = {
    COLLECTOR: ("report", "Monthly and on demand"),
    GAPS: ("gaps", "Gap analysis"),
    REVIEWS: ("review", "Access review"),
}


def printed() -> QuerySet[Evidence]:
    """The PDF of every report there is, withdrawn ones excepted."""
    of_reports = Q(collector__in=list(KINDS), title__endswith="(PDF)")
    kind = Case(*(When(collector=collector, then=Value(key)) for collector, (key, _) in KINDS.items()), output_field=CharField())
    rows = Evidence.objects.filter(of_reports).exclude(status=Evidence.Status.WITHDRAWN)
    return rows.annotate(report_kind=kind).select_related("file")


def as_printed(evidence: Evidence) -> StoredFile:
    """The file of its first revision."""
    file: StoredFile = originals().get(evidence=evidence).file
    return file
