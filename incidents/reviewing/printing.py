"""The PDF of a review, made by a worker: read in one scope, printed outside any, kept in another."""

import io
import logging

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.record import record
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, StoredFile
from evidence.printing.printer import PrintingFailed
from incidents.lifecycle.moving import ITSELF
from incidents.models import IncidentReview, ReviewPaper
from incidents.reviewing.paper import digest_of, review_pdf, sheet_of
from tenancy.models import current_organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import start_job, working
from workflow.models import Job

JOB_KIND = "incidents.review_pdf"
TAG = "incident report"  # by which the audit binder finds the reports of a period
log = logging.getLogger(__name__)


@action
def ask_pdf(review: IncidentReview, *, actor: Member) -> Job:
    """Have a review printed as it stands. Nothing is printed twice of the same content."""
    job = start_job(JOB_KIND, title=f"PDF of the review of {review.incident.reference}", actor=actor, subject=review)
    record("job.start", job, actor=actor, after={"title": job.title})
    print_review.delay_on_commit(str(review.pk), str(job.pk))
    return job


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_review(self: TenantTask, incident_review_id: str, job_id: str) -> None:
    """Print a review as it is now and keep the PDF, unless this very content was printed before."""
    with working(self, job_id) as work:
        with self.scope():
            review = IncidentReview.objects.select_related("incident").get(pk=incident_review_id)
            sheet = sheet_of(review)
            digest, reference = digest_of(sheet), review.incident.reference
            work.url, work.message = review.get_absolute_url(), f"The PDF of the review of {reference} is ready."
            if review.papers.filter(digest=digest).exists():
                return
        work.progress(1, 3)
        try:
            content = review_pdf(sheet)
        except PrintingFailed as failure:
            log.exception("The review of %s could not be printed", reference)
            raise ActionRefused("The PDF could not be printed; nothing was kept. Tell your administrator.") from failure
        work.progress(2, 3)
        with self.scope():
            review = IncidentReview.objects.select_for_update(of=("self",)).get(pk=incident_review_id)
            if not review.papers.filter(digest=digest).exists():
                keep(review, store(io.BytesIO(content), f"{reference}-review-{review.number}.pdf"), digest)


@action
def keep(review: IncidentReview, file: StoredFile, digest: str) -> ReviewPaper:
    """Keep a PDF: an approved review of an incident that is not confidential is evidence, and a report of the period."""
    paper = ReviewPaper(review=review, digest=digest, file=file, made_at=now())
    if review.status == IncidentReview.Status.APPROVED and not review.incident.confidential:
        paper.evidence = _as_evidence(review, file, digest)
    paper.save(force_insert=True)
    record("incident_review.print", review, actor=ITSELF, after={"sha256": file.sha256})
    return paper


def paper_of(review: IncidentReview) -> ReviewPaper | None:
    """The latest."""
    return review.papers.select_related("file", "evidence").first()


def _as_evidence(review: IncidentReview, file: StoredFile, digest: str) -> Evidence:
    zone, incident = current_organization().tzinfo, review.incident
    end = incident.resolved_at or now()
    return add_evidence(
        title=f"{incident.reference}, review {review.number} (PDF)",
        category=Evidence.Category.INCIDENT,
        file=file,
        source="Plumbline",
        collector="Plumbline's incidents",
        subject=incident,
        actor=ITSELF,
        period_from=incident.reported_at.astimezone(zone).date(),
        period_to=max(end, incident.reported_at).astimezone(zone).date(),
        query=digest,
        description=f"The approved review of {incident.reference}: times, timeline, cause, what is learned and prevented.",
        tags=[TAG],
    )
