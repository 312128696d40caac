"""The PDF of a version, made by a worker when somebody asks."""

import io
from functools import partial

from celery import shared_task

from accounts.models import Member
from audit.actions import action
from audit.actors import System
from audit.record import record
from evidence.actions import add_evidence
from evidence.files import store
from evidence.models import Evidence, StoredFile
from evidence.printing.making import ask_print, digest_of, print_and_keep
from policies.models import PolicyPaper, PolicyVersion
from policies.printing.paper import Sheet, sheet_of, version_pdf
from tenancy.scope import now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import Work
from workflow.models import Job

JOB_KIND = "policies.version_pdf"
ITSELF = System("policies")


def ask_pdf(version: PolicyVersion, *, actor: Member) -> Job:
    """Have a version printed as it stands. Nothing is printed twice of the same content. Raises ActionRefused for a file."""
    if not version.is_written:
        raise ActionRefused("It is a document already: take it as it came.")
    return ask_print(print_version, version, kind=JOB_KIND, title=f"PDF of {version}", actor=actor)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_version(self: TenantTask, policy_version_id: str, job_id: str) -> None:
    """Print a version as it is now and keep the PDF, unless this very content was printed before."""
    read, keep_it = partial(_read, policy_version_id), partial(_keep, policy_version_id)
    print_and_keep(self, job_id, read=read, make=version_pdf, keep=keep_it)


def _read(version_id: str, work: Work) -> Sheet | None:
    version = PolicyVersion.objects.select_related("policy__owner", "author__user", "file").get(pk=version_id)
    sheet = sheet_of(version)
    work.url, work.message = version.get_absolute_url(), f"The PDF of {version} is ready."
    return None if version.papers.filter(digest=digest_of(sheet)).exists() else sheet


def _keep(version_id: str, sheet: Sheet, content: bytes) -> None:
    version = PolicyVersion.objects.select_related("policy").select_for_update(of=("self",)).get(pk=version_id)
    digest = digest_of(sheet)
    if not version.papers.filter(digest=digest).exists():
        file = store(io.BytesIO(content), f"{version.policy.reference}-version-{version.number}.pdf")
        keep(version, file, digest, final=sheet["isFinal"])


@action
def keep(version: PolicyVersion, file: StoredFile, digest: str, *, final: bool) -> PolicyPaper:
    """Keep a PDF: that of what came into force is evidence.

    `final` is what the PDF says: the version may have been published while it was printed.
    """
    paper = PolicyPaper(version=version, digest=digest, file=file, made_at=now())
    if final:
        paper.evidence = _as_evidence(version, file, digest)
    paper.save(force_insert=True)
    record("policy_version.print", version, actor=ITSELF, after={"sha256": file.sha256})
    return paper


def paper_of(version: PolicyVersion) -> PolicyPaper | None:
    """The latest."""
    return version.papers.select_related("file", "evidence").first()


def _as_evidence(version: PolicyVersion, file: StoredFile, digest: str) -> Evidence:
    return add_evidence(
        title=f"{version} (PDF)",
        category=Evidence.Category.POLICY,
        file=file,
        source="Plumbline",
        collector="Plumbline's policies",
        subject=version.policy,
        actor=ITSELF,
        period_from=version.effective_on,
        query=digest,
        description=f"{version.title} as it was approved under {version.content_hash}, in force from {version.effective_on}.",
    )
