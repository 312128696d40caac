"""Reports of every kind as the evidence they are kept as."""

from django.db.models import Case, CharField, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from controls.gaps.kept import COLLECTOR as GAPS
from controls.models import GapRun
from evidence.kept import originals
from evidence.models import Evidence, StoredFile
from reports.models import MonthlyReport
from reviews.models import Campaign
from reviews.outputs.data import TITLES, Kind
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
    return rows.annotate(report_kind=kind, data_as_of=_as_of()).select_related("file")


def _as_of() -> Coalesce:
    """The moment of the figures: when they were frozen, taken, signed off or closed; of what has none, when it was printed."""
    about = {"pk": OuterRef("subject_id")}
    review = Campaign.objects.filter(**about)
    ended = Case(
        When(title__icontains=f" {TITLES[Kind.COMPLETED]} ", then=Subquery(review.values("closed_at"))),
        default=Subquery(review.values("signed_off_at")),
        output_field=DateTimeField(),
    )
    return Coalesce(
        Subquery(MonthlyReport.objects.filter(**about).values("as_of")),
        Subquery(GapRun.objects.filter(**about).values("made_at")),
        ended,
        "collected_at",
        output_field=DateTimeField(),
    )


def as_printed(evidence: Evidence) -> StoredFile:
    """The file of its first revision."""
    file: StoredFile = originals().get(evidence=evidence).file
    return file
