"""Files in an S3-compatible store: the same promises as on a disk."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import boto3
import environ
import pytest
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from evidence.files import download, open_file, sweep, verify
from evidence.models import FileCheck
from evidence.rereading import read_again, silent
from evidence.tasks import reread_files
from grc.storage import stored_files
from tenancy.scope import now, tenant
from tests.evidence.helpers import kept, stored
from ui.refusals import ActionRefused


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A store of its own."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Any]:
    """An empty bucket that the product is set to use, as an administrator would."""
    for name, value in {"BUCKET": "vault", "ENDPOINT": endpoint, "REGION": "eu-central-1", "PREFIX": "plumbline/"}.items():
        monkeypatch.setenv(f"PLUMBLINE_S3_{name}", value)
    monkeypatch.setenv("PLUMBLINE_S3_ACCESS_KEY", "key")
    monkeypatch.setenv("PLUMBLINE_S3_SECRET_KEY", "secret")
    settings.STORAGES = {**settings.STORAGES, "default": stored_files(environ.Env(), tmp_path)}
    store = boto3.resource(
        "s3", endpoint_url=endpoint, region_name="eu-central-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )
    made = store.create_bucket(Bucket="vault", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield made
    made.objects.all().delete()
    made.delete()


def names(bucket):
    return [one.key for one in bucket.objects.all()]


def test_without_a_bucket_files_go_to_the_folder(monkeypatch, tmp_path):
    monkeypatch.delenv("PLUMBLINE_S3_BUCKET", raising=False)
    assert stored_files(environ.Env(), tmp_path)["OPTIONS"] == {"location": tmp_path}


def test_a_file_is_kept_once_under_its_hash(bucket, in_acme):
    file = stored(b"rules")
    assert stored(b"rules", "again").pk == file.pk
    assert names(bucket) == [f"plumbline/{file.path}"]
    assert verify(file)
    with open_file(file) as opened:
        assert opened.read() == b"rules"


def test_a_large_file_streams_to_the_reader(bucket, in_acme):
    content = bytes(range(256)) * (12 << 12)  # 12 MB: several parts on the way there, several blocks on the way back
    answer = download(stored(content))
    assert answer.headers["Content-Length"] == str(len(content))
    assert b"".join(answer) == content
    answer.close()


def test_changed_and_missing_objects_are_noticed_and_heal(bucket, acme, manager):
    with tenant(acme):
        altered, missing, whole = (kept(manager, content=text) for text in (b"one", b"two", b"three"))
    bucket.Object(f"plumbline/{altered.file.path}").put(Body=b"other")
    bucket.Object(f"plumbline/{missing.file.path}").delete()
    with tenant(acme):
        reread_files.apply_async()
        found = dict(FileCheck.objects.values_list("file", "result"))
        assert found == {altered.file_id: "altered", missing.file_id: "missing", whole.file_id: "intact"}
        assert not verify(altered.file)
        assert not verify(missing.file)
        with pytest.raises(ActionRefused, match="cannot be read"):
            open_file(missing.file)


def test_the_sweep_takes_old_orphans_only(bucket, acme, in_acme):
    known = stored()
    orphan = f"{acme.id}/aa/{'a' * 64}"
    default_storage.save(orphan, io.BytesIO(b"lost"))
    sweep(acme, now())
    assert default_storage.exists(orphan)
    sweep(acme, now() + dt.timedelta(days=2))
    assert not default_storage.exists(orphan)
    assert default_storage.exists(known.path)


def test_a_store_that_does_not_answer_has_lost_nothing(bucket, acme, manager, settings):
    with tenant(acme):
        item = kept(manager)
        default = settings.STORAGES["default"]
        away = {**default, "OPTIONS": {**default["OPTIONS"], "endpoint_url": "http://127.0.0.1:9"}}
        settings.STORAGES = {**settings.STORAGES, "default": away}
        assert read_again(item.file) is None
        reread_files.apply_async()
        assert silent()
        assert not FileCheck.objects.exists()
        with pytest.raises(ActionRefused, match="cannot be read"):
            open_file(item.file)


def test_a_bucket_that_is_gone_has_lost_nothing(bucket, in_acme, settings):
    file = stored()
    default = settings.STORAGES["default"]
    other = {**default, "OPTIONS": {**default["OPTIONS"], "bucket_name": "elsewhere"}}
    settings.STORAGES = {**settings.STORAGES, "default": other}
    assert read_again(file) is None
