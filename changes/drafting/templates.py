"""Templates of standard changes: written by one, approved by another until a day; changed, they have to be approved anew."""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from audit.actions import action
from audit.actors import Actor
from audit.record import canonical, record
from changes.drafting.actions import TEXTS, clean, member_of, person_of
from changes.drafting.content import telling
from changes.drafting.mail_templates import tell_approvers, tell_writer
from changes.models import ChangeTemplate, TemplateSystem
from changes.rights import RUN
from inventory.models import System
from tenancy.models import current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from workflow.changes import differing
from workflow.uniqueness import refusing_taken

SYSTEMS = "systems"
WRITTEN = ("title", "kind", *TEXTS, "expires_on")
LONGEST_DAYS = 366  # an approval of a template lasts a year at most
Status = ChangeTemplate.Status


def usable(today: dt.date | None = None) -> QuerySet[ChangeTemplate]:
    """Templates that are approved and not past their day."""
    return ChangeTemplate.objects.filter(status=Status.APPROVED, expires_on__gte=today or _today()).order_by("title")


@action
def create_template(*, actor: Actor, systems: Collection[System] = (), **facts: Any) -> ChangeTemplate:
    """Write a template, as a draft. Raises ActionRefused."""
    _authorise(actor)
    member = member_of(actor)
    template = ChangeTemplate(written_by=member, writer_person=person_of(member) if member else None, **facts)
    clean(template, set(WRITTEN))
    _check_day(template)
    template.content_hash = hash_of(template, systems)
    with refusing_taken(ChangeTemplate):
        template.save(force_insert=True)
    _put(template, systems)
    told = {name: telling(name, getattr(template, name)) for name in WRITTEN if getattr(template, name) not in ("", None)}
    record("change_template.create", template, actor=actor, after={**told, SYSTEMS: telling(SYSTEMS, systems)})
    return template


def edit_template(
    template: ChangeTemplate, *, actor: Actor, systems: Collection[System] | None = None, **facts: Any
) -> ChangeTemplate:
    """Change it: one that is submitted or approved is a draft again. Nothing happens when nothing differs."""
    current = ChangeTemplate.objects.get(pk=template.pk)
    present = _systems_of(current)
    given = present if systems is None else list(systems)
    if not differing(current, facts) and telling(SYSTEMS, given) == telling(SYSTEMS, present):
        return current
    return _edit(current, actor, given, facts)


@action
def _edit(template: ChangeTemplate, actor: Actor, systems: Collection[System], facts: dict[str, Any]) -> ChangeTemplate:
    _authorise(actor)
    current = ChangeTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    refuse_retired(current)
    changed = differing(current, facts)
    present = _systems_of(current)
    if current.status != Status.DRAFT:
        ChangeTemplate.RETURN.apply(
            current,
            actor=actor,
            note="Its text was changed.",
            approved_hash="",
            approved_by=None,
            approver_person=None,
            approved_at=None,
        )
    before = {name: telling(name, getattr(current, name)) for name in changed}
    for name, value in changed.items():
        setattr(current, name, value)
    clean(current, set(changed))
    _check_day(current)
    member = member_of(actor)
    current.written_by, current.writer_person = member, person_of(member) if member else None
    current.content_hash = hash_of(current, systems)
    with refusing_taken(ChangeTemplate):
        current.save()
    _put(current, systems)
    after = {name: telling(name, getattr(current, name)) for name in changed}
    if telling(SYSTEMS, present) != telling(SYSTEMS, systems):
        before, after = {**before, SYSTEMS: telling(SYSTEMS, present)}, {**after, SYSTEMS: telling(SYSTEMS, systems)}
    record("change_template.edit", current, actor=actor, before=before, after=after)
    return current


@action
def submit_template(template: ChangeTemplate, *, actor: Actor) -> None:
    """Put it before somebody who approves changes. Raises ActionRefused."""
    _check_day(template)
    ChangeTemplate.SUBMIT.apply(template, actor=actor)
    tell_approvers(template, actor=actor)


@action
def approve_template(template: ChangeTemplate, *, actor: Actor, content_hash: str) -> None:
    """Approve it as it was shown. Not by who wrote it. Raises ActionRefused, also when it has changed since."""
    ChangeTemplate.APPROVE.authorise(actor)
    current = ChangeTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    ChangeTemplate.APPROVE.check(current)
    if refusal := why_not_approve(actor, current):
        raise ActionRefused(refusal)
    if content_hash != current.content_hash:
        raise ActionRefused("The template has changed since this page was made. Read it again below.")
    _check_day(current)
    member = member_of(actor)
    ChangeTemplate.APPROVE.apply(
        current,
        actor=actor,
        approved_hash=content_hash,
        approved_by=member,
        approver_person=person_of(member) if member else None,
        approved_at=now(),
    )
    tell_writer(current, what="Approved", actor=actor)


@action
def return_template(template: ChangeTemplate, *, actor: Actor, reason: str) -> None:
    """Give it back to who wrote it: changes may not go by it. By those who approve and those who run changes."""
    if not (actor.can("changes.approve") or actor.can(RUN)):
        raise ActionRefused("Your role does not allow this.")
    said = stated(reason)
    ChangeTemplate.RETURN.apply(
        template, actor=actor, note=said, approved_hash="", approved_by=None, approver_person=None, approved_at=None
    )
    tell_writer(template, what="Returned", words=said, actor=actor)


@action
def retire_template(template: ChangeTemplate, *, actor: Actor, reason: str) -> None:
    """No change begins by it any more. Those that were approved by it stay as they are."""
    ChangeTemplate.RETIRE.apply(template, actor=actor, note=stated(reason))


def why_not_approve(actor: Actor, template: ChangeTemplate) -> str:
    """Why this actor may not approve it; empty when they may. The database holds the same."""
    member = member_of(actor)
    if member is None:
        return "A template is approved by a person."
    person = person_of(member)
    if template.written_by_id == member.pk or (person is not None and template.writer_person_id == person.pk):
        return "You wrote it: somebody else has to approve it."
    return ""


def refuse_retired(template: ChangeTemplate) -> None:
    """Raise ActionRefused for one that is out of use."""
    if template.status == Status.RETIRED:
        raise ActionRefused(f"“{template}” is retired: write a new one.")


def hash_of(template: ChangeTemplate, systems: Collection[System]) -> str:
    """SHA-256 over what is approved with it, as 64 hexadecimal digits."""
    content = {name: getattr(template, name) for name in WRITTEN}
    return hashlib.sha256(canonical({**content, SYSTEMS: sorted(str(one.pk) for one in systems)}).encode()).hexdigest()


def _check_day(template: ChangeTemplate) -> None:
    today = _today()
    if template.expires_on < today:
        raise ActionRefused("Its approval would have ended already: choose a later day.", field="expires_on")
    if (template.expires_on - today).days > LONGEST_DAYS:
        raise ActionRefused("A template is approved for a year at most, then it is looked at again.", field="expires_on")


def _put(template: ChangeTemplate, systems: Collection[System]) -> None:
    wanted = {one.pk: one for one in systems}
    TemplateSystem.objects.filter(template=template).exclude(system__in=wanted).delete()
    there = set(TemplateSystem.objects.filter(template=template).values_list("system", flat=True))
    TemplateSystem.objects.bulk_create(
        TemplateSystem(template=template, system=one) for key, one in wanted.items() if key not in there
    )


def _systems_of(template: ChangeTemplate) -> list[System]:
    return [row.system for row in template.systems.select_related("system")]


def _authorise(actor: Actor) -> None:
    if not actor.can(RUN):
        raise ActionRefused("Your role does not allow this.")


def _today() -> dt.date:
    return current_organization().today()
