"""Witnesses keep every head they are told, whatever is put over it, and say so when they cannot be asked."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from audit.seal.bucket_witness import BucketWitness
from audit.seal.file_witness import FileWitness
from audit.seal.heads import Head
from audit.seal.keys import seal_keys
from audit.seal.testimony import KeptHead, UnreadableWitness
from audit.seal.witnesses import tell_all
from tenancy.models import Organization
from tenancy.scope import now
from tests.proof.attacking import Trail, attack, sealed_trail


def told(number: int, organization: uuid.UUID) -> KeptHead:
    key = seal_keys()[-1]
    head = Head(organization, number, number, b"r" * 32, now(), "0" * 64, key.public)
    return KeptHead(head.body, head.signed(key))


def test_a_file_keeps_what_it_is_told_in_order(tmp_path):
    witness, organization = FileWitness(tmp_path / "there" / "yet"), uuid.uuid4()
    assert witness.last(organization) is None
    assert list(witness.told(organization)) == []
    heads = [told(number, organization) for number in (1, 2, 3)]
    witness.keep(organization, heads[:2])
    witness.keep(organization, heads[2:])
    assert list(witness.told(organization)) == heads
    assert witness.last(organization) == heads[-1]
    assert witness.last(uuid.uuid4()) is None


@pytest.mark.parametrize("cuts", [[1], [20], [-20], [-1], [-20, 1, 20]])
def test_a_line_that_was_cut_off_is_told_again(tmp_path, cuts):
    witness, organization = FileWitness(tmp_path), uuid.uuid4()
    heads = [told(number, organization) for number in (1, 2, 3)]
    witness.keep(organization, heads[:1])
    path = tmp_path / f"{organization}.jsonl"
    with path.open("ab") as file:
        file.write(b"\n".join(f"{heads[1].line}\n".encode()[:left] for left in cuts))
    assert witness.last(organization) == heads[0]
    with pytest.raises(UnreadableWitness):  # until then it may be anything
        list(witness.told(organization))
    witness.keep(organization, heads[1:])
    assert witness.last(organization) == heads[2]
    assert list(witness.told(organization)) == heads


def test_a_line_that_is_not_the_beginning_of_the_next_is_said(tmp_path):
    witness, organization = FileWitness(tmp_path), uuid.uuid4()
    witness.keep(organization, [told(1, organization)])
    path = tmp_path / f"{organization}.jsonl"
    path.write_text(path.read_text() + '{"body": 7\n' + path.read_text())
    with pytest.raises(UnreadableWitness):
        list(witness.told(organization))


def test_a_file_that_cannot_be_written_is_said_and_told_later(acme, settings, tmp_path):
    settings.PLUMBLINE_WITNESS = tmp_path / "file"
    settings.PLUMBLINE_WITNESS.write_text("no folder")
    trail = Trail(acme)
    trail.write("One")
    trail.seal(told=False)
    (trouble,) = tell_all(acme)
    assert "could not be told" in trouble
    Path(settings.PLUMBLINE_WITNESS).unlink()
    assert tell_all(acme) == []
    assert trail.check().state == "intact"


def test_a_witness_that_knows_more_than_the_database_is_not_told_on(acme):
    sealed_trail(acme)
    attack("DELETE FROM audit_audithead WHERE number = 3")
    (trouble,) = tell_all(acme)
    assert "which the database has not" in trouble


@pytest.fixture
def acme(committed_db: None) -> Organization:
    return Organization.objects.get(slug="acme")


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """How a store of its own is reached."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    yield {"endpoint_url": f"http://{host}:{port}", **keys}
    server.stop()


@pytest.fixture
def bucket(store: dict[str, str]) -> BucketWitness:
    """A witness whose bucket locks its objects."""
    witness = BucketWitness(f"witness-{uuid.uuid4()}", **store)
    witness.client.create_bucket(Bucket=witness.bucket, ObjectLockEnabledForBucket=True)
    return witness


def test_a_bucket_keeps_each_head_locked(bucket, store):
    organization = uuid.uuid4()
    assert bucket.last(organization) is None
    heads = [told(number, organization) for number in range(1, 24)]
    bucket.keep(organization, heads[:3])
    assert bucket.last(organization) == heads[2]
    bucket.keep(organization, heads[3:])
    assert bucket.last(organization) == heads[-1]
    assert BucketWitness(bucket.bucket, **store).last(organization) == heads[-1]
    assert list(bucket.told(organization)) == heads
    kept = bucket.client.head_object(Bucket=bucket.bucket, Key=f"{organization}/000000000001.json")
    assert kept["ObjectLockMode"] == "COMPLIANCE"
    assert kept["ObjectLockRetainUntilDate"] > now() + dt.timedelta(days=6 * 365)


def test_what_is_put_over_a_head_or_hides_it_does_not_count(bucket):
    organization = uuid.uuid4()
    heads = [told(number, organization) for number in (1, 2)]
    bucket.keep(organization, heads)
    key = f"{organization}/000000000001.json"
    bucket.client.put_object(Bucket=bucket.bucket, Key=key, Body=b"forged")
    bucket.client.delete_object(Bucket=bucket.bucket, Key=f"{organization}/000000000002.json")
    assert list(bucket.told(organization)) == heads
    version = bucket.client.list_object_versions(Bucket=bucket.bucket, Prefix=key)["Versions"][-1]["VersionId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        bucket.client.delete_object(Bucket=bucket.bucket, Key=key, VersionId=version)


def test_a_bucket_that_is_not_there_is_said(store):
    with pytest.raises(UnreadableWitness, match="does not answer"):
        BucketWitness("nowhere", **store).last(uuid.uuid4())


def test_the_product_tells_a_bucket_too_and_checks_what_it_has(acme, bucket, store, settings):
    settings.PLUMBLINE_WITNESS_BUCKET, settings.PLUMBLINE_S3 = bucket.bucket, store
    trail = sealed_trail(acme)
    assert len(list(bucket.told(acme.pk))) == 3
    assert trail.check().state == "intact"
    trail.witness.unlink()
    attack("DELETE FROM audit_audithead WHERE number = 3")
    assert "truncated" in trail.kinds()
