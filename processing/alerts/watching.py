"""Whether enough of what a schema's documents went through succeeds; the first fall below the threshold is told, once."""

import datetime as dt
from decimal import Decimal

from django.db.models import Count, Q

from audit.actions import action
from audit.actors import Actor
from audit.record import record
from incidents.models import Kind, SecurityEvent
from incidents.reporting.actions import report_event
from processing.models import Outcome, ProcessingBreach, ProcessingRecord, ProcessingSchema
from tenancy.scope import now


def watch(schema: ProcessingSchema, *, actor: Actor) -> ProcessingBreach | None:
    """Begin or end a breach of a schema, as its records of the last hours have it. Returns the one that lasts.

    Before anything is told, the schema's row is locked, so that of two workers the second sees what the first has told.
    """
    standing = _standing(schema)
    if standing is None and not _is_watched(schema):
        return None
    if not _must_move(schema, standing):
        return standing
    schema = ProcessingSchema.objects.select_for_update(of=("self",), no_key=True).get(pk=schema.pk)
    standing = _standing(schema)
    if not _must_move(schema, standing):
        return standing
    if standing is None:
        return _begin(schema, actor)
    _end(standing, actor)
    return None


def _standing(schema: ProcessingSchema) -> ProcessingBreach | None:
    return ProcessingBreach.objects.filter(schema=schema, status=ProcessingBreach.Status.OPEN).first()


def _is_watched(schema: ProcessingSchema) -> bool:
    return schema.alert_below is not None and schema.status == ProcessingSchema.Status.ACTIVE


def _must_move(schema: ProcessingSchema, standing: ProcessingBreach | None) -> bool:
    """Whether a breach is to begin, or the one that lasts to end.

    Too few records say nothing, unless so many of them failed that even if the rest up to the least number succeeded, it
    would be too few: a schema with few documents is told of, too.
    """
    if not _is_watched(schema):
        return standing is not None
    total, succeeded = counted(schema)
    if standing is not None and total < schema.alert_least:
        return not total
    whole = max(total, schema.alert_least)
    is_below = Decimal(succeeded + whole - total) * 100 < (schema.alert_below or 0) * whole
    return is_below == (standing is None)


def counted(schema: ProcessingSchema) -> tuple[int, int]:
    """How many records there are in the span that the schema watches, and how many of them succeeded."""
    since = now() - dt.timedelta(hours=schema.alert_hours)
    rows = ProcessingRecord.objects.filter(schema=schema, occurred_at__gt=since)
    found = rows.order_by().aggregate(total=Count("pk"), succeeded=Count("pk", filter=Q(outcome=Outcome.SUCCESS)))
    return found["total"], found["succeeded"]


@action
def _begin(schema: ProcessingSchema, actor: Actor) -> ProcessingBreach:
    total, succeeded = counted(schema)
    breach = ProcessingBreach(
        schema=schema,
        began_at=now(),
        hours=schema.alert_hours,
        records=total,
        succeeded=succeeded,
        threshold=schema.alert_below or 0,
    )
    event = breach.event = _report(breach, actor)
    breach.save(force_insert=True)
    facts = {"schema": schema.key, "records": total, "succeeded": succeeded, "threshold": str(breach.threshold)}
    record("processing_breach.begin", breach, actor=actor, after={**facts, "event": event.reference})
    return breach


def _report(breach: ProcessingBreach, actor: Actor) -> SecurityEvent:
    schema = breach.schema
    rate = f"{Decimal(breach.succeeded) * 100 / breach.records:.1f} %"
    span = "hour" if breach.hours == 1 else f"{breach.hours:,} hours"
    words = (
        f"{breach.succeeded:,} of {breach.records:,} records of the last {span} succeeded ({rate}). The threshold is "
        f"{breach.threshold_words} %. The records say where documents do not fit: Processing, Records."
    )
    return report_event(
        actor=actor,
        title=f"Processing of {schema.key} succeeds too rarely: {rate}",
        source=SecurityEvent.Source.PRODUCT,
        reported_as="Processing integrity",
        fingerprint=f"processing:{schema.pk}",
        kind=Kind.INTEGRITY,
        severity=schema.alert_severity,
        description=words,
    )


@action
def _end(breach: ProcessingBreach, actor: Actor) -> None:
    """It is over: a later fall is told anew."""
    ProcessingBreach.END.apply(breach, actor=actor, over_at=now())
