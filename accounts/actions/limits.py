"""What an auditor is limited to."""

import uuid
from collections.abc import Collection

from accounts.giving import must_appoint, must_reach
from accounts.limits import checked_limits
from accounts.models import Member
from audit.actions import action
from audit.actors import Actor
from audit.record import record
from tenancy.scope import current_tenant_id


@action
def set_limits(member: Member, *, areas: Collection[str], audit_period: uuid.UUID | None, actor: Actor) -> None:
    """Say which areas and which audit period an auditor sees, from their next page on; none of one is no limit.

    Whoever may give the role may limit it. Raises ActionRefused.
    """
    must_appoint(actor)
    here = Member.objects.filter(organization_id=current_tenant_id())
    before = here.select_for_update(of=("self",)).get(pk=member.pk)
    must_reach(actor, before)
    after = checked_limits(before.roles, areas, audit_period)
    here.filter(pk=member.pk).update(**after)
    member.refresh_from_db()
    vars(member).pop("limits", None)
    record("member.limit", member, actor=actor, before=before.limits.facts, after=member.limits.facts)
