"""The policy leg of controls: a version in force, fresh while its review is not overdue."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from controls.models import Control
from controls.status.legs import Document
from controls.status.rules import LegFacts
from policies.models import Policy, PolicyControl, PolicyVersion
from ui.components import Badge

Status = PolicyVersion.Status


def in_force_on(day: dt.date) -> QuerySet[PolicyVersion]:
    """The versions that held on a day."""
    held = PolicyVersion.objects.filter(status__in=[Status.PUBLISHED, Status.SUPERSEDED, Status.RETIRED], effective_on__lte=day)
    return held.filter(Q(ended_on=None) | Q(ended_on__gt=day), published_at__isnull=False)


def counted(control_ids: Collection[uuid.UUID] | None, day: dt.date) -> dict[uuid.UUID, LegFacts]:
    """How many policies document each control, and how many of them are overdue for review."""
    rows = PolicyControl.objects.filter(Exists(in_force_on(day).filter(policy=OuterRef("policy"))))
    if control_ids is not None:
        rows = rows.filter(control__in=list(control_ids))
    fresh: Counter[uuid.UUID] = Counter()
    stale: Counter[uuid.UUID] = Counter()
    for control, review in rows.values_list("control", "policy__next_review_on"):
        (stale if review is not None and review < day else fresh)[control] += 1
    return {key: LegFacts(fresh[key], stale[key]) for key in {*fresh, *stale}}


def shown(control: Control, day: dt.date) -> Iterator[Document]:
    """The policies that document a control, those in use."""
    in_force = Exists(in_force_on(day).filter(policy=OuterRef("pk")))
    found = Policy.objects.filter(documents__control=control, status=Policy.Status.ACTIVE).annotate(holds=in_force)
    for policy in found.order_by("title", "pk"):
        yield Document(policy.title, policy.get_absolute_url(), _standing(policy, holds=policy.holds, day=day))


def _standing(policy: Policy, *, holds: bool, day: dt.date) -> Badge:
    if not holds:
        return Badge("Nothing in force", "warn")
    return Badge("Review overdue", "bad") if policy.is_overdue(day) else Badge("In force", "ok")
