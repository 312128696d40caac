"""Events about a person, who may belong to several organizations or to none."""

import uuid
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from accounts.models import Member, User
from audit.actors import Actor
from audit.people import register_members
from audit.record import record, record_failure
from tenancy.models import Organization
from tenancy.scope import current_tenant_id, tenant


def record_for_person(
    verb: str,
    user: User,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    within: Organization | None = None,
) -> None:
    """Add an event about the user, who acts, to the trail of each of their organizations (or the installation's).

    With `within` to that one's only: what a session does that reaches no other is nobody else's business.
    """
    for organization, actor in _places(user):
        if within is not None and organization != within:
            continue
        with tenant(organization):
            record(verb, user, actor=actor, before=before, after=after, metadata=metadata)


def fail_for_person(verb: str, user: User | None, metadata: Mapping[str, Any]) -> None:
    """Add a failure to the trail of each of the person's organizations; of nobody we know, to the installation's."""
    if user is None:
        record_failure(verb, organization=Organization.installation(), actor=None, metadata=metadata)
        return
    for organization, actor in _places(user):
        record_failure(verb, organization=organization, actor=actor, subject=user, metadata=metadata)


def _places(user: User) -> Iterator[tuple[Organization, Actor]]:
    """The user's organizations, and who they are there."""
    members = Member.of_user(user)
    if not members:
        yield Organization.installation(), user
    for member in members:
        yield member.organization, member


@register_members
def members_of_accounts(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Which member of the active organization each of these accounts is."""
    return dict(Member.objects.filter(organization_id=current_tenant_id(), user_id__in=ids).values_list("user_id", "pk"))
