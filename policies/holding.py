"""A policy and its versions as they are now, locked: the first thing that every action asks for."""

from policies.models import Policy, PolicyVersion
from policies.models.policy import UNDER_WAY


def under_way(policy: Policy) -> PolicyVersion | None:
    """The version that is written, waits for approval, or waits for its day."""
    found = policy.versions.filter(status__in=UNDER_WAY)
    return found.select_related("author__user", "file", "policy__owner").first()


def hold(policy: Policy) -> Policy:
    """Lock the row of a policy: the first thing that every action on it does."""
    return Policy.objects.select_for_update(of=("self",)).select_related("owner").get(pk=policy.pk)


def locked(version: PolicyVersion) -> PolicyVersion:
    """Lock the row of its policy, and give the version as it is now."""
    hold(version.policy)
    return PolicyVersion.objects.select_related("policy__owner", "author", "file").get(pk=version.pk)
