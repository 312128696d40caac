"""What else went with a deployment: the changes that were merged since the commit that was there before. For its page."""

from dataclasses import dataclass, field

from django.db.models import Q

from changes.deployments.carrying import reaches
from changes.deployments.classes import Verdict, carried_class, facts_of
from changes.models import Change, Deployment

MOST = 50
NOT_MERGED = "Which other commits it carried is not known: its own commit is not the merge of a request that is known here."
NOT_BEFORE = "Which other commits it carried is not known: what was there before is not the merge of a request known here."


@dataclass(frozen=True, slots=True)
class Carried:
    """The other changes with the class that each gives, or why nobody can say."""

    changes: list[tuple[Change, Verdict]] = field(default_factory=list)
    unknown: str = ""


def carried_by(deployment: Deployment) -> Carried:
    """As the statement in `matching` judges it; at most four queries. A commit that was there before carries nothing new."""
    own = _merged(deployment.commit)
    if own is None or own.merged_at is None:
        return Carried(unknown=NOT_MERGED)
    last = _before(deployment)
    if last is None or last.commit == deployment.commit:
        return Carried()
    before = _merged(last.commit)
    if before is None or before.merged_at is None or before.repository != own.repository:
        return Carried(unknown=NOT_BEFORE)
    rows = Change.objects.filter(repository=own.repository, merged_at__gt=before.merged_at, merged_at__lt=own.merged_at).exclude(
        merge_sha=""
    )
    return Carried([(one, _judged(one, deployment)) for one in rows.order_by("merged_at", "id")[:MOST]])


def _judged(change: Change, deployment: Deployment) -> Verdict:
    at, there = min(deployment.deployed_at, deployment.batch.received_at), reaches(change, deployment.environment)
    return carried_class(facts_of(change), at, elsewhere=not there)


def _merged(commit: str) -> Change | None:
    if not commit:
        return None
    rows = Change.objects.filter(merge_sha=commit, merged_at__isnull=False).exclude(merge_sha="").exclude(repository="")
    return rows.order_by("-raised_at").first()


def _before(deployment: Deployment) -> Deployment | None:
    track = {name: getattr(deployment, name) for name in ("environment", "repository", "service")}
    at = deployment.deployed_at
    earlier = Q(deployed_at__lt=at) | Q(deployed_at=at, id__lt=deployment.pk)
    return Deployment.objects.filter(earlier, **track).order_by("-deployed_at", "-id").first()
