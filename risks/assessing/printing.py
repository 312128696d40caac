"""The PDF of an assessment, made by a worker once it is approved."""

from functools import partial
from typing import Any

from celery import shared_task

from audit.actors import Actor
from evidence.printing.making import ask_print, print_and_keep
from risks.assessing.difference import difference
from risks.assessing.kept import keep_pdf, pdf_of
from risks.assessing.paper import Sheet, assessment_pdf
from risks.models import RiskAssessment, RiskAssessmentVersion
from tenancy.tasks import TenantTask
from workflow.jobs import Work
from workflow.models import Job

JOB_KIND = "risks.assessment_pdf"


def ask_pdf(assessment: RiskAssessment, *, actor: Actor) -> Job:
    """Have an approved assessment printed. Nothing is printed twice."""
    return ask_print(print_assessment, assessment, kind=JOB_KIND, title=f"PDF of {assessment.reference}", actor=actor)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_assessment(self: TenantTask, assessment_id: str, job_id: str) -> None:
    """Print what was approved and keep the PDF, unless it is there."""
    print_and_keep(self, job_id, read=partial(_read, assessment_id), make=assessment_pdf, keep=partial(_keep, assessment_id))


def _read(assessment_id: str, work: Work) -> Sheet | None:
    assessment = RiskAssessment.objects.select_related("approved_by__user", "submitted_by__user").get(pk=assessment_id)
    work.url, work.message = assessment.get_absolute_url(), f"The PDF of {assessment.reference} is ready."
    if assessment.approved_at is None or pdf_of(assessment) is not None:
        return None
    content = approved_content(assessment)
    before = approved_content(assessment.previous) if assessment.previous else None
    return Sheet(
        content=content,
        digest=assessment.approved_hash,
        submitted_by=assessment.submitted_by.name if assessment.submitted_by else "Plumbline",
        approved_by=assessment.approved_by.name if assessment.approved_by else "Plumbline",
        approved_at=assessment.approved_at.isoformat(timespec="seconds"),
        remark=assessment.remark,
        difference=difference(before, content) if before else None,
    )


def _keep(assessment_id: str, _sheet: Sheet, content: bytes) -> None:
    assessment = RiskAssessment.objects.select_for_update(of=("self",)).get(pk=assessment_id)
    if pdf_of(assessment) is None:
        keep_pdf(assessment, content)


def approved_content(assessment: RiskAssessment) -> dict[str, Any]:
    """What was approved of it, whole; of one that is not approved yet, what was submitted last."""
    versions = RiskAssessmentVersion.objects.filter(assessment=assessment).order_by("-number")
    wanted = versions.filter(content_hash=assessment.content_hash) if assessment.content_hash else versions
    content: dict[str, Any] = wanted[0].content
    return content
