"""The page of keys: their age, what lies under each, and the rotation with its buttons."""

import datetime as dt
from typing import Any

import pytest

from audit.record import record
from controls.models import Finding
from keys import store
from keys.models import DataKey
from proof.keys import rotating
from proof.keys.findings import raise_findings
from proof.models import KeyRotation
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.keys.conftest import a_key
from tests.proof.key_world import fill

PAGE = "/o/acme/proof/keys/"


@pytest.fixture
def filled(acme: Organization) -> Organization:
    """Acme with something in each sealed field."""
    fill(acme)
    return acme


def page(client: Any, path: str = PAGE) -> str:
    return str(client.get(path).content.decode())


def test_each_key_is_shown_with_what_lies_under_it(filled: Organization, administrator: Any, client_of: Any):
    client = client_of(administrator)
    shown = page(client)
    with tenant(filled):
        keys = list(DataKey.objects.all())
    assert all(key.name in shown and key.wrapped not in shown for key in keys)
    assert "In use" in shown
    assert "older than a year" not in shown
    sheet = b"".join(client.get(f"{PAGE}?export=csv").streaming_content).decode()
    assert sum(int(line.split(",")[5]) for line in sheet.splitlines() if line.split(",")[0] in {key.name for key in keys}) >= 8


def test_it_is_for_administrators(filled: Organization, manager: Any, client_of: Any):
    for path in (PAGE, f"{PAGE}replace/", f"{PAGE}rotations/"):
        assert client_of(manager).get(path).status_code == 403


def test_an_old_key_is_flagged_and_becomes_a_finding_once(filled: Organization, administrator: Any, client_of: Any):
    later = now() + dt.timedelta(days=366)
    with tenant(filled):
        raise_findings(filled, now())
        assert not Finding.objects.filter(title__contains="Data key").exists()
        raise_findings(filled, later)
        raise_findings(filled, later)
        assert Finding.objects.filter(title__startswith="Data key", title__endswith="is older than a year").count() == 2
        key = DataKey.objects.get(purpose="general")
        DataKey.objects.filter(pk=key.pk).update(made_at=now() - dt.timedelta(days=366))
        record("test.age", key, actor=store.ITSELF)
    shown = page(client_of(administrator))
    assert "A key is older than a year" in shown
    assert "Replace the keys." in shown


def test_replacing_asks_for_a_second_factor_and_shows_how_far_it_is(
    filled: Organization, administrator: Any, client_of: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rotating, "BATCH", 1)
    client = client_of(administrator)
    session = client.session
    session["factor_at"] = 0
    session.save()
    assert "Code from your authenticator" in page(client, f"{PAGE}replace/")
    assert client.post(f"{PAGE}replace/", {}).status_code in {200, 422}
    with tenant(filled):
        assert not KeyRotation.objects.exists()
    client = client_of(administrator)
    assert client.post(f"{PAGE}replace/", {}).status_code in {302, 303}
    with tenant(filled):
        rotation = KeyRotation.objects.get()
    assert (rotation.status, rotation.started_by) == ("running", administrator)
    assert "Stop" in page(client)
    part = client.get(f"{PAGE}?fragment=rotation", HTTP_HX_REQUEST="true").content.decode()
    assert "Stop" in part
    assert "<table" not in part
    assert client.post(f"{PAGE}rotations/{rotation.pk}/stop/").status_code in {302, 303}
    assert "Go on" in page(client)
    assert client.get(f"{PAGE}?fragment=rotation", HTTP_HX_REQUEST="true")["HX-Refresh"] == "true"
    assert client.post(f"{PAGE}rotations/{rotation.pk}/resume/").status_code in {302, 303}
    rotating.run(filled, rotation.pk)
    assert "Finished" in page(client)
    assert "Finished" in page(client, f"{PAGE}rotations/")


def test_another_master_key_is_said(filled: Organization, administrator: Any, client_of: Any, settings: Any):
    settings.PLUMBLINE_KEK_OLD, settings.PLUMBLINE_KEK = [settings.PLUMBLINE_KEK], a_key()
    assert "rotate_keys --master" in page(client_of(administrator))


def test_a_second_click_replaces_no_keys_again_though_the_first_is_done(filled: Organization, administrator: Any, client_of: Any):
    client = client_of(administrator)
    sent = {"once": "01900000-0000-7000-8000-000000000001"}
    client.post(f"{PAGE}replace/", sent)
    with tenant(filled):
        (first,) = KeyRotation.objects.all()
    rotating.run(filled, first.pk)
    assert client.post(f"{PAGE}replace/", sent)["Location"] == PAGE
    with tenant(filled):
        assert list(KeyRotation.objects.all()) == [first]
    assert 'name="once"' in page(client, f"{PAGE}replace/")
