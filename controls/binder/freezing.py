"""Freezing the description for a period, and management's assertion on it."""

import datetime as dt
import hashlib
import io

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.binder.gathering import gather
from controls.binder.keeping import keep
from controls.binder.snapshot import to_json
from controls.binder.tasks import make_description_pdf
from controls.models import Assertion, AuditPeriod, SystemDescription
from evidence.files import store
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken


@action
def freeze_description(period: AuditPeriod, *, actor: Actor) -> SystemDescription:
    """Keep the description of a period as it stands, with what is still open. Its PDF follows from a worker."""
    if not actor.can("controls.write"):
        raise ActionRefused("Your role does not allow this.")
    organization, moment = current_organization(), now()
    today = organization.today()
    locked = AuditPeriod.objects.select_for_update(of=("self",)).get(pk=period.pk)
    reference = next_reference("SD", str(today.year))
    data = gather(locked, today) | {
        "reference": reference,
        "organization": organization.name,
        "zone": organization.zone,
        "asOf": today.isoformat(),
        "madeAt": moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "madeBy": actor.name,
    }
    content = to_json(data)
    description = SystemDescription(
        reference=reference,
        period=locked,
        file=store(io.BytesIO(content), f"{reference}.json"),
        open_points=len(data["openPoints"]),
        made_by=actor if isinstance(actor, Member) else None,
        made_at=moment,
    )
    description.evidence = keep(description, description.file, form="JSON", actor=actor)
    description.save(force_insert=True)
    after = {"period": locked.name, "open_points": description.open_points, "sha256": hashlib.sha256(content).hexdigest()}
    record("system_description.freeze", description, actor=actor, after=after)
    make_description_pdf.delay_on_commit(str(description.pk))
    return description


def why_not_sign(description: SystemDescription, actor: Member) -> str:
    """The sentence that says why somebody may not sign; empty when they may."""
    if not actor.can("description.sign"):
        return "Your role does not allow this: management signs."
    if description.assertions.exists():
        return "It is signed already."
    if description.open_points:
        count = description.open_points
        return f"{count} point{'s are' if count > 1 else ' is'} open in it: complete the description, and freeze it again."
    organization, last = current_organization(), description.period.ends_on
    if organization.day_of(description.made_at) < last:
        return f"It was frozen before the last day of the period: freeze it again on {last:%-d %B %Y} or later."
    newest = SystemDescription.objects.filter(period=description.period_id).first()
    return "It was frozen again since: sign the latest." if newest is not None and newest.pk != description.pk else ""


@action
def sign_assertion(description: SystemDescription, *, actor: Member, text: str, name: str, position: str) -> Assertion:
    """Management stands by a frozen description, by name. Raises ActionRefused."""
    AuditPeriod.objects.select_for_update(of=("self",)).get(pk=description.period_id)
    current = SystemDescription.objects.select_related("file", "period").get(pk=description.pk)
    if reason := why_not_sign(current, actor):
        raise ActionRefused(reason)
    for field, value in (("text", text), ("name", name), ("position", position)):
        if not value.strip():
            raise ActionRefused("This is needed.", field=field)
    with refusing_taken(Assertion):
        assertion = Assertion.objects.create(
            description=current,
            text=text.replace("\r\n", "\n").strip(),
            sha256=current.file.sha256,
            signed_by=actor,
            name=name.strip(),
            position=position.strip(),
            signed_at=now(),
        )
        after = {"name": assertion.name, "position": assertion.position, "sha256": assertion.sha256, "text": assertion.text}
        record("assertion.sign", assertion, actor=actor, after=after, metadata={"description": current.reference})
        record("system_description.sign", current, actor=actor, after=after)
    make_description_pdf.delay_on_commit(str(current.pk))
    return assertion


def proposed_assertion(description: SystemDescription, organization: str) -> str:
    """Words to begin from; management changes them as it sees fit."""
    period = description.period
    is_span = period.kind == AuditPeriod.Kind.TYPE_2
    when = f"from {period.starts_on:%-d %B %Y} to {period.ends_on:%-d %B %Y}" if is_span else f"as of {period.ends_on:%-d %B %Y}"
    worked = [f"3. The controls worked as described {when}."] if is_span else []
    return "\n\n".join(
        [
            f"We are the management of {organization}. We wrote the accompanying description of our system, "
            f"{description.reference}, and we answer for it and for the controls it names. "
            "To the best of our knowledge and belief:",
            f"1. The description shows the system as it was designed and run {when}, and leaves out nothing that a reader with a "
            "broad range of interests needs.",
            "2. The controls were designed so that our service commitments and system requirements would be met by the criteria "
            "in scope, if they worked as described and if customers and subservice organizations did their part.",
            *worked,
        ]
    )
