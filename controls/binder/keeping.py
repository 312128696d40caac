"""The files of a frozen description as evidence."""

from django.db.models import QuerySet

from audit.actors import Actor
from controls.binder.writing import TAG
from controls.models import SystemDescription
from evidence.actions import add_evidence
from evidence.kept import kept_of, printed_of
from evidence.models import Evidence, EvidenceRevision, StoredFile

COLLECTOR = "Plumbline's binder"
UNSIGNED, SIGNED = "PDF", "signed PDF"


def keep(description: SystemDescription, file: StoredFile, *, form: str, actor: Actor) -> Evidence:
    """Keep one form of a description as evidence. Part of a caller's action."""
    period = description.period
    return add_evidence(
        title=f"{description.reference} system description for {period.name} ({form})",
        category=Evidence.Category.OTHER,
        file=file,
        source="Plumbline",
        collector=COLLECTOR,
        subject=description,
        actor=actor,
        collected_at=description.made_at,
        period_from=period.starts_on,
        period_to=period.ends_on,
        query=description.reference,
        description=f"The system of {period.name}, described in nine parts.",
        tags=[TAG],
    )


def files_of(description: SystemDescription) -> QuerySet[Evidence]:
    """What was kept of it, with the files."""
    return kept_of(description.pk, COLLECTOR)


def name_of(description: SystemDescription, form: str) -> str:
    """The file name of its PDF."""
    return f"{description.reference}{'-signed' if form == SIGNED else ''}.pdf"


def pdf_of(description: SystemDescription, form: str) -> EvidenceRevision | None:
    """Its PDF as it was printed, unsigned or signed, once it is there: what somebody makes of the item later changes nothing."""
    return printed_of(description.pk, COLLECTOR).filter(file__name=name_of(description, form)).first()
