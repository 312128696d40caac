"""An approved assessment as evidence: what was frozen as JSON, and its PDF. Both carry what the binder looks for."""

import datetime as dt
import io

from audit.actors import WORKER, Actor, System
from controls.binder.own_documents import ASSESSMENT, FRAUD, VENDOR
from controls.occurrences.feeds import RISK_ASSESSMENTS, Fed, feed
from evidence.actions import add_evidence
from evidence.files import store
from evidence.kept import printed_of
from evidence.models import Evidence, EvidenceRevision, StoredFile
from evidence.printing.making import file_of
from risks.assessing.due import YEAR
from risks.models import Category, RiskAssessment, RiskAssessmentVersion
from risks.rights import member_of
from tenancy.models import current_organization

COLLECTOR = "Plumbline's risk assessments"
ITSELF = System("risks")
_TAGS = {Category.FRAUD: FRAUD, Category.VENDOR: VENDOR}


def keep_content(assessment: RiskAssessment, version: RiskAssessmentVersion, *, actor: Actor) -> Evidence:
    """Keep what was approved as evidence of the control that asks for it. Part of the action that approves it."""
    there = {risk["category"] for risk in version.content["risks"].values()}
    tags = [ASSESSMENT, *(tag for category, tag in _TAGS.items() if category in there)]
    file = store(io.BytesIO(file_of(version.content)), f"{assessment.reference}.json")
    item = _keep(assessment, file, "JSON", tags)
    day = dt.date.fromisoformat(version.content["asOf"])
    words = f"{assessment.reference}: {len(version.content['risks']):,} risks assessed, approved by {actor.name}."
    if current_organization().today() - day <= YEAR:  # an older one shows nothing of what is asked for now
        feed(Fed(RISK_ASSESSMENTS, [item], day, current_organization().today(), member_of(actor), words))
    return item


def keep_pdf(assessment: RiskAssessment, content: bytes) -> Evidence:
    """Keep its PDF, which names the hash that was approved."""
    file = store(io.BytesIO(content), f"{assessment.reference}.pdf")
    return _keep(assessment, file, "PDF", [ASSESSMENT])


def pdf_of(assessment: RiskAssessment) -> EvidenceRevision | None:
    """Its PDF as it was printed, once it is there."""
    return printed_of(assessment.pk, COLLECTOR).first()


def _keep(assessment: RiskAssessment, file: StoredFile, form: str, tags: list[str]) -> Evidence:
    return add_evidence(
        title=f"{assessment.reference} assessment of risks of {assessment.year} ({form})",
        category=Evidence.Category.RISK,
        file=file,
        source="Plumbline",
        collector=COLLECTOR,
        subject=assessment,
        actor=WORKER if form == "PDF" else ITSELF,
        collected_at=assessment.submitted_at,  # when it was frozen; the day of which it speaks is its period
        period_from=assessment.as_of,
        period_to=assessment.as_of,
        query=f"{assessment.reference}, content with SHA-256 {assessment.content_hash}",
        description="The register of risks as it stood, frozen at its submission, approved by somebody else.",
        tags=tags,
    )
