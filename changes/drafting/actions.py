"""Writing changes: raised, edited, cloned."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from changes.approving.content import BOUND
from changes.drafting.content import LINKS, SYSTEMS, Link, changed_of, label_of, only, present, put_links, put_systems, telling
from changes.drafting.risk import assess
from changes.drafting.stale import refuse_stale
from changes.drafting.words import FIELDS, learn
from changes.lifecycle.submitting import content_changed
from changes.models import Change, ChangeTemplate
from changes.rights import RAISE, is_carried_out, is_frozen, may_edit, why_no_worker
from inventory.models import Person, System
from tenancy.scope import now
from ui.refusals import ActionRefused
from workflow.references import next_reference
from workflow.uniqueness import refusing_taken

TEXTS = ("description", "impact", "rollback_plan", "abort_criteria", "test_plan")  # that a template gives its changes
WRITTEN = frozenset({
    "type", "kind", "template", "title", "priority", "answers", "environments", "window_from", "window_until",
    "testing_evidence", "implementer", "verifier", "emergency_reason", "requester", *TEXTS,
})  # fmt: skip
FROM_SOURCE = frozenset({"repository", "number", "head_sha", "merge_sha", "merged_at", "merged_by", "checks"})
Status = Change.Status


@action
def create_change(
    *,
    actor: Actor,
    title: str,
    systems: Collection[System] | None = None,
    links: Iterable[Link] = (),
    source: str = Change.Source.FORM,
    requester: Person | None = None,
    template: ChangeTemplate | None = None,
    raised_at: dt.datetime | None = None,
    **facts: Any,
) -> Change:
    """Raise a change as a draft; only a title is needed. One of a template has its words, and its systems unless some are given.

    `facts` are fields of WRITTEN and FROM_SOURCE; `raised_at` is when a source says it was opened. Raises ActionRefused.
    """
    if not actor.can(RAISE):
        raise ActionRefused("Your role does not allow this.")
    facts = {**_of_template(template), **_known(facts)}
    _refuse_idle(facts)
    if systems is None:
        systems = [row.system for row in template.systems.select_related("system")] if template else []
    member = member_of(actor)
    change = Change(
        title=title.strip(),
        template=template,
        requester=requester or (person_of(member) if member else None),
        raised_by=member,
        raised_at=min(raised_at or now(), now()),
        edited_at=now(),
        source=source,
        **facts,
    )
    change.risk = assess(change.answers, change.kind).level
    change.reference = next_reference("CHG", str(timezone.localtime(change.raised_at).year))
    clean(change, {"title", "template", "requester", "source", *facts})
    with refusing_taken(Change):
        change.save(force_insert=True)
    learn(change)
    put_systems(change, systems)
    put_links(change, links)
    told = {"title": change.title, "requester": change.requester, "template": template, "source": source, **facts}
    shown = {name: telling(name, value) for name, value in told.items() if value not in (None, "", [], {})}
    names = {SYSTEMS: sorted(one.name for one in systems)} if systems else {}
    record("change.raise", change, actor=actor, after={**shown, **names})
    return change


def edit_change(change: Change, *, actor: Actor, edited_at: dt.datetime | None = None, **fields: Any) -> Change:
    """Save what differs of `fields` (those of create_change); nothing happens when nothing does.

    With `edited_at`, when the form in hand was made, raises Stale if somebody has edited the change since in one of these
    fields. Raises ActionRefused when the actor may not, or the change is not open to editing.
    """
    _known({name: value for name, value in fields.items() if name not in {SYSTEMS, LINKS}})
    current = Change.objects.get(pk=change.pk)
    refuse_stale(current, edited_at, fields)
    if not changed_of(current, fields):
        return current
    return _edit(current, actor, edited_at, fields)


@action
def _edit(change: Change, actor: Actor, edited_at: dt.datetime | None, fields: dict[str, Any]) -> Change:
    current = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
    refuse_stale(current, edited_at, fields)
    if not may_edit(actor, current):
        raise ActionRefused(_why_not(current))
    changed = changed_of(current, fields)
    if not changed:
        raise ActionRefused("Somebody has made the same change.")
    _refuse_frozen(current, changed)
    _refuse_idle(changed)
    before = {name: telling(name, only(name, present(current, name), changed[name])) for name in changed}
    after = {name: telling(name, only(name, changed[name], present(current, name))) for name in changed}
    rows = {name: value for name, value in changed.items() if name not in {SYSTEMS, LINKS}}
    for name, value in rows.items():
        setattr(current, name, value)
    current.risk = assess(current.answers, current.kind).level
    current.edited_at = now()
    clean(current, set(rows))
    with refusing_taken(Change):
        current.save(update_fields=[*rows, "risk", "edited_at"])
    if FIELDS & set(rows):
        learn(current)
    if SYSTEMS in changed:
        put_systems(current, changed[SYSTEMS])
    if LINKS in changed:
        put_links(current, changed[LINKS])
    verb = "change.save" if current.status == Status.DRAFT else "change.edit"
    record(verb, current, actor=actor, before=before, after=after)
    content_changed(current, actor=actor)
    return current


def _why_not(change: Change) -> str:
    if change.is_over or change.status == Status.REVIEWED:
        return f"{change} is {change.get_status_display().lower()}: it is not edited any more."
    return "This is for whoever raised the change and for those who run changes."


def _refuse_frozen(change: Change, changed: Collection[str]) -> None:
    """Raise ActionRefused when what was approved, who asked for it or who carried it out would be rewritten afterwards."""
    fixed_people = {"implementer": "who carried it out"}
    if change.requester is not None:  # the author of a request may be learned later
        fixed_people["requester"] = "who asked for it"
    for name, what in fixed_people.items():
        if name in changed and is_carried_out(change):
            words = f"{change} is {change.get_status_display().lower()}: {what} stays as it was recorded."
            raise ActionRefused(words, field=name)
    if is_frozen(change) and (fixed := set(changed) & {*BOUND}):
        names = ", ".join(sorted(label_of(name) for name in fixed))
        raise ActionRefused(f"{change} is {change.get_status_display().lower()}: what was approved stays as it was ({names}).")


def _refuse_idle(facts: Mapping[str, Any]) -> None:
    """Raise ActionRefused when somebody is named to carry it out or review it whose role only reads."""
    for name in ("implementer", "verifier"):
        if (person := facts.get(name)) and (refusal := why_no_worker(person)):
            raise ActionRefused(refusal, field=name)


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    if strange := facts.keys() - WRITTEN - FROM_SOURCE:
        raise TypeError(f"These are no fields that can be written: {', '.join(sorted(strange))}.")
    return facts


def _of_template(template: ChangeTemplate | None) -> dict[str, Any]:
    if template is None:
        return {}
    return {"type": Change.Type.STANDARD, "kind": template.kind, **{name: getattr(template, name) for name in TEXTS}}


def clean(row: Model, names: set[str]) -> None:
    """Judge these fields of a row. Raises ValidationError."""
    exclude = {field.name for field in row._meta.fields} - names
    row.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)


def member_of(actor: Actor) -> Member | None:
    """The actor, where it is a person."""
    return actor if isinstance(actor, Member) else None


def person_of(member: Member) -> Person | None:
    """A member on the roster, where they are on it."""
    return Person.objects.filter(member=member).first()
