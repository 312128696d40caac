"""A witness that is a bucket with Object Lock: each head is an object that nobody can change or delete before its time."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from audit.seal.testimony import KeptHead, UnreadableWitness

KEPT = dt.timedelta(days=7 * 366)


class BucketWitness:
    """`<prefix>/<organization>/<number of 12 digits>.json` in a bucket that was made with Object Lock; locked in COMPLIANCE mode.

    `place` is the bucket's name, and a prefix after a slash if there is one.
    """

    def __init__(self, place: str, **connection: Any) -> None:
        self.name = f"bucket {place}"
        self.bucket, _, prefix = place.partition("/")
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.client: Any = boto3.client("s3", **connection)
        self._seen: dict[uuid.UUID, int] = {}  # a number that it has: looking for the latest begins there

    def last(self, organization: uuid.UUID) -> KeptHead | None:
        """The latest head that it has; a few requests the first time, one afterwards."""
        has, step = self._seen.get(organization, 0), 1
        while (found := self._after(organization, has + step - 1)) is not None:
            has, step = found, step * 2
        while step > 1:
            step //= 2
            if (found := self._after(organization, has + step - 1)) is not None:
                has = found
        self._seen[organization] = has
        return self._read(self._key(organization, has)) if has else None

    def keep(self, organization: uuid.UUID, heads: Iterable[KeptHead]) -> None:
        """Put each, locked for seven years; what is there already stays as it is."""
        for one in heads:
            with _answering():
                self.client.put_object(
                    Bucket=self.bucket,
                    Key=self._key(organization, one.head.number),
                    Body=one.line.encode(),
                    ContentType="application/json",
                    ChecksumAlgorithm="SHA256",
                    ObjectLockMode="COMPLIANCE",
                    ObjectLockRetainUntilDate=dt.datetime.now(dt.UTC) + KEPT,
                )

    def told(self, organization: uuid.UUID) -> Iterator[KeptHead]:
        """All that it has: of each object the version that was written first, whatever was put over it or hides it."""
        for key, version in self._first_versions(organization):
            yield self._read(key, version)

    def _after(self, organization: uuid.UUID, number: int) -> int | None:
        """The first number after this one that it has."""
        with _answering():
            answer = self.client.list_objects_v2(
                Bucket=self.bucket, Prefix=f"{self.prefix}{organization}/", StartAfter=self._key(organization, number), MaxKeys=1
            )
        found = [row["Key"] for row in answer.get("Contents", ())]
        return int(found[0].rpartition("/")[2].removesuffix(".json")) if found else None

    def _first_versions(self, organization: uuid.UUID) -> list[tuple[str, str]]:
        first: dict[str, str] = {}
        with _answering():
            pages = self.client.get_paginator("list_object_versions").paginate(
                Bucket=self.bucket, Prefix=f"{self.prefix}{organization}/"
            )
            for row in (row for page in pages for row in page.get("Versions", ())):
                first[row["Key"]] = row["VersionId"]  # of a key they are listed the latest first
        return sorted(first.items())

    def _key(self, organization: uuid.UUID, number: int) -> str:
        return f"{self.prefix}{organization}/{number:012}.json"

    def _read(self, key: str, version: str | None = None) -> KeptHead:
        with _answering():
            which = {"VersionId": version} if version else {}
            answer = self.client.get_object(Bucket=self.bucket, Key=key, **which)
            return KeptHead.read(answer["Body"].read().decode("utf-8", "replace"))


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise UnreadableWitness(f"The bucket does not answer: {error}") from error
