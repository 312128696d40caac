"""The certificate of an acknowledgement on paper: who confirmed which version, when, from where. A worker prints it."""

import datetime as dt
import io
from functools import partial
from typing import Any

from celery import shared_task
from django.http import Http404
from django.http.response import HttpResponseBase

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor, System
from audit.record import record
from evidence.downloads import take_away
from evidence.files import store
from evidence.printing.making import ask_print, digest_of, print_and_keep
from evidence.printing.papers import Sheet, paper_pdf
from evidence.printing.words import Clock
from policies.models import Acknowledgement, AcknowledgementPaper
from tenancy.models import current_organization
from tenancy.scope import now
from tenancy.tasks import TenantTask
from ui.refusals import ActionRefused
from workflow.jobs import Work
from workflow.models import Job

FORMAT = "plumbline.acknowledgement-certificate/1"
JOB_KIND = "policies.acknowledgement_pdf"
ITSELF = System("policies")
INTACT = "The facts below are those that were certified when it was confirmed."
ALTERED = "The facts below are NOT those that were certified when it was confirmed: they were changed since."
HOW = (
    "The SHA-256 of the facts is that of “certified” in the attached data, as canonical JSON: keys in order, no white space, "
    "UTF-8. The SHA-256 of the version is what its approvers approved."
)


def sheet_of(one: Acknowledgement) -> Sheet:
    """What the certificate says, as plain values. Load its person, and its campaign with policy and version."""
    organization, version, policy = current_organization(), one.campaign.version, one.campaign.policy
    at = (one.confirmed_at or one.campaign.started_at).astimezone(dt.UTC)
    facts = [
        ("Who", one.person.name),
        ("Read and confirmed", f"{policy.reference} {version.title}, version {version.number}"),
        ("When", f"{Clock(organization.zone).moment(at.isoformat())} ({at:%Y-%m-%d %H:%M:%S} UTC)"),
        ("From which IP address", one.ip or "Not known"),
        ("With", one.user_agent),
        ("Why they were asked", one.campaign.get_origin_display()),
        ("Asked to confirm by", f"{one.due_on:%-d %b %Y}"),
        ("SHA-256 of the version", one.content_hash),
        ("SHA-256 of these facts", one.certificate),
    ]
    return {
        "format": FORMAT,
        "kind": "Certificate of acknowledgement",
        "reference": reference_of(one),
        "organization": organization.name,
        "zone": organization.zone,
        "madeAt": at.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "title": f"{one.person.name} has read and confirmed {version.title}",
        "status": INTACT if one.is_intact else ALTERED,
        "facts": [[label, value] for label, value in facts if value],
        "certified": one.facts(),
        "texts": [HOW],
    }


def reference_of(one: Acknowledgement) -> str:
    """How its paper is called, and its file: the policy, the version, and the last digits of its id."""
    return f"{one.campaign.policy.reference}-version-{one.campaign.version.number}-{one.pk.hex[-8:]}"


def ask_certificate(one: Acknowledgement, *, actor: Member) -> Job:
    """Have the certificate printed. Nothing is printed twice of the same facts. Raises ActionRefused for what is open."""
    if one.status != Acknowledgement.Status.CONFIRMED:
        raise ActionRefused("It is not confirmed yet: there is nothing to certify.")
    return ask_print(print_certificate, one, kind=JOB_KIND, title=f"Certificate {reference_of(one)}", actor=actor)


@shared_task(base=TenantTask, bind=True, ignore_result=True)
def print_certificate(self: TenantTask, acknowledgement_id: str, job_id: str) -> None:
    """Print a certificate and keep it, unless these very facts were printed before."""
    read, keep_it = partial(_read, acknowledgement_id), partial(_keep, acknowledgement_id)
    print_and_keep(self, job_id, read=read, make=paper_pdf, keep=keep_it)


def paper_of(one: Acknowledgement) -> AcknowledgementPaper | None:
    """The certificate as it was printed of what it says now."""
    if one.status != Acknowledgement.Status.CONFIRMED:
        return None
    return one.papers.filter(digest=digest_of(sheet_of(one))).select_related("file").first()


def take_certificate(one: Acknowledgement, actor: Actor) -> HttpResponseBase:
    """Its PDF, noted under whoever takes it. Raises Http404 until it is printed."""
    paper = paper_of(one)
    if paper is None:
        raise Http404
    return take_away(paper.file, actor=actor, name=f"{reference_of(one)}.pdf")


def _one(key: str) -> Acknowledgement:
    return Acknowledgement.objects.select_related("person", "campaign__version", "campaign__policy").get(pk=key)


def _read(key: str, work: Work) -> Sheet | None:
    one = _one(key)
    work.url, work.message = one.get_absolute_url(), f"The certificate {reference_of(one)} is ready."
    return None if paper_of(one) else sheet_of(one)


def _keep(key: str, sheet: Sheet, content: bytes) -> None:
    one: Any = Acknowledgement.objects.select_for_update(of=("self",)).get(pk=key)
    digest = digest_of(sheet)
    if not one.papers.filter(digest=digest).exists():  # two workers printed it
        _keep_paper(one, f"{sheet['reference']}.pdf", digest, content)


@action
def _keep_paper(one: Acknowledgement, name: str, digest: str, content: bytes) -> None:
    file = store(io.BytesIO(content), name)
    AcknowledgementPaper(acknowledgement=one, digest=digest, file=file, made_at=now()).save(force_insert=True)
    record("acknowledgement.print", one, actor=ITSELF, after={"sha256": file.sha256})
