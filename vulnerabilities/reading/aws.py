"""What `aws rds describe-db-instances`, `aws ec2 describe-volumes` and `aws logs describe-log-groups` print."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from vulnerabilities.reading.json_values import count, rows, text
from vulnerabilities.reading.report import Report
from vulnerabilities.reading.resource_list import environment_of
from vulnerabilities.reading.resources import Key, Kind, Resource

NAME = "AWS CLI"
_LISTS = ("DBInstances", "Volumes", "logGroups")
_MORE = ("NextToken", "nextToken", "Marker")  # there is another page that is not in the file
_ENVIRONMENT = frozenset({"environment", "env", "stage"})


def looks_like(data: Any) -> bool:
    """Whether it is one of them."""
    return isinstance(data, dict) and any(isinstance(data.get(name), list) for name in _LISTS)


def read(data: dict[str, Any], report: Report) -> Iterable[Resource]:
    """The resources, and of which account they are where each says the same."""
    report.tool_name = NAME
    report.target = _account(data)
    if any(data.get(name) for name in _MORE):
        report.refuse("The AWS CLI printed only the first part of the list: leave out --max-items.")
    return chain(
        (_database(one) for one in rows(data.get("DBInstances"))),
        (_volume(one) for one in rows(data.get("Volumes"))),
        (_log_group(one) for one in rows(data.get("logGroups"))),
    )


def _database(one: dict[str, Any]) -> Resource:
    """A replica is backed up with what it is a copy of, and has no backups of its own."""
    replica = text(one.get("ReadReplicaSourceDBInstanceIdentifier"), 200)
    return Resource(
        name=text(one.get("DBInstanceIdentifier"), 200) or "without a name",
        kind=Kind.DATABASE.value,
        environment=_environment(one.get("TagList")),
        region=_of_arn(one.get("DBInstanceArn"), 3),
        encrypted=_yes_or_no(one.get("StorageEncrypted")),
        backup_days=count(one.get("BackupRetentionPeriod")),
        is_replica=bool(replica),
        note=f"A replica of {replica}." if replica else "",
    )


def _volume(one: dict[str, Any]) -> Resource:
    tags = _tags(one.get("Tags"))
    return Resource(
        name=text(one.get("VolumeId"), 200) or "without a name",
        kind=Kind.VOLUME.value,
        environment=_environment(one.get("Tags")),
        region=text(one.get("AvailabilityZone"), 60).rstrip("abcdefghijklmnopqrstuvwxyz"),
        encrypted=_yes_or_no(one.get("Encrypted")),
        note=tags.get("name", ""),
    )


def _log_group(one: dict[str, Any]) -> Resource:
    """AWS encrypts each, with its own key where no other is named. One without a number of days keeps its logs without end."""
    days = count(one.get("retentionInDays"))
    return Resource(
        name=text(one.get("logGroupName"), 200) or "without a name",
        kind=Kind.LOGS.value,
        region=_of_arn(one.get("arn"), 3),
        encrypted=True,
        key=(Key.CUSTOMER if one.get("kmsKeyId") else Key.PROVIDER).value,
        kept_days=days,
        kept_forever=days is None and "retentionInDays" not in one,
    )


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _tags(value: object) -> dict[str, str]:
    return {text(one.get("Key"), 200).lower(): text(one.get("Value"), 200) for one in rows(value)}


def _environment(value: object) -> str:
    tags = _tags(value)
    return environment_of(next((tags[name] for name in tags if name in _ENVIRONMENT), ""))


def _of_arn(value: object, part: int) -> str:
    """A part of arn:partition:service:region:account:what."""
    parts = text(value, 600).split(":")
    return parts[part] if len(parts) > 5 and parts[0] == "arn" else ""


def _account(data: dict[str, Any]) -> str:
    arns: Iterator[object] = chain(
        (one.get("DBInstanceArn") for one in rows(data.get("DBInstances"))),
        (one.get("arn") for one in rows(data.get("logGroups"))),
    )
    accounts = {_of_arn(arn, 4) for arn in arns}
    return accounts.pop() if len(accounts) == 1 else ""
