"""What is hidden of confidential incidents where records of all areas stand side by side: in the trail."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, ForeignKey, Model, OuterRef, QuerySet

from controls.models import ControlEvidence, FindingEvidence
from evidence.models import Evidence, EvidenceLink, StoredFile
from incidents.models import Incident, IncidentEntry, NotificationClock, ReviewPaper, SecurityEvent
from incidents.rights import CONFIDE, events_visible_to, part_in
from tenancy.models import TenantModel

FILED: tuple[tuple[Any, str], ...] = (
    (IncidentEntry, "incident"), (NotificationClock, "incident"), (ReviewPaper, "review__incident"),
)  # fmt: skip


def hidden_records(member: Any) -> Iterator[QuerySet[Any, Any]]:
    """Confidential incidents and reports that a member may not see, with all that hangs on them; for audit.hiding."""
    if member.can(CONFIDE):
        return
    secret = Incident.objects.filter(confidential=True).exclude(part_in(member))
    yield secret
    yield SecurityEvent.objects.filter(confidential=True).exclude(pk__in=events_visible_to(member).values("pk"))
    for model, path in hanging():
        yield model.objects.filter(**{f"{path}__in": secret.values("pk")})
    yield from hidden_evidence(member)
    for model, path in FILED:  # files that are no evidence: who took one away is told of the file itself
        filed = model.objects.filter(**{f"{path}__in": secret.values("pk")}, evidence=None)
        yield StoredFile.objects.filter(pk__in=filed.order_by().values("file"))


def hidden_evidence(member: Any) -> Iterator[QuerySet[Evidence]]:
    """Items that hang only on confidential incidents which a member may not see; for evidence.hiding.

    What somebody has linked to a control, a finding or any other record is seen there, and so by all who read evidence.
    """
    if member.can(CONFIDE):
        return
    secret = Incident.objects.filter(confidential=True).exclude(part_in(member)).values("pk")
    first, *others = (_only_there(model, path, secret) for model, path in FILED)
    yield Evidence.objects.filter(pk__in=first.union(*others))


def _only_there(model: Any, path: str, secret: Any) -> QuerySet[Any, Any]:
    """The items that were filed in these incidents by this way, and hang on nothing else: from those few, not from all items."""
    rows = model.objects.filter(evidence__isnull=False, **{f"{path}__in": secret}).order_by()
    item = OuterRef("evidence")
    rows = rows.exclude(Exists(EvidenceLink.objects.filter(evidence=item, made_by__isnull=False)))
    for proofs in (ControlEvidence, FindingEvidence):
        rows = rows.exclude(Exists(proofs.objects.filter(evidence=item, linked_by__isnull=False, status="linked")))
    for other, way in FILED:
        rows = rows.exclude(Exists(other.objects.filter(evidence=item).exclude(**{f"{way}__in": secret})))
    return rows.values("evidence")  # type: ignore[no-any-return]


@cache
def hanging() -> tuple[tuple[type[TenantModel], str], ...]:
    """The models of incidents that hang on one, directly or by another, with the way to it."""
    found: dict[type[TenantModel], str] = {}
    near: dict[type[Model], str] = {Incident: ""}
    while near:
        here, near = near, {}
        for model in apps.get_app_config("incidents").get_models():
            if not issubclass(model, TenantModel) or model is Incident:
                continue
            for name, target in _keys(model):
                if model not in found and target in here:
                    found[model] = near[model] = "__".join(filter(None, [name, here[target]]))
    return tuple(found.items())


def _keys(model: type[Model]) -> Iterator[tuple[str, type[Model]]]:
    for field in model._meta.get_fields():
        if isinstance(field, ForeignKey) and isinstance(field.related_model, type):
            yield field.name, field.related_model
