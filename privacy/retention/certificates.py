"""The certificate of a deletion on paper, kept as evidence."""

import io

from audit.actors import WORKER
from evidence.actions import add_evidence
from evidence.files import open_file, store
from evidence.kept import printed_of
from evidence.models import Evidence, EvidenceRevision
from evidence.printing.papers import Sheet, paper_pdf
from evidence.printing.printer import Enclosure
from evidence.printing.words import Clock, day, plural
from privacy.models import CustomerStep, DeletionCertificate
from tenancy.models import current_organization
from workflow.jobs import Work

COLLECTOR = "Plumbline's deletions"
SHOWN = 200


def sheet_of(certificate: DeletionCertificate, work: Work) -> Sheet:
    """What the certificate says, and the list of what was deleted."""
    work.url, work.message = certificate.get_absolute_url(), f"The PDF of {certificate.reference} is ready."
    organization = current_organization()
    clock = Clock(organization.zone)
    made_at = certificate.made_at.replace(microsecond=0).isoformat().replace("+00:00", "Z")
    facts = [
        ("What was deleted", certificate.what),
        ("How many", f"{certificate.count:,}"),
        ("Older than", clock.moment(certificate.older_than.isoformat()) if certificate.older_than else ""),
        ("Under", certificate.under),
        ("Kept for a legal hold", f"{certificate.held:,}"),
        ("How", certificate.method),
        ("By", certificate.by),
        ("When", clock.moment(certificate.made_at.isoformat())),
        ("SHA-256 of the list of what was deleted", certificate.digest),
    ]
    with open_file(certificate.listed) as file:
        listed = file.read().decode()
    return {
        "format": "plumbline.deletion-certificate/1",
        "kind": "Certificate of deletion",
        "reference": certificate.reference,
        "organization": organization.name,
        "zone": organization.zone,
        "madeAt": made_at,
        "title": f"Certificate of deletion {certificate.reference}",
        "status": f"{plural(certificate.count, 'record')} deleted by {certificate.by}: {certificate.what}.",
        "facts": [[label, value] for label, value in facts if value],
        "heading": "What was done where",
        "headers": ["Data and place", "What", "Done on", "By", "How", "Records", "Checked"],
        "rows": _steps(certificate),
        "listed": listed,
        "digest": certificate.digest,
        "disclaimer": "The list of what was deleted is attached; it names records and holds nothing of them.",
    }


def _steps(certificate: DeletionCertificate) -> list[list[str]]:
    """What was done for a customer who left."""
    if certificate.customer_id is None:
        return []
    steps = CustomerStep.objects.filter(customer=certificate.customer_id).select_related("done_by__user")
    return [
        [
            step.place,
            step.get_what_display(),
            day(step.done_on.isoformat()) if step.done_on else "",
            step.who("done_by"),
            step.method,
            "" if step.records is None else f"{step.records:,}",
            step.verified,
        ]
        for step in steps[:SHOWN]
    ]


def certificate_pdf(sheet: Sheet) -> bytes:
    """The PDF with the list attached. Takes seconds; raises PrintingFailed."""
    listed = Enclosure(f"{sheet['reference']}.txt", "What was deleted, a line each", sheet["listed"].encode())
    return paper_pdf({name: value for name, value in sheet.items() if name != "listed"}, [listed])


def pdf_of(certificate: DeletionCertificate) -> EvidenceRevision | None:
    """Its PDF as it was printed, once it is there."""
    return printed_of(certificate.pk, COLLECTOR).first()


def keep_pdf(certificate_id: str, _sheet: Sheet, content: bytes) -> None:
    """One PDF for each certificate, however many workers printed it."""
    certificate = DeletionCertificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
    if pdf_of(certificate) is not None:
        return
    add_evidence(
        title=f"{certificate.reference} certificate of deletion: {certificate.what}",
        category=Evidence.Category.OTHER,
        file=store(io.BytesIO(content), f"{certificate.reference}.pdf"),
        source="Plumbline",
        collector=COLLECTOR,
        subject=certificate,
        actor=WORKER,
        collected_at=certificate.made_at,
        query=certificate.under,
        description=f"{certificate.count:,} records; SHA-256 of the list of them {certificate.digest}.",
        tags=["deletion"],
    )
