"""Reports as evidence: keeping them, and showing them with their hashes checked again."""

import datetime as dt
import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse

from audit.actions import action
from audit.actors import Actor
from evidence.actions import add_evidence
from evidence.files import store, verify
from evidence.models import Evidence
from evidence.recheck import badge
from reviews.models import Campaign
from reviews.outputs.data import LETTERS, TITLES, Kind, ReportData
from reviews.outputs.feeding import COLLECTOR, feed_report
from reviews.outputs.report import Document
from tenancy.scope import now
from ui.components import Badge
from workflow.models import Job

JOB_KIND = "reviews.report"
FORMS = ("PDF", "XLSX", "JSON")
_READY: dict[Kind, frozenset[str]] = {
    Kind.DECISION: frozenset({Campaign.Status.SIGNED_OFF.value, Campaign.Status.CLOSED.value}),
    Kind.COMPLETED: frozenset({Campaign.Status.CLOSED.value}),
}


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a report, with what its hash said a moment ago."""

    form: str
    evidence: Evidence
    intact: bool

    @property
    def url(self) -> str:
        """Where it is downloaded."""
        return reverse("evidence:file", args=[self.evidence.file_id])

    @property
    def badge(self) -> Badge:
        """Whether the bytes are still those that were kept."""
        return badge(self.intact)


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as it was made once: its files share an instant."""

    kind: Kind
    reference: str
    revision: int
    made_at: dt.datetime
    made_by: str
    files: list[KeptFile]

    @property
    def title(self) -> str:
        """Decision report, or Completed report."""
        return TITLES[self.kind]


@dataclass(frozen=True, slots=True)
class Reports:
    """What the panel on a campaign's page shows."""

    campaign: Campaign
    latest: list[KeptReport]
    earlier: list[KeptReport]
    job: Job | None
    kinds: list[tuple[Kind, str]]

    @property
    def working(self) -> bool:
        """Whether one is being made."""
        return self.job is not None and not self.job.is_over

    @property
    def failed(self) -> bool:
        """Whether the last attempt did not succeed."""
        return self.job is not None and self.job.status == Job.Status.FAILED


def kinds_ready(campaign: Campaign) -> list[Kind]:
    """The reports that the state of the review allows."""
    return [kind for kind, states in _READY.items() if campaign.status in states]


def reports_of(campaign: Campaign) -> Reports:
    """The reports of a campaign, the newest first, each file re-hashed now; for `reviews/report_panel.html` as `reports`."""
    latest: list[KeptReport] = []
    earlier: list[KeptReport] = []
    for kind in kinds_ready(campaign):
        revisions = _revisions(campaign, kind)
        latest += revisions[:1]
        earlier += revisions[1:]
    job = Job.objects.filter(subject_id=campaign.pk, kind=JOB_KIND).order_by("-created_at").first()
    return Reports(campaign, latest, earlier, job, [(kind, TITLES[kind]) for kind in kinds_ready(campaign)])


def is_kept(campaign: Campaign, mark: str) -> bool:
    """Whether a report with this mark (the digest of its data, or the job that made it) is there."""
    return _evidence(campaign).filter(query__contains=mark).exists()


@action
def keep_report(campaign: Campaign, data: ReportData, documents: Sequence[Document], *, actor: Actor, job: Job) -> list[Evidence]:
    """Keep the files of a report as evidence of the review: a new revision, never in place of an older one."""
    moment, title = now(), TITLES[data.kind].lower()
    query = f"{data.reference}, made from data with SHA-256 {data.digest}, job {job.pk}"
    items = [
        add_evidence(
            title=f"{data.reference} {title} ({document.form})",
            category=Evidence.Category.ACCESS,
            file=store(io.BytesIO(document.content), document.name),
            source="Plumbline",
            collector=COLLECTOR,
            subject=campaign,
            actor=actor,
            collected_at=moment,
            period_from=campaign.period_from,
            period_to=campaign.period_to,
            query=query,
            description=f"The {title} of {campaign.reference}, {campaign.name}.",
        )
        for document in documents
    ]
    feed_report(campaign, items)
    return items


def _evidence(campaign: Campaign) -> QuerySet[Evidence]:
    return Evidence.objects.filter(subject_id=campaign.pk, collector=COLLECTOR)


def _revisions(campaign: Campaign, kind: Kind) -> list[KeptReport]:
    """Newest first."""
    reference = f"{campaign.reference}-{LETTERS[kind]}"
    found = (
        _evidence(campaign)
        .filter(title__startswith=f"{reference} ")
        .select_related("file", "collected_by__user")
        .order_by("collected_at", "id")
    )
    made = [
        KeptReport(kind, reference, number, moment, _maker(files[0]), [_kept(one) for one in files])
        for number, (moment, files) in enumerate(
            ((moment, list(group)) for moment, group in itertools.groupby(found, key=lambda one: one.collected_at)), start=1
        )
    ]
    return made[::-1]


def _kept(evidence: Evidence) -> KeptFile:
    form = next((form for form in FORMS if evidence.title.endswith(f"({form})")), "File")
    return KeptFile(form, evidence, verify(evidence.file))


def _maker(evidence: Evidence) -> str:
    return f"by {evidence.collected_by.name}" if evidence.collected_by else "automatically"
