"""An approved version comes into force on its day; what is in force is looked at again, and ends."""

import datetime as dt
import logging
import uuid

from accounts.models import Member
from audit.actions import action
from audit.actors import SCHEDULE, Actor
from controls.status.keep import refresh
from policies import hooks
from policies.holding import hold, locked
from policies.models import Policy, PolicyVersion
from policies.models.policy import UNDER_WAY
from policies.publishing.days import months_after
from policies.rights import WRITE, for_writers
from policies.writing.content import digest
from tenancy.models import Organization, current_organization
from tenancy.scope import now
from ui.refusals import ActionRefused, stated
from ui.values import spelled
from workflow.changes import change
from workflow.uniqueness import refusing_taken

Status = PolicyVersion.Status
log = logging.getLogger(__name__)


@action
def publish_version(version: PolicyVersion, *, actor: Member, effective_on: dt.date | None = None) -> PolicyVersion:
    """Choose from which day an approved version holds: today at once, later by itself on that day. Raises ActionRefused."""
    if not actor.can(WRITE):
        raise ActionRefused("Your role does not allow this.")
    current, today = locked(version), current_organization().today()
    PolicyVersion.PUBLISH.check(current)
    day = effective_on or today
    if day < today:
        raise ActionRefused("Not in the past: nobody could keep to it before it was published.", field="effective_on")
    _refuse_altered(current)
    changed = change(current, "policy_version.schedule", actor=actor, fields={"effective_on": day, "published_by": actor})
    return put_in_force(changed, actor) if day == today else changed


def put_in_force(version: PolicyVersion, actor: Actor, *, reviewed_on: dt.date | None = None) -> PolicyVersion:
    """The version in the place of the one before it. Part of a caller's action, with the policy's row locked.

    `reviewed_on`: when it was looked at since it came into force, if it was.
    """
    policy, day = hold(version.policy), version.effective_on
    if day is None:
        raise ActionRefused("Choose from when it holds.")
    for before in policy.versions.filter(status=Status.PUBLISHED):
        PolicyVersion.SUPERSEDE.apply(before, actor=actor, ended_on=day, note=f"Version {version.number} took its place.")
    PolicyVersion.PUBLISH.apply(version, actor=actor, published_at=now(), metadata={"sha256": version.content_hash})
    fields = {"title": version.title, "next_review_on": months_after(max(day, reviewed_on or day), policy.review_months)}
    with refusing_taken(Policy):
        change(policy, "policy.in_force", actor=actor, fields=fields)
    refresh(controls_of(policy))
    hooks.published(version, actor)
    return version


def publish_due(organization: Organization, at: dt.datetime) -> None:
    """Put in force what was approved for a day that has come. Idempotent."""
    today = organization.day_of(at)
    due = PolicyVersion.objects.filter(status=Status.APPROVED, effective_on__lte=today)
    for version in due.select_related("policy").order_by("effective_on", "pk"):
        try:
            _publish_due(version, today)
        except ActionRefused as refusal:
            log.warning("%s did not come into force by itself: %s", version.pk, refusal)


@action
def _publish_due(version: PolicyVersion, today: dt.date) -> None:
    current = locked(version)
    PolicyVersion.PUBLISH.check(current)
    if current.effective_on is None or current.effective_on > today:
        raise ActionRefused("Another day was chosen meanwhile.")
    _refuse_altered(current)
    put_in_force(current, SCHEDULE)


@action
def confirm_review(policy: Policy, *, actor: Member, note: str) -> Policy:
    """Say that what is in force was looked at and stays as it is: the next review is a cadence from today."""
    current = hold(policy)
    for_writers(actor, current)
    said = stated(note, "Say what was looked at, and why nothing changes.", field="note")
    if not current.versions.filter(status=Status.PUBLISHED).exists():
        raise ActionRefused("No version of it is in force.")
    day = months_after(current_organization().today(), current.review_months)
    if current.next_review_on is not None and day <= current.next_review_on:
        raise ActionRefused(f"It is to be reviewed on {spelled(current.next_review_on)} anyway.")
    changed = change(current, "policy.review", actor=actor, fields={"next_review_on": day}, note=said)
    refresh(controls_of(changed))
    return changed


@action
def retire_policy(policy: Policy, *, actor: Member, reason: str) -> Policy:
    """End a policy: what is in force holds no more from today, and what is under way is not finished. Raises ActionRefused."""
    why, today = stated(reason), current_organization().today()
    current = hold(policy)
    Policy.RETIRE.apply(policy, actor=actor, note=why, retired_on=today, next_review_on=None)
    for version in current.versions.filter(status__in=[*UNDER_WAY, Status.PUBLISHED]):
        held = version.status == Status.PUBLISHED
        fields = {"ended_on": today} if held else {"effective_on": None}
        PolicyVersion.RETIRE.apply(version, actor=actor, note=why, **fields)
    refresh(controls_of(policy))
    hooks.retired(policy, actor)
    return policy


@action
def restore_policy(policy: Policy, *, actor: Member, reason: str = "") -> Policy:
    """Put it back into use: nothing of it is in force until another version is approved."""
    hold(policy)
    if Policy.objects.filter(title=policy.title, status=Policy.Status.ACTIVE).exists():
        raise ActionRefused("There is another policy of this name in use.")
    return Policy.RESTORE.apply(policy, actor=actor, note=reason.strip(), retired_on=None)


def controls_of(policy: Policy) -> list[uuid.UUID]:
    """The keys of the controls that it documents."""
    return list(policy.documents.values_list("control_id", flat=True))


def _refuse_altered(version: PolicyVersion) -> None:
    if digest(version) != version.content_hash:
        raise ActionRefused("What is stored is not what was approved. It is to be taken back and submitted again.")
