"""Conflicts of duty: what one person should not do alone, because they would check their own work (CC5.1, CC6.3).

The product keeps many of them apart record by record as well: nobody approves a change they asked for, nobody tests a control
they own or perform. Here it is about who could. The built-in roles are made so that each stands for one side, or for the
compliance manager, who runs a programme whose records the product keeps apart; what they hold is no conflict by itself. What a
role of the organization's own combines, and what several roles combine in one person, is named.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from accounts.roles import ROLES, implied


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two duties that should be apart: whoever holds one permission of each side has both. `sentence` says why it matters."""

    key: str
    name: str
    sentence: str
    one: frozenset[str]
    other: frozenset[str]

    def is_in(self, rights: Collection[str]) -> bool:
        """Whether these permissions hold both sides."""
        return not self.one.isdisjoint(rights) and not self.other.isdisjoint(rights)


def _conflict(key: str, one: str, other: str, name: str, sentence: str) -> Conflict:
    return Conflict(key, name, sentence, frozenset(one.split()), frozenset(other.split()))


CONFLICTS = (
    _conflict(
        "access", "members.admin", "reviews.decide reviews.sign",
        "Administers access and certifies it",
        "They could give access and be the one who says that it is right.",
    ),
    _conflict(
        "changes", "changes.write", "changes.approve",
        "Runs changes and approves them",
        "They could bring a change about that nobody else has looked at.",
    ),
    _conflict(
        "deployments", "deployments.write", "changes.approve",
        "Reports deployments and approves changes",
        "They could approve what they bring into production.",
    ),
    _conflict(
        "change_rules", "change_rules.write", "deployments.write",
        "Sets who approves changes and reports deployments",
        "They could lower what a deployment of theirs has to meet.",
    ),
    _conflict(
        "controls", "controls.write", "controls.test",
        "Keeps controls and tests them",
        "They could test what they answer for, and change a control to fit its test.",
    ),
    _conflict(
        "removals", "removals.work", "removals.accept",
        "Takes access away and accepts that it stays",
        "They could leave access in place and accept that themselves.",
    ),
    _conflict(
        "incidents", "incidents.write", "incidents.approve",
        "Runs incidents and approves their reviews",
        "They could approve the account of what they did.",
    ),
    _conflict(
        "vulnerabilities", "vulnerabilities.write", "vulnerabilities.accept",
        "Handles vulnerabilities and accepts them",
        "They could accept what they should have had repaired.",
    ),
    _conflict(
        "policies", "policies.write", "policies.approve",
        "Writes policies and approves them",
        "They could put a policy in force that nobody else has read.",
    ),
    _conflict(
        "vendors", "vendors.write", "vendors.approve",
        "Assesses vendors and decides on them",
        "They could let a vendor in on their own assessment.",
    ),
    _conflict(
        "risks", "risks.write", "risks.approve",
        "Keeps the risks and approves their assessment",
        "They could call a risk small that they answer for.",
    ),
    _conflict(
        "audit", "requests.write evidence.write controls.write members.admin", "requests.judge",
        "Answers the auditor and judges in the auditor's place",
        "They could accept their own answer in the auditor's name.",
    ),
)  # fmt: skip
CONFLICT: Mapping[str, Conflict] = {one.key: one for one in CONFLICTS}


def conflicts_within(grants: Collection[str]) -> list[Conflict]:
    """What one set of permissions combines."""
    rights = implied(grants)
    return [one for one in CONFLICTS if one.is_in(rights)]


def conflicts_between(held: Iterable[Collection[str]]) -> Iterator[Conflict]:
    """What several roles combine in one person; not what one of them combines by itself. `held`: what each grants."""
    each = [implied(grants) for grants in held]
    together = frozenset().union(*each)
    for one in CONFLICTS:
        if one.is_in(together) and not any(one.is_in(rights) for rights in each):
            yield one


def grants_of(keys: Iterable[str], own: Mapping[str, Collection[str]]) -> list[Collection[str]]:
    """What each of these roles grants; `own`: the organization's, by key."""
    return [ROLES[key].grants if key in ROLES else own.get(key, ()) for key in keys]
