"""The files of a gap analysis as evidence."""

from django.db.models import QuerySet

from audit.actors import Actor
from controls.models import GapRun
from evidence.actions import add_evidence
from evidence.kept import kept_of, printed_of
from evidence.models import Evidence, EvidenceRevision, StoredFile

COLLECTOR = "Plumbline's gap analysis"


def keep(run: GapRun, file: StoredFile, *, form: str, actor: Actor) -> Evidence:
    """Keep one form of the analysis as evidence of the run. Part of a caller's action."""
    return add_evidence(
        title=f"{run.reference} gap analysis of {run.period.name} ({form})",
        category=Evidence.Category.RISK,
        file=file,
        source="Plumbline",
        collector=COLLECTOR,
        subject=run,
        actor=actor,
        collected_at=run.made_at,
        period_from=run.period.starts_on,
        period_to=run.period.ends_on,
        query=f"{run.reference}, inputs with SHA-256 {run.inputs_digest}",
        description=f"Where {run.period.name} stood on {run.as_of:%-d %B %Y}: gaps, reasons and recommendations.",
    )


def files_of(run: GapRun) -> QuerySet[Evidence]:
    """What was kept of a run, with the files."""
    return kept_of(run.pk, COLLECTOR)


def pdf_of(run: GapRun) -> EvidenceRevision | None:
    """Its PDF as it was printed, once it is there: what somebody makes of the item later does not change the analysis."""
    return printed_of(run.pk, COLLECTOR).first()
