"""Policies for tests, made as people make them."""

import datetime as dt
from typing import Any

from accounts.models import Member
from inventory.models import Person
from policies.exceptions.actions import ask_exception
from policies.holding import under_way
from policies.models import Policy, PolicyException, PolicyVersion
from policies.publishing.actions import publish_version
from policies.register.actions import create_policy
from policies.writing.actions import submit_version
from policies.writing.approving import approve_version

TEXT = "# Purpose\n\nAccounts are personal.\n\n# Rules\n\n- Nobody shares a password.\n"


def draft(author: Member, title: str = "Access control", **fields: Any) -> PolicyVersion:
    """The first version of a new policy, owned by its author."""
    fields = {"text": TEXT, "owner": Person.objects.get(member=author), **fields}
    version = under_way(create_policy(actor=author, title=title, **fields))
    assert version is not None
    return version


def approved(author: Member, approver: Member, title: str = "Access control", **fields: Any) -> PolicyVersion:
    """A version that somebody else approved."""
    version = submit_version(draft(author, title, **fields), actor=author)
    approve_version(version, actor=approver, content_hash=version.content_hash)
    return version.refreshed()


def in_force(author: Member, approver: Member, title: str = "Access control", **fields: Any) -> Policy:
    """A policy that holds from today."""
    version = publish_version(approved(author, approver, title, **fields), actor=author)
    return Policy.objects.get(pk=version.policy_id)


def asked(policy: Policy, member: Member, **fields: Any) -> PolicyException:
    """An exception that a member asks for themselves, for a month."""
    texts = {name: f"The {name} of it." for name in ("what", "why", "compensating", "risk")}
    until = member.organization.today() + dt.timedelta(days=30)
    facts = {"person": Person.objects.get(member=member), "ends_on": until, **texts, **fields}
    return ask_exception(actor=member, policy=policy, **facts)
