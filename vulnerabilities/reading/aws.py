"""What the AWS CLI prints of databases, their clusters, volumes, log groups and buckets."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from vulnerabilities.reading.json_values import count, inside, rows, text
from vulnerabilities.reading.report import Report, listed
from vulnerabilities.reading.resource_list import environment_of, name_of, place_of
from vulnerabilities.reading.resources import Key, Kind, Resource

NAME = "AWS CLI"
_MORE = ("NextToken", "nextToken", "Marker", "ContinuationToken")  # there is another page that is not in the file
_ENVIRONMENT = frozenset({"environment", "env", "stage"})


def looks_like(data: Any) -> bool:
    """Whether it is one of them."""
    return isinstance(data, dict) and any(isinstance(data.get(name), list) for name in _READERS)


def read(data: dict[str, Any], report: Report) -> Iterable[Resource]:
    """The resources, and of which account they are where each says the same."""
    report.tool_name = NAME
    report.target = _account(data)
    if any(data.get(name) for name in _MORE):
        report.refuse("The AWS CLI printed only the first part of the list: leave out --max-items.")
    if others := [name for name, value in data.items() if isinstance(value, list) and value and name not in _READERS]:
        report.refuse(f"What stands under {listed(others)} is not read: list it in a file of your own, or leave it out.")
    for name in _READERS:
        if name in data and not (isinstance(data[name], list) and all(isinstance(one, dict) for one in data[name])):
            report.refuse(f"{name} holds what is none, so it was not read.")
    return chain.from_iterable(map(read_one, rows(data.get(name))) for name, read_one in _READERS.items())


def _instance(one: dict[str, Any]) -> Resource:
    """A replica is backed up with what it is a copy of, and has no backups of its own."""
    replica = text(one.get("ReadReplicaSourceDBInstanceIdentifier") or one.get("ReadReplicaSourceDBClusterIdentifier"), 200)
    return replace(_database(one, "DBInstance"), is_replica=bool(replica), note=f"A replica of {replica}." if replica else "")


def _cluster(one: dict[str, Any]) -> Resource:
    """Named as in its ARN: an instance may have the same identifier."""
    told = _database(one, "DBCluster")
    return replace(told, name=f"cluster:{told.name}"[:200])


def _database(one: dict[str, Any], what: str) -> Resource:
    return Resource(
        name=name_of(one.get(f"{what}Identifier")) or "without a name",
        kind=Kind.DATABASE.value,
        environment=_environment(one.get("TagList")),
        region=place_of(_of_arn(one.get(f"{what}Arn"), 3)),
        encrypted=_yes_or_no(one.get("StorageEncrypted")),
        backup_days=count(one.get("BackupRetentionPeriod")),
    )


def _volume(one: dict[str, Any]) -> Resource:
    tags = _tags(one.get("Tags"))
    return Resource(
        name=name_of(one.get("VolumeId")) or "without a name",
        kind=Kind.VOLUME.value,
        environment=_environment(one.get("Tags")),
        region=place_of(text(one.get("AvailabilityZone"), 60)).rstrip("abcdefghijklmnopqrstuvwxyz"),
        encrypted=_yes_or_no(one.get("Encrypted")),
        note=tags.get("name", ""),
    )


def _log_group(one: dict[str, Any]) -> Resource:
    """AWS encrypts each, with its own key where no other is named. One without a number of days keeps its logs without end."""
    days = count(one.get("retentionInDays"))
    return Resource(
        name=name_of(one.get("logGroupName")) or "without a name",
        kind=Kind.LOGS.value,
        region=place_of(_of_arn(one.get("arn"), 3)),
        encrypted=True,
        key=(Key.CUSTOMER if one.get("kmsKeyId") else Key.PROVIDER).value,
        kept_days=days,
        kept_forever=days is None and "retentionInDays" not in one,
    )


def _bucket(one: dict[str, Any]) -> Resource:
    """`list-buckets` does not say how a bucket is encrypted; `get-bucket-encryption` does, when it is put beside the name."""
    rules = rows(inside(one, "ServerSideEncryptionConfiguration", "Rules"))
    defaults = [inside(rule, "ApplyServerSideEncryptionByDefault") for rule in rules]
    known = next((each for each in defaults if text(inside(each, "SSEAlgorithm"), 60) in _ALGORITHMS), None)
    return Resource(
        name=name_of(one.get("Name")) or "without a name",
        kind=Kind.OBJECTS.value,
        region=place_of(text(one.get("BucketRegion"), 60)),
        encrypted=True if known else None,
        key=_key_of_bucket(known).value if known else "",
    )


def _key_of_bucket(default: object) -> Key:
    """The provider's where no key is named, or the one that AWS keeps for S3."""
    key = text(inside(default, "KMSMasterKeyID"), 600)
    return Key.CUSTOMER if key and not key.endswith("alias/aws/s3") else Key.PROVIDER


_ALGORITHMS = frozenset({"AES256", "aws:kms", "aws:kms:dsse"})
_READERS = {
    "DBInstances": _instance,
    "DBClusters": _cluster,
    "Volumes": _volume,
    "Buckets": _bucket,
    "logGroups": _log_group,
}


def _yes_or_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _tags(value: object) -> dict[str, str]:
    return {text(one.get("Key"), 200).lower(): text(one.get("Value"), 200) for one in rows(value)}


def _environment(value: object) -> str:
    """As its tags tell it; not told where they differ."""
    told = {environment_of(tag) for name, tag in _tags(value).items() if name in _ENVIRONMENT}
    return told.pop() if len(told) == 1 else ""


def _of_arn(value: object, part: int) -> str:
    """A part of arn:partition:service:region:account:what."""
    parts = text(value, 600).split(":")
    return parts[part] if len(parts) > 5 and parts[0] == "arn" else ""


def _account(data: dict[str, Any]) -> str:
    arns: Iterator[object] = chain(
        (one.get("DBInstanceArn") for one in rows(data.get("DBInstances"))),
        (one.get("DBClusterArn") for one in rows(data.get("DBClusters"))),
        (one.get("arn") for one in rows(data.get("logGroups"))),
    )
    accounts = {_of_arn(arn, 4) for arn in arns}
    return accounts.pop() if len(accounts) == 1 else ""
