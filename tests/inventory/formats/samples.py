"""Exports as the real sources write them, small."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import Any, TypeVar

from evidence.tables.rows import RowError
from inventory.formats.rows import ReadResult

R = TypeVar("R")

CREDENTIAL_HEADERS = (
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated"
)
ACCOUNT = "arn:aws:iam::123456789012"
NO_PASSWORD = "false,N/A,N/A,N/A,false"
NO_KEY = "false,N/A,N/A,N/A,N/A"
KEY = "true,2025-10-05T08:00:00+00:00,2026-10-01T12:30:00+00:00,eu-central-1,s3"
UNUSED_KEY = "true,2026-01-05T08:00:00+00:00,N/A,N/A,N/A"
INACTIVE_KEY = "false,2024-10-05T08:00:00+00:00,2025-01-01T12:30:00+00:00,us-east-1,ec2"
CERTIFICATES = "false,N/A,false,N/A"


def credential_line(user: str, console: str = NO_PASSWORD, key: str = NO_KEY, other_key: str = NO_KEY) -> str:
    arn = f"{ACCOUNT}:root" if user == "<root_account>" else f"{ACCOUNT}:user/{user}"
    return f"{user},{arn},2024-01-10T08:00:00+00:00,{console},{key},{other_key},{CERTIFICATES}"


def credential_report(*lines: str) -> io.BytesIO:
    root = credential_line("<root_account>", "not_supported,2026-07-02T09:00:00+00:00,not_supported,not_supported,true")
    return io.BytesIO("\n".join([CREDENTIAL_HEADERS, root, *lines]).encode())


def aws_user(name: str, number: int, groups: Iterable[str] = (), policies: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    return {
        "Path": "/",
        "UserName": name,
        "UserId": f"AIDA{number:016}",
        "Arn": f"{ACCOUNT}:user/{name}",
        "CreateDate": "2024-01-10T08:00:00+00:00",
        "GroupList": list(groups),
        "AttachedManagedPolicies": [{"PolicyName": p.rsplit("/", 1)[-1], "PolicyArn": p} for p in policies],
        "Tags": [],
    } | more


def inline(name: str, action: object, effect: str = "Allow") -> dict[str, Any]:
    statement = {"Effect": effect, "Action": action, "Resource": "*"}
    return {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


def group(name: str, *policies: str) -> dict[str, Any]:
    attached = [{"PolicyName": p.rsplit("/", 1)[-1], "PolicyArn": p} for p in policies]
    return {"Path": "/", "GroupName": name, "GroupId": f"AGPA{name}", "GroupPolicyList": [], "AttachedManagedPolicies": attached}


ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def details(users: list[dict[str, Any]], groups: Iterable[dict[str, Any]] = (), policies: Iterable[Any] = ()) -> io.BytesIO:
    return json_file({"UserDetailList": users, "GroupDetailList": list(groups), "RoleDetailList": [], "Policies": list(policies)})


def json_file(document: object) -> io.BytesIO:
    return io.BytesIO(json.dumps(document).encode())


def csv_file(headers: Iterable[str], *rows: Iterable[str], encoding: str = "utf-8", delimiter: str = ",") -> io.BytesIO:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([list(headers), *map(list, rows)])
    return io.BytesIO(text.getvalue().encode(encoding))


GOOGLE_HEADERS = (
    "First Name [Required]",
    "Last Name [Required]",
    "Email Address [Required]",
    "Password [Required]",
    "Password Hash Function [UPLOAD ONLY]",
    "Org Unit Path [Required]",
    "New Primary Email [UPLOAD ONLY]",
    "Status [READ ONLY]",
    "Last Sign In [READ ONLY]",
    "Employee ID",
    "2sv Enrolled [READ ONLY]",
    "2sv Enforced [READ ONLY]",
)


def google_row(
    first: str, last: str, email: str, status: str = "Active", *, used: str = "2026/10/04 00:24:13", second: str = "True"
) -> list[str]:
    return [first, last, email, "****", "", "/Staff", "", status, used, "", second, "False"]


def taken(result: ReadResult[R]) -> tuple[list[R], list[RowError]]:
    rows: list[R] = []
    errors: list[RowError] = []
    for row in result:
        if isinstance(row, RowError):
            errors.append(row)
        else:
            rows.append(row)
    return rows, errors
