"""AWS IAM: the credential report together with the account authorization details.

Columns and words: "Generate credential reports for your AWS account" in the IAM user guide. `no_information` means that AWS
has no record since it began tracking; `N/A` that the thing does not exist; `not_supported` that the report does not tell it.
For a key that exists, the report writes N/A where its own documentation says "not used since tracking began".
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from evidence.tables.errors import FormatError, RowProblem
from evidence.tables.moments import Moments
from evidence.tables.rows import RowError, row_error
from evidence.tables.sources import Source
from inventory.formats.aws_policies import AccountDetails, AwsUser, Grant
from inventory.formats.declarations import Format, Part, Parts, Probe, require
from inventory.formats.documents import looks_like_json, open_records, read_json, text_of
from inventory.formats.reading import read_records
from inventory.formats.rows import EntitlementRow, Facts, ReadResult, checked, entitlement_key

REPORT: Final = "credential_report"
DETAILS: Final = "authorization_details"
ROOT: Final = "<root_account>"
NO_ACCESS: Final = "no password and no active key"
KEY_INACTIVE: Final = "key inactive"
_SIGNATURE: Final = frozenset({"user", "arn", "password enabled", "access key 1 active"})
_Use = tuple[dt.datetime | None, str]


@dataclass(slots=True)
class _Key:
    number: int
    active: bool
    since: dt.datetime | None
    use: _Use


@dataclass(slots=True)
class _Credentials:
    """One line of the credential report, read."""

    name: str
    arn: str
    has_password: bool
    password_use: _Use
    second_factor: bool
    keys: list[_Key]
    has_certificate: bool

    @property
    def can_sign_in(self) -> bool:
        """Whether any credential works."""
        return self.has_password or self.has_certificate or any(key.active for key in self.keys)

    @property
    def last_use(self) -> _Use:
        """The latest use of any credential; without one, why there is none."""
        uses = [self.password_use] * self.has_password + [key.use for key in self.keys]
        known = [use for use in uses if use[0] is not None]
        if known:
            return max(known, key=lambda use: use[0] or dt.datetime.min.replace(tzinfo=dt.UTC))
        states = {state for _, state in uses}
        return None, next((s for s in ("no_information", "not_supported") if s in states), "not_applicable")


def claim(probe: Probe) -> str:
    """Say which part a file is."""
    if isinstance(probe.document, dict):
        if probe.document.keys() & {"UserDetailList", "GroupDetailList", "RoleDetailList"}:
            return DETAILS
        # Of a large report there is nothing behind the content in sight.
        answered = "ReportFormat" in probe.document or probe.document == {"Content": ""}
        return REPORT if answered and isinstance(probe.document.get("Content"), str) else ""
    return REPORT if probe.keys >= _SIGNATURE else ""


def read(parts: Parts, zone: str) -> ReadResult[EntitlementRow]:
    """Read both files; users found in one only are errors. Raises FormatError."""
    facts = Facts(identified_by="user id")
    return ReadResult(_rows(parts, Moments(zone), facts), facts, EntitlementRow, entitlement_key)


def _rows(parts: Parts, moments: Moments, facts: Facts) -> Iterator[EntitlementRow | RowError]:
    details = AccountDetails(read_json(parts[DETAILS]))
    if details.is_truncated:
        raise FormatError("The authorization details are cut off (IsTruncated). Export all pages.")
    facts.records[DETAILS] = len(details.users) + len(details.problems)
    seen: set[str] = set()
    with open_records(_report(parts[REPORT], moments, facts), REPORT) as records:
        require(records.columns, "Credential report", user=("user",), ARN=("arn",), password_enabled=("password enabled",))

        def make(number: int, values: dict[str, Any]) -> list[EntitlementRow]:
            seen.add(str(values.get("user", "")).strip())
            return _account(number, _credentials(values, moments), details)

        yield from read_records(records, REPORT, facts, make)
    for position, name, reasons in details.problems:
        yield row_error(position, DETAILS, name, *reasons)
    for user in details.users.values():
        if user.name not in seen:
            text = f"The user “{user.name}” is in the authorization details but not in the credential report. Export both again."
            yield row_error(user.position, DETAILS, user.name, text)


def _report(source: Source, moments: Moments, facts: Facts) -> Source:
    """Give the CSV; the answer of `aws iam get-credential-report` wraps it in JSON and says when it was made."""
    if not looks_like_json(source):
        return source
    document = read_json(source)
    content = document.get("Content") if isinstance(document, dict) else None
    if not isinstance(content, str):
        raise FormatError("The JSON file is not an answer of “aws iam get-credential-report”.")
    try:
        facts.as_of = moments.optional(text_of(document.get("GeneratedTime")))
        return io.BytesIO(base64.b64decode(content, validate=False))
    except (RowProblem, ValueError, binascii.Error) as error:
        raise FormatError("The credential report inside the JSON file is damaged.") from error


def _credentials(values: dict[str, Any], moments: Moments) -> _Credentials:
    def cell(name: str) -> str:
        return text_of(values.get(name), name)

    keys = []
    for number in (1, 2):
        active = cell(f"access key {number} active").lower() == "true"
        since = moments.optional(cell(f"access key {number} last rotated"))
        if active or since:
            use = moments.last_used(cell(f"access key {number} last used date"))
            keys.append(_Key(number, active, since, (None, "no_information") if use[1] == "not_applicable" else use))
    return _Credentials(
        name=cell("user"),
        arn=cell("arn"),
        has_password=cell("password enabled").lower() == "true",
        password_use=moments.last_used(cell("password last used")),
        second_factor=cell("mfa active").lower() == "true",
        keys=keys,
        has_certificate="true" in {cell("cert 1 active").lower(), cell("cert 2 active").lower()},
    )


def _account(number: int, found: _Credentials, details: AccountDetails) -> list[EntitlementRow]:
    """Give all entitlements of one line, or none: half a user must not pass for a whole one. Raises RowProblem."""
    if not found.name or not found.arn:
        raise RowProblem("The row names no user and ARN.")
    if found.name == ROOT:
        return [checked(row) for row in _root(number, found)]
    user = details.users.get(found.name)
    if user is None:
        text = f"The user “{found.name}” is in the credential report but not in the authorization details. Export both again."
        raise RowProblem(text)
    if user.arn and user.arn != found.arn:
        raise RowProblem(f"The two files name different ARNs for the user “{found.name}”; they are of different accounts.")
    return [checked(row) for row in _user(number, found, user)]


def _root(number: int, found: _Credentials) -> Iterator[EntitlementRow]:
    base = EntitlementRow(number, found.arn, ROOT, "Root account", privileged=True, account_state="active", part=REPORT)
    at, state = found.password_use
    meaning = f"Everything in the AWS account, without limit. {_factor(found)}"
    yield replace(base, entitlement_key="root", role="Root account", meaning=meaning, last_used_at=at, last_used_state=state)
    yield from _key_rows(base, found)


def _user(number: int, found: _Credentials, user: AwsUser) -> Iterator[EntitlementRow]:
    privileged = user.privileged
    base = EntitlementRow(
        number,
        user.user_id or found.arn,
        found.name,
        user.tags.get("name", ""),
        _address(found.name, user.tags.get("email", ""), user.tags.get("e-mail", ""), user.tags.get("mail", "")),
        privileged=privileged,
        account_state="active" if found.can_sign_in else NO_ACCESS,
        owner_email=_address(user.tags.get("owner", "")),
        part=REPORT,
    )
    if found.has_password:
        at, state = found.password_use
        meaning = f"Signs in to the AWS console. {_factor(found)}"
        yield replace(
            base, entitlement_key="password", role="Console password", meaning=meaning, last_used_at=at, last_used_state=state
        )
    yield from _key_rows(base, found)
    at, state = found.last_use
    base = replace(base, last_used_at=at, last_used_state=state)
    yield from (_grant_row(base, grant) for grant in user.grants)
    if not (found.has_password or found.keys or user.grants):
        meaning = "The user exists, but has no password, no key, no group and no policy."
        yield replace(base, entitlement_key="account", role="User without rights", meaning=meaning)


def _key_rows(base: EntitlementRow, found: _Credentials) -> Iterator[EntitlementRow]:
    for key in found.keys:
        at, state = key.use
        yield replace(
            base,
            entitlement_key=f"access_key_{key.number}",
            role=f"Access key {key.number}",
            meaning="Calls the AWS API as this user." if key.active else "An access key that is switched off.",
            account_state=base.account_state if key.active else KEY_INACTIVE,
            last_used_at=at,
            last_used_state=state,
            granted_at=key.since,
        )


def _grant_row(base: EntitlementRow, grant: Grant) -> EntitlementRow:
    return replace(base, entitlement_key=grant.key, role=grant.name, meaning=grant.meaning, privileged=grant.privileged)


def _factor(found: _Credentials) -> str:
    return "A second factor is set up." if found.second_factor else "No second factor is set up."


def _address(*texts: str) -> str:
    return next((text for text in texts if "@" in text[1:-1] and " " not in text), "")


FORMAT: Final = Format(
    key="aws_iam",
    label="AWS IAM",
    parts=(
        Part(
            REPORT,
            "Credential report",
            ("csv", "json"),
            "IAM console, Credential report; or the answer of “aws iam get-credential-report”.",
            required=True,
        ),
        Part(
            DETAILS,
            "Account authorization details",
            ("json",),
            "The answer of “aws iam get-account-authorization-details”, without a filter.",
            required=True,
        ),
    ),
    covers=(
        "IAM users of one AWS account: console passwords, access keys, groups, attached and inline policies; the root account.",
        "Privileged: AdministratorAccess, IAMFullAccess, PowerUserAccess, or a policy that allows everything or all of IAM.",
        "A policy whose document is not in the file is unknown, but for those of AWS that only read.",
        "Last use of groups and policies is the last use of any of the user's credentials.",
    ),
    lacks=(
        "Roles and who may assume them, people of IAM Identity Center, SSH keys and service-specific credentials.",
        "Who granted a right, and when a group or policy was granted.",
        "A use before AWS began to record it: such a credential has no information, which is not the same as never used.",
        "Permissions boundaries and organization policies, which may narrow what a policy allows.",
    ),
    no_access_states=(KEY_INACTIVE, NO_ACCESS),
    stated_count_label="Users that the IAM console shows",
    claim=claim,
    read=read,
)
