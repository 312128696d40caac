"""The PDF of a review, made by a worker when somebody asks."""

import io
from functools import partial

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.record import record
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, StoredFile
from evidence.printing.making import ask_print, digest_of, print_and_keep
from incidents.lifecycle.moving import ITSELF
from incidents.models import IncidentReview, ReviewPaper
from incidents.reviewing.paper import review_pdf, sheet_of
from incidents.reviewing.record import Record
from tenancy.models import current_organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from workflow.jobs import Work
from workflow.models import Job

JOB_KIND = "incidents.review_pdf"
TAG = "incident report"  # by which the audit binder finds the reports of a period


def ask_pdf(review: IncidentReview, *, actor: Member) -> Job:
    """Have a review printed as it stands. Nothing is printed twice of the same content."""
    title = f"PDF of the review of {review.incident.reference}"
    return ask_print(print_review, review, kind=JOB_KIND, title=title, actor=actor)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_review(self: TenantTask, incident_review_id: str, job_id: str) -> None:
    """Print a review as it is now and keep the PDF, unless this very content was printed before."""
    read, keep_it = partial(_read, incident_review_id), partial(_keep, incident_review_id)
    print_and_keep(self, job_id, read=read, make=review_pdf, keep=keep_it)


def _read(review_id: str, work: Work) -> Record | None:
    review = IncidentReview.objects.select_related("incident").get(pk=review_id)
    sheet = sheet_of(review)
    work.url, work.message = review.get_absolute_url(), f"The PDF of the review of {review.incident.reference} is ready."
    return None if review.papers.filter(digest=digest_of(sheet)).exists() else sheet


def _keep(review_id: str, sheet: Record, content: bytes) -> None:
    review, digest = IncidentReview.objects.select_for_update(of=("self",)).get(pk=review_id), digest_of(sheet)
    if not review.papers.filter(digest=digest).exists():
        file = store(io.BytesIO(content), f"{review.incident.reference}-review-{review.number}.pdf")
        keep(review, file, digest, approved=sheet["status"] == IncidentReview.Status.APPROVED)


@action
def keep(review: IncidentReview, file: StoredFile, digest: str, *, approved: bool) -> ReviewPaper:
    """Keep a PDF: that of an approved review of an incident that is not confidential is evidence, and a report of the period.

    `approved` is what the PDF says: the review may have been approved while it was printed.
    """
    paper = ReviewPaper(review=review, digest=digest, file=file, made_at=now())
    if approved and not review.incident.confidential:
        paper.evidence = _as_evidence(review, file, digest)
    paper.save(force_insert=True)
    record("incident_review.print", review, actor=ITSELF, after={"sha256": file.sha256})
    return paper


def paper_of(review: IncidentReview) -> ReviewPaper | None:
    """The latest."""
    return review.papers.select_related("file", "evidence").first()


def _as_evidence(review: IncidentReview, file: StoredFile, digest: str) -> Evidence:
    organization, incident = current_organization(), review.incident
    end = incident.resolved_at or now()
    return add_evidence(
        title=f"{incident.reference}, review {review.number} (PDF)",
        category=Evidence.Category.INCIDENT,
        file=file,
        source="Plumbline",
        collector="Plumbline's incidents",
        subject=incident,
        actor=ITSELF,
        period_from=organization.day_of(incident.reported_at),
        period_to=organization.day_of(max(end, incident.reported_at)),
        query=digest,
        description=f"The approved review of {incident.reference}: times, timeline, cause, what is learned and prevented.",
        tags=[TAG],
    )
