"""Deployments as a population for testing, and as events that controls run on."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from changes.deployments.coverage import within
from changes.deployments.environments import counted_environments
from changes.models import Deployment, DeploymentBatch
from controls.occurrences.cadence import Event
from controls.occurrences.calendar import spelled
from evidence.populations.registry import Table
from tenancy.models import current_organization

KIND, LABEL = "deployments", "Deployments"
STATEMENT = (
    "Every deployment that pipelines reported or a file listed, deployed on these days, whatever its class, from this "
    "installation's own database. What no pipeline reported is not in it. Each is judged at the moment that its pipeline or its "
    "file states; when the report came stands beside it, and those that came late are named."
)
_HEADER = (
    "Deployment", "Deployed (UTC)", "Environment", "Service", "Repository", "Commit", "By", "Outcome", "Class", "Why", "Change",
    "Change approved (UTC)", "Found by", "Worth knowing", "Reported by", "Its id there", "Received (UTC)", "In the file",
)  # fmt: skip


def deployed(first: dt.date, last: dt.date) -> Table:
    """The deployments in the order in which they went."""
    organization = current_organization()
    rows = within(organization, first, last).select_related("change", "batch").order_by("deployed_at", "pk")
    chosen = counted_environments()
    notes = [f"Environments that count: {', '.join(chosen)}."] if chosen else ["All environments count."]
    if from_files := rows.filter(batch__via=DeploymentBatch.Via.FILE).count():
        notes.append(f"{from_files:,} of them came in imported files: when these were deployed is what their files say.")
    return Table(_HEADER, _rows(rows), notes)


def _rows(deployments: QuerySet[Deployment]) -> Iterator[tuple[str, ...]]:
    for one in deployments.iterator(chunk_size=2000):
        change = one.change
        yield (
            str(one.pk),
            _instant(one.deployed_at),
            one.environment,
            one.service,
            one.repository,
            one.commit,
            one.deployed_by,
            one.get_outcome_display(),
            one.get_classification_display(),
            one.get_reason_display(),
            change.reference if change else "",
            _instant(change.approved_at or change.written_at) if change else "",
            one.get_matched_by_display(),
            ", ".join(one.note_words),
            one.source,
            one.external_id,
            _instant(one.batch.received_at),
            one.batch.name,
        )


def _instant(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def events(first: dt.date, last: dt.date) -> Iterator[Event]:
    """Each deployment of these days, by its id; its day is that of the organization."""
    organization = current_organization()
    kind = Deployment._meta.label_lower
    columns = ("pk", "deployed_at", "service", "repository", "source", "environment")
    for key, at, service, repository, source, environment in within(organization, first, last).values_list(*columns).iterator():
        on = organization.day_of(at)
        what = service or repository or source
        yield Event(key.hex, f"{what} to {environment}, {spelled(on)}"[:200], on, kind, key)
