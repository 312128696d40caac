"""Master keys wrap data keys for one place: from the environment, from a file, by AWS KMS."""

import dataclasses
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from keys import master
from keys.errors import SealingError
from keys.master import KmsMaster, LocalMaster, Place, current_master, master_called
from tests.keys.conftest import a_key

HERE = Place(uuid.UUID(int=1), uuid.UUID(int=2), "general")
ELSEWHERE = [
    dataclasses.replace(HERE, key_id=uuid.UUID(int=9)),
    dataclasses.replace(HERE, tenant_id=uuid.UUID(int=9)),
    dataclasses.replace(HERE, purpose="personal"),
]
KEY = b"k" * 32


@pytest.fixture
def kms(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A KMS that answers on this machine, and its client."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    settings.PLUMBLINE_KMS = {"endpoint_url": "http://{}:{}".format(*server.get_host_and_port()), "region_name": "eu-central-1"}
    master._kms.cache_clear()
    client: Any = boto3.client("kms", **settings.PLUMBLINE_KMS)
    yield client
    server.stop()
    client.close()
    master._kms.cache_clear()


@pytest.mark.parametrize("place", ELSEWHERE)
def test_a_wrapped_key_opens_in_its_place_and_nowhere_else(place: Place):
    local = LocalMaster(b"m" * 32)
    wrapped = local.wrap(KEY, HERE)
    assert local.unwrap(wrapped, HERE) == KEY
    with pytest.raises(SealingError):
        local.unwrap(wrapped, place)
    with pytest.raises(SealingError):
        LocalMaster(b"o" * 32).unwrap(wrapped, HERE)


@pytest.mark.parametrize("wrapped", ["", "AAAA", "not base64"])
def test_what_is_no_wrapped_key_is_refused(wrapped: str):
    with pytest.raises(SealingError):
        LocalMaster(b"m" * 32).unwrap(wrapped, HERE)


def test_an_older_master_key_still_opens(settings: Any):
    was = current_master()
    wrapped = was.wrap(KEY, HERE)
    settings.PLUMBLINE_KEK_OLD, settings.PLUMBLINE_KEK = [settings.PLUMBLINE_KEK], a_key()
    assert current_master().name != was.name
    assert master_called(was.name).unwrap(wrapped, HERE) == KEY
    settings.PLUMBLINE_KEK_OLD = []
    with pytest.raises(SealingError, match="another key"):
        master_called(was.name)


@pytest.mark.parametrize("place", ELSEWHERE)
def test_kms_wraps_for_one_place(kms: Any, settings: Any, place: Place):
    settings.PLUMBLINE_KMS_KEY = kms.create_key()["KeyMetadata"]["KeyId"]
    held = current_master()
    assert isinstance(held, KmsMaster)
    wrapped = held.wrap(KEY, HERE)
    assert master_called(held.name).unwrap(wrapped, HERE) == KEY
    with pytest.raises(SealingError):
        held.unwrap(wrapped, place)


def test_a_key_that_kms_does_not_have_is_said(kms: Any, settings: Any):
    settings.PLUMBLINE_KMS_KEY = str(uuid.uuid4())
    with pytest.raises(SealingError, match=r"AWS KMS refused: NotFoundException\."):
        current_master().wrap(KEY, HERE)


def test_a_kms_that_does_not_answer_is_said(kms: Any, settings: Any):
    settings.PLUMBLINE_KMS = {"endpoint_url": "http://127.0.0.1:9", "region_name": "eu-central-1"}
    master._kms.cache_clear()
    with pytest.raises(SealingError, match="could not be asked"):
        KmsMaster("any").wrap(KEY, HERE)


def _settings(**given: str) -> subprocess.CompletedProcess[str]:
    """Read the settings in a process of its own, and print the master key."""
    left = {name: value for name, value in os.environ.items() if name != "PLUMBLINE_KEK"}
    program = "from django.conf import settings; print(settings.PLUMBLINE_KEK)"
    return subprocess.run(
        [sys.executable, "-c", program], env={**left, **given}, capture_output=True, text=True, check=False, timeout=60
    )


def test_the_master_key_may_stand_in_a_file(tmp_path: Any):
    place = tmp_path / "kek"
    place.write_text("from-a-file\n")
    assert _settings(PLUMBLINE_KEK_FILE=str(place)).stdout.strip() == "from-a-file"
    both = _settings(PLUMBLINE_KEK_FILE=str(place), PLUMBLINE_KEK="and-here")
    assert "not both" in both.stderr
    assert "cannot be read" in _settings(PLUMBLINE_KEK_FILE=str(tmp_path / "none")).stderr
    assert "Set PLUMBLINE_KEK" in _settings().stderr
    assert _settings(PLUMBLINE_KMS_KEY="alias/plumbline").returncode == 0
