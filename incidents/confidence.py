"""What is hidden of confidential incidents where records of all areas stand side by side: in the trail."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import CharField, Exists, F, ForeignKey, Func, Model, OuterRef, QuerySet, Value

from controls.events.actions import OWN
from controls.events.hiding import alerts_called_by
from controls.models import ControlEvent, ControlEvidence, FindingEvidence
from controls.models.event import EventKind
from evidence.models import Evidence, EvidenceLink, StoredFile
from incidents.models import Incident, IncidentEntry, NotificationClock, ReviewPaper, SecurityEvent
from incidents.outputs.kept import CLOSED
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
    for events in hidden_events(member):
        yield events
        yield alerts_called_by(events)
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
    about = Evidence.objects.filter(subject_kind=Incident._meta.label_lower, subject_id__in=secret)
    filed = (_only_there(model, path, secret) for model, path in FILED)
    yield Evidence.objects.filter(pk__in=_nowhere_else(about, "pk", secret).union(*filed))


def hidden_events(member: Any) -> Iterator[QuerySet[ControlEvent]]:
    """What was logged for a control when incidents were closed that a member may not see; for controls.events.hiding."""
    if member.can(CONFIDE):
        return
    secret = Incident.objects.filter(confidential=True).exclude(part_in(member)).values("reference")
    logged = ControlEvent.objects.filter(source=OWN, kind=EventKind.INCIDENT)
    number = Func(F("event_id"), Value(CLOSED), Value(1), function="split_part", output_field=CharField())
    yield logged.alias(number=number).filter(number__in=secret)


def _only_there(model: Any, path: str, secret: Any) -> QuerySet[Any, Any]:
    """The items that were filed in these incidents by this way, and hang on nothing else: from those few, not from all items."""
    filed = model.objects.filter(evidence__isnull=False, **{f"{path}__in": secret})
    return _nowhere_else(filed, "evidence", secret)


def _nowhere_else(rows: QuerySet[Any, Any], name: str, secret: Any) -> QuerySet[Any, Any]:
    """The items in the column `name` of these rows that nobody has linked and no other incident has."""
    item = OuterRef(name)
    rows = rows.order_by().exclude(Exists(EvidenceLink.objects.filter(evidence=item, made_by__isnull=False)))
    for proofs in (ControlEvidence, FindingEvidence):
        rows = rows.exclude(Exists(proofs.objects.filter(evidence=item, linked_by__isnull=False, status="linked")))
    for other, way in FILED:
        rows = rows.exclude(Exists(other.objects.filter(evidence=item).exclude(**{f"{way}__in": secret})))
    return rows.values(name)


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
