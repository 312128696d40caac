"""The part of `aws iam get-account-authorization-details` that says what a user may do."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from evidence.tables.errors import FormatError, RowProblem
from inventory.formats.documents import objects, parse_json, text_of

_ADMINISTRATIVE: Final = frozenset({"administratoraccess", "iamfullaccess", "poweruseraccess"})
_AWS_OWNED: Final = re.compile(r"arn:aws[a-z-]*:iam::aws:policy/")
# Of AWS's own policies those that change nothing but the user's own password, by the names that AWS gives no others.
_HARMLESS: Final = re.compile(r".*ReadOnly(Access)?|ViewOnlyAccess|SecurityAudit|IAMUserChangePassword")


@dataclass(slots=True)
class Grant:
    """A policy that reaches a user: its stable key, name, plain meaning; privileged None = its document is not in the file."""

    key: str
    name: str
    meaning: str
    privileged: bool | None


@dataclass(slots=True)
class AwsUser:
    """A user of the authorization details."""

    position: int
    name: str
    user_id: str
    arn: str
    tags: dict[str, str] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)

    @property
    def privileged(self) -> bool | None:
        """Whether any of the grants is privileged."""
        return either(grant.privileged for grant in self.grants)


def either(answers: Any) -> bool | None:
    """Give True if any answer is, None if any is unknown, else False."""
    seen = set(answers)
    return True if True in seen else None if None in seen else False


class AccountDetails:
    """Users by name, each with the grants that reach it directly and through groups."""

    def __init__(self, document: object) -> None:
        """Index the document. Raises FormatError when it is something else."""
        if not isinstance(document, dict) or not isinstance(document.get("UserDetailList"), list):
            raise FormatError("The authorization details have no list of users (UserDetailList).")
        self.is_truncated = document.get("IsTruncated") is True
        self._managed = _managed(document.get("Policies"))
        self._groups = {_name(g, "GroupName"): g for g in objects(document.get("GroupDetailList"))}
        self.users: dict[str, AwsUser] = {}
        self.problems: list[tuple[int, str, list[str]]] = []
        for position, item in enumerate(document["UserDetailList"], 1):
            self._add(position, item)

    def _add(self, position: int, item: object) -> None:
        try:
            user = self._user(position, item)
        except RowProblem as problem:
            shown = item.get("UserName") if isinstance(item, dict) else None
            self.problems.append((position, shown if isinstance(shown, str) else "", problem.reasons))
        else:
            self.users[user.name] = user

    def _user(self, position: int, item: object) -> AwsUser:
        if not isinstance(item, dict):
            raise RowProblem("The entry is not a user.")
        name = text_of(item.get("UserName"), "user name")
        user = AwsUser(position, name, text_of(item.get("UserId"), "user id"), text_of(item.get("Arn"), "ARN"))
        if not name or not (user.user_id or user.arn):
            raise RowProblem("The entry names no user name and id.")
        if name in self.users:
            raise RowProblem(f"The user “{name}” occurs twice.")
        user.tags = {text_of(t.get("Key")).lower(): text_of(t.get("Value")) for t in objects(item.get("Tags"))}
        user.grants = self._grants(item)
        return user

    def _grants(self, item: dict[str, Any]) -> list[Grant]:
        groups = item.get("GroupList")
        names = [text_of(name, "group name") for name in groups] if isinstance(groups, list) else []
        return [self._membership(name) for name in names] + self._attached(item) + _inline(item, "UserPolicyList")

    def _membership(self, name: str) -> Grant:
        group = self._groups.get(name)
        if group is None:
            return Grant(f"group:{name}", f"Group {name}", "Member of a group that the file does not describe.", None)
        within = self._attached(group) + _inline(group, "GroupPolicyList")
        given = ", ".join(grant.name for grant in within) or "no policy"
        meaning = f"Through the group {name}: {given}."
        return Grant(f"group:{name}", f"Group {name}", meaning[:2000], either(grant.privileged for grant in within))

    def _attached(self, holder: dict[str, Any]) -> list[Grant]:
        grants = []
        for policy in objects(holder.get("AttachedManagedPolicies")):
            name, arn = text_of(policy.get("PolicyName"), "policy name"), text_of(policy.get("PolicyArn"), "policy ARN")
            key = arn or name
            if key:
                owner = "An AWS managed policy" if _AWS_OWNED.match(arn) else "A policy of this account"
                grants.append(Grant(f"policy:{key}", name or key, f"{owner}, attached directly.", self._judge(name, arn)))
        return grants

    def _judge(self, name: str, arn: str) -> bool | None:
        """By its document; without one only what AWS's own names say is known, and that is little."""
        if name.lower() in _ADMINISTRATIVE or arn.rsplit("/", 1)[-1].lower() in _ADMINISTRATIVE:
            return True
        if arn in self._managed:
            return self._managed[arn]
        harmless = _AWS_OWNED.match(arn) and _HARMLESS.fullmatch(arn.rsplit("/", 1)[-1])
        return False if harmless else None


def _inline(holder: dict[str, Any], key: str) -> list[Grant]:
    grants = []
    for policy in objects(holder.get(key)):
        name = text_of(policy.get("PolicyName"), "policy name")
        privileged = allows_administration(policy.get("PolicyDocument"))
        grants.append(Grant(f"inline:{name}", f"Inline policy {name}", "A policy written for this user alone.", privileged))
    return grants


def _managed(policies: object) -> dict[str, bool | None]:
    """Give by ARN whether a managed policy's version in force is privileged."""
    judged: dict[str, bool | None] = {}
    for policy in objects(policies):
        arn = policy.get("Arn")
        versions = objects(policy.get("PolicyVersionList"))
        current = [
            v for v in versions if v.get("IsDefaultVersion") is True or v.get("VersionId") == policy.get("DefaultVersionId")
        ]
        if isinstance(arn, str) and current:
            judged[arn] = allows_administration(current[0].get("Document"))
    return judged


def allows_administration(document: object) -> bool | None:
    """Tell whether a policy allows everything or all of IAM, which is everything in two steps; None = unreadable.

    A document in which no statement is found says nothing: IAM keeps none without one.
    """
    if isinstance(document, str):
        try:
            document = parse_json(unquote(document))
        except FormatError:
            return None
    if not isinstance(document, dict):
        return None
    found = document.get("Statement")
    listed = found if isinstance(found, list) else [found]
    statements = objects(listed)
    if not statements or len(statements) < len(listed):
        return None
    return any(_is_administrative(one) for one in statements)


def _is_administrative(statement: dict[str, Any]) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    if "NotAction" in statement:  # everything but what is named
        return True
    actions = statement.get("Action")
    named = actions if isinstance(actions, list) else [actions]
    return any(isinstance(action, str) and _covers_iam(action.lower()) for action in named)


def _covers_iam(action: str) -> bool:
    """Whether a pattern of actions holds every one of IAM's: *, *:*, iam:*, iam*."""
    begin = action.rstrip("*")
    return begin != action and ("iam:".startswith(begin) or begin == "*:")


def _name(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""
