"""A policy is set up, and what is kept of it beside what it says is changed."""

from collections.abc import Collection
from typing import Any

from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from controls.models import Control
from controls.status.keep import refresh
from inventory.models import Person
from policies.holding import hold
from policies.models import Policy, PolicyControl
from policies.publishing.days import months_after
from policies.rights import WRITE
from policies.writing.actions import add_version
from ui.refusals import ActionRefused, stated
from workflow.changes import change, differing
from workflow.references import plain_reference
from workflow.uniqueness import refusing_taken


@action
def create_policy(
    *,
    actor: Member,
    title: str,
    kind: str = Policy.Kind.POLICY,
    owner: Person | None = None,
    criteria: Collection[str] = (),
    controls: Collection[Control] = (),
    text: str = "",
    **fields: Any,
) -> Policy:
    """Set up a policy with its first version as a draft. `fields`: review_months, quorum, library_key. Raises ActionRefused."""
    policy = add_policy(actor, title, kind=kind, owner=owner, criteria=list(criteria), **fields)
    map_controls(policy, controls)
    add_version(policy, actor, text=text.strip(), material=True)
    return policy


def add_policy(actor: Member, title: str, **fields: Any) -> Policy:
    """The row of a policy with its event. Part of a caller's action. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    policy = Policy(title=stated(title, "Give it a title.", field="title"), **fields)
    policy.reference = plain_reference("POL")
    policy.full_clean(exclude=["tenant"], validate_unique=False, validate_constraints=False)
    with refusing_taken(Policy):
        policy.save(force_insert=True)
    record("policy.create", policy, actor=actor, after={"number": policy.reference, "title": policy.title, "kind": policy.kind})
    return policy


@action
def edit_policy(policy: Policy, *, actor: Actor, controls: Collection[Control] | None = None, **fields: Any) -> Policy:
    """Change what is kept of a policy beside what it says: whose it is, how often it is reviewed, what it documents."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    current = hold(policy)
    if current.status == Policy.Status.RETIRED:
        raise ActionRefused("It is retired: put it back into use first.")
    before = _codes(current)
    if controls is not None and before != (after := sorted(control.code for control in controls)):
        touched = {*_mapped(current), *(control.pk for control in controls)}
        PolicyControl.objects.filter(policy=current).delete()
        map_controls(current, controls)
        record("policy.map", current, actor=actor, before={"controls": before}, after={"controls": after})
        refresh(touched)
    elif not differing(current, fields):
        raise ActionRefused("Nothing is different.")
    moved = _moved_review(current, fields)
    changed = change(current, "policy.edit", actor=actor, fields={**moved, **fields})
    if changed.next_review_on != current.next_review_on:
        refresh(_mapped(current))
    return changed


def _moved_review(policy: Policy, fields: dict[str, Any]) -> dict[str, Any]:
    """With another cadence the next review moves by the difference."""
    months = fields.get("review_months", policy.review_months) - policy.review_months
    if not months or policy.next_review_on is None:
        return {}
    return {"next_review_on": months_after(policy.next_review_on, months)}


def map_controls(policy: Policy, controls: Collection[Control]) -> None:
    """Say which controls it documents. Part of a caller's action."""
    PolicyControl.objects.bulk_create(PolicyControl(policy=policy, control=control) for control in controls)


def _mapped(policy: Policy) -> list[Any]:
    return list(policy.documents.values_list("control_id", flat=True))


def _codes(policy: Policy) -> list[str]:
    return sorted(policy.documents.values_list("control__code", flat=True))
