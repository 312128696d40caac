"""Keys are replaced while everything stays readable; the work can be stopped, killed and gone on with."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.sealed import stored
from accounts.sealing import SealingError, key_id_of, unseal
from audit.models import AuditEvent
from changes.models import ChangeSource
from changes.sources.actions import set_secret
from changes.sources.secrets import opened
from keys import store
from keys.models import DataKey
from monitoring.models import Check
from proof.keys import rotating
from proof.keys.actions import resume_rotation, start_rotation, stop_rotation
from proof.keys.places import EARLY, counts, elsewhere, fields_here, owner_id, values_of
from proof.keys.tasks import go_on, rotate_keys, see_to_unfinished
from proof.models import KeyRotation
from tenancy.models import Organization
from tenancy.scope import now, tenant
from tests.cast import Cast
from tests.keys.conftest import a_key
from tests.keys.legacy import sealed_as_before
from tests.proof.key_world import fill, told
from tests.races import at_once
from ui.refusals import ActionRefused


class Killed(BaseException):
    """As when the process is gone."""


@pytest.fixture(autouse=True)
def _nothing_open() -> Any:
    store.forget()
    yield
    store.forget()


@pytest.fixture
def filled(acme: Organization) -> Organization:
    """Acme with something in each sealed field."""
    fill(acme)
    return acme


def begun(organization: Organization, level: str = "data") -> KeyRotation:
    with tenant(organization):
        return start_rotation(actor=Cast().of(organization.slug, "administrator"), level=level)


def ran(organization: Organization, rotation: KeyRotation) -> KeyRotation:
    rotating.run(organization, rotation.pk)
    with tenant(organization):
        return rotation.refreshed()


def verbs(organization: Organization, like: str) -> list[str]:
    with tenant(organization):
        return list(AuditEvent.objects.filter(verb__startswith=like).order_by("at", "id").values_list("verb", flat=True))


def test_every_value_comes_under_the_new_keys_and_says_the_same(filled: Organization):
    before = told(filled)
    assert {label for label, _ in before} >= {"check.secret", "alert_channel.url", "change_source.former_secret"}
    rotation = begun(filled)
    assert rotation.total == len(before)
    assert told(filled) == before
    rotation = ran(filled, rotation)
    assert (rotation.status, rotation.done, rotation.unreadable) == ("finished", len(before), 0)
    assert told(filled) == before
    with tenant(filled):
        keys = {key.pk.hex for key in DataKey.objects.filter(retired_at=None)}
        assert set(counts()) == keys
        assert DataKey.objects.filter(retired_at__isnull=False).count() == 2
    assert verbs(filled, "sealed_value.reseal") == ["sealed_value.reseal"] * len(before)
    assert verbs(filled, "key_rotation") == ["key_rotation.start", "key_rotation.finish"]
    assert verbs(filled, "data_key.retire") == ["data_key.retire"] * 2


def as_before(organization: Organization) -> None:
    """Every value as an earlier version sealed it."""
    with tenant(organization):
        for field in fields_here():
            for row in values_of(field):
                place = {"row_id": row.pk, "tenant_id": owner_id()}
                value = unseal(stored(row, field.field), label=field.label, **place)
                rotating.write(field, {row.pk: sealed_as_before(value, label=field.was or field.label, **place)})
        assert set(counts()) == {EARLY}
        _settle(organization)


def test_values_of_earlier_versions_come_under_the_data_keys(filled: Organization):
    as_before(filled)
    before = told(filled)
    ran(filled, begun(filled))
    assert told(filled) == before
    with tenant(filled):
        assert EARLY not in counts()


def test_an_organization_that_has_such_values_and_no_key_yet_may_begin(filled: Organization, monkeypatch: pytest.MonkeyPatch):
    as_before(filled)
    monkeypatch.setattr("proof.keys.actions.current_keys", dict)
    assert begun(filled).total > 0


def _settle(organization: Organization) -> None:
    """Events for what a test has put there itself."""
    from audit.record import Entry, record_many

    entries = [Entry(field.rows._meta.label_lower, row.pk, "test") for field in fields_here() for row in values_of(field)]
    record_many("test.put", actor=Cast().of(organization.slug, "administrator"), entries=entries)


def test_it_stops_between_two_batches_and_goes_on(filled: Organization, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rotating, "BATCH", 1)
    before, rotation = told(filled), begun(filled)
    steps = rotating._steps(filled, rotation.pk, "data")
    next(steps)
    next(steps)
    administrator = Cast().administrator
    with tenant(filled):
        stop_rotation(rotation, actor=administrator)
    with pytest.raises(rotating.Interrupted):
        next(steps)
    assert rotating.run(filled, rotation.pk) is False
    assert told(filled) == before
    with tenant(filled), pytest.raises(ActionRefused, match="Let it go on first"):
        start_rotation(actor=administrator)
    with tenant(filled):
        assert 0 < rotation.refreshed().done < rotation.total
        resume_rotation(rotation.refreshed(), actor=administrator)
    assert ran(filled, rotation).status == "finished"
    assert told(filled) == before
    with tenant(filled):
        assert rotation.refreshed().done == rotation.total
    assert verbs(filled, "key_rotation") == [f"key_rotation.{verb}" for verb in ("start", "stop", "resume", "finish")]


def test_one_that_was_killed_half_way_goes_on_by_itself(
    filled: Organization, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    monkeypatch.setattr(rotating, "BATCH", 1)
    before, rotation = told(filled), begun(filled)
    seal_anew, count = rotating._seal_anew, iter(range(3))

    def mortal(*given: Any) -> None:
        seal_anew(*given)
        if next(count, None) is None:
            raise Killed

    monkeypatch.setattr(rotating, "_seal_anew", mortal)
    with pytest.raises(Killed):
        rotating.run(filled, rotation.pk)
    monkeypatch.setattr(rotating, "_seal_anew", seal_anew)
    assert told(filled) == before
    with tenant(filled):
        assert rotation.refreshed().done == 3
        see_to_unfinished(filled, now())
    with tenant(filled):
        assert rotation.refreshed().status == "running"
    with django_capture_on_commit_callbacks(execute=True), tenant(filled):
        see_to_unfinished(filled, now() + dt.timedelta(minutes=11))
    with tenant(filled):
        assert (rotation.refreshed().status, rotation.refreshed().done) == ("finished", rotation.total)
    assert told(filled) == before


def test_what_does_not_open_is_left_and_said(filled: Organization):
    rotation = begun(filled)
    with tenant(filled):
        check = Check.objects.exclude(secret="").earliest("id")
        spoilt = check.secret[:-4] + "AAA="
        Check.objects.filter(pk=check.pk).update(secret=spoilt)
        _settle(filled)
    rotation = ran(filled, rotation)
    assert (rotation.status, rotation.unreadable, rotation.done) == ("finished", 1, rotation.total - 1)
    with tenant(filled):
        assert Check.objects.get(pk=check.pk).secret == spoilt
    assert verbs(filled, "sealed_value.refuse")


def test_the_installations_keys_are_replaced_by_the_command(filled: Organization):
    place, out = Organization.installation(), StringIO()
    before = told(place)
    assert before
    with tenant(place):
        was = set(counts())
    call_command("rotate_keys", "installation", stdout=out)
    assert "installation: finished" in out.getvalue()
    assert told(place) == before
    with tenant(place):
        assert not was & set(counts())


def test_a_new_master_key_wraps_every_data_key_and_the_former_one_may_go(filled: Organization, settings: Any):
    before, was = told(filled), settings.PLUMBLINE_KEK
    with pytest.raises(ActionRefused, match="by the present master key already"):
        begun(filled, "master")
    settings.PLUMBLINE_KEK, settings.PLUMBLINE_KEK_OLD = a_key(), [was]
    out = StringIO()
    call_command("rotate_keys", "acme", "--master", stdout=out)
    assert "acme: finished, 2 of 2 done." in out.getvalue()
    settings.PLUMBLINE_KEK_OLD = []
    store.forget()
    assert told(filled) == before
    assert verbs(filled, "data_key.wrap") == ["data_key.wrap"] * 2


def test_a_rotation_without_its_master_key_is_stopped_and_says_why(filled: Organization, globex: Organization, settings: Any):
    settings.PLUMBLINE_KEK = a_key()
    store.forget()
    out = StringIO()
    call_command("rotate_keys", "acme", "--master", stdout=out)
    assert "acme: stopped" in out.getvalue()
    with tenant(filled):
        assert "sealed with another key" in AuditEvent.objects.get(verb="key_rotation.stop").body
    settings.PLUMBLINE_KEK = "short"
    with tenant(globex), pytest.raises(ActionRefused, match="The master key cannot be used"):
        start_rotation(actor=Cast().of("globex", "administrator"))


def test_one_that_somebody_stops_while_its_master_key_is_gone_is_stopped_once(
    filled: Organization, monkeypatch: pytest.MonkeyPatch
):
    rotation = begun(filled)

    def fail(*_: Any) -> bool:
        with tenant(filled):
            stop_rotation(rotation, actor=Cast().administrator)
        raise SealingError("gone")

    monkeypatch.setattr("proof.keys.tasks.run", fail)
    assert not go_on(filled, str(rotation.pk))
    assert verbs(filled, "key_rotation.stop") == ["key_rotation.stop"]


def test_only_administrators_replace_keys(filled: Organization):
    with tenant(filled), pytest.raises(ActionRefused, match="Your role"):
        start_rotation(actor=Cast().manager)


def test_where_nothing_is_encrypted_there_is_nothing_to_replace(db: None):
    empty = Organization.objects.create(slug="empty", name="Empty")
    with tenant(empty), pytest.raises(ActionRefused, match="Nothing is encrypted yet"):
        start_rotation(actor=store.ITSELF)


def test_what_is_written_meanwhile_is_not_lost(committed_db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rotating, "BATCH", 1)
    monkeypatch.setattr(rotate_keys, "delay_on_commit", lambda *_: None)
    acme = Organization.objects.get(slug="acme")
    fill(acme)
    manager = Cast().manager
    with tenant(acme):
        source = ChangeSource.objects.latest("id")
    rotation = begun(acme)

    def act(number: int) -> str:
        if not number:
            assert rotating.run(acme, rotation.pk)
            return ""
        for turn in range(10):
            with tenant(acme):
                set_secret(source.refreshed(), actor=manager, text=f"a secret of turn {turn}", overlap=dt.timedelta(days=1))
        return f"a secret of turn {turn}"

    _, last = at_once(act, 2)
    with tenant(acme):
        assert opened(source.refreshed()) == (last, "a secret of turn 8")
        key = DataKey.objects.get(purpose="general", retired_at=None)
        assert key_id_of(source.refreshed().secret) == key.pk
        for field in fields_here():
            assert not elsewhere(field, DataKey.objects.get(purpose=field.purpose, retired_at=None).pk).exists()


def test_two_workers_at_once_do_the_work_once(committed_db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rotating, "BATCH", 1)
    monkeypatch.setattr(rotate_keys, "delay_on_commit", lambda *_: None)
    acme = Organization.objects.get(slug="acme")
    fill(acme)
    before, rotation = told(acme), begun(acme)
    at_once(lambda _number: rotating.run(acme, rotation.pk), 3)
    assert told(acme) == before
    with tenant(acme):
        assert (rotation.refreshed().status, rotation.refreshed().done) == ("finished", rotation.total)


def test_every_swap_of_values_raises(filled: Organization, globex: Organization):
    """Between rows, columns and organizations: each sealed value is tried in the place of each other."""
    fill(globex)
    places = []
    for organization in (filled, globex, Organization.installation()):
        with tenant(organization):
            places += [
                (organization, field.label, row.pk, owner_id(), stored(row, field.field))
                for field in fields_here()
                for row in values_of(field)
            ]
    assert len(places) >= 17
    for organization, label, row_id, tenant_id, own in places:
        with tenant(organization):
            for *_, sealed in places:
                if sealed != own:
                    with pytest.raises(SealingError):
                        unseal(sealed, label=label, row_id=row_id, tenant_id=tenant_id)
