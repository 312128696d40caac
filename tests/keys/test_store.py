"""Data keys of organizations and purposes: made once, wrapped, opened within the organization only, and never guessed."""

import time
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import TotpDevice
from accounts.sealing import KeyDestroyed, SealingError, key_id_of, seal, unseal
from audit.models import AuditEvent
from audit.record import record
from keys import store
from keys.models import DataKey, InstallationKey, Purpose
from keys.store import ITSELF, NIL_TENANT, new_key, sealing_key
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.keys.conftest import a_key
from tests.keys.legacy import sealed_as_before
from tests.races import at_once

ROW = uuid.UUID(int=7)
GENERAL, PERSONAL = "check.secret", "policies.background_check.outcome"


def here(organization: Organization, label: str = GENERAL) -> dict[str, Any]:
    return {"label": label, "row_id": ROW, "tenant_id": organization.pk}


def keyless(name: str = "new") -> Organization:
    return Organization.objects.create(slug=name, name=name.title())


def test_an_organization_has_a_key_for_each_purpose_from_the_first_value_on(db):
    organization = keyless()
    with tenant(organization):
        secret, person = seal(b"s", **here(organization)), seal(b"p", **here(organization, PERSONAL))
        keys = {key.purpose: key for key in DataKey.objects.all()}
        assert {key_id_of(secret), key_id_of(person)} == {keys["general"].pk, keys["personal"].pk}
        assert AuditEvent.objects.filter(verb="data_key.make").count() == len(keys) == 2
        assert {unseal(secret, **here(organization)), unseal(person, **here(organization, PERSONAL))} == {b"s", b"p"}


def test_rows_of_no_organization_have_keys_of_the_installation(cast: Cast):
    InstallationKey.objects.all().delete()
    device = TotpDevice.begin(cast.manager.user)
    assert key_id_of(device.sealed_secret) == InstallationKey.objects.get(purpose="general").pk
    with tenant(Organization.installation()):
        assert AuditEvent.objects.filter(verb="data_key.make").count() >= 2


def test_it_is_said_with_which_key_and_when_a_value_was_sealed(acme: Organization):
    with tenant(acme):
        parts = seal(b"s", **here(acme)).split("|")
        key_id, _, at = parts[3].partition(".")
        assert uuid.UUID(key_id) == DataKey.objects.get(purpose="general", retired_at=None).pk
    assert abs(int(at, 16) - time.time()) < 60


def test_a_value_of_another_organization_does_not_open(acme: Organization, globex: Organization):
    with tenant(acme):
        sealed = seal(b"s", **here(acme))
    for place in (here(acme), here(globex)):
        with tenant(globex), pytest.raises(SealingError):
            unseal(sealed, **place)
    assert unseal(sealed, **here(acme)) == b"s"  # where no organization is active, as at a sign-in by a provider
    with pytest.raises(SealingError):
        seal(b"s", **here(acme))


def test_a_data_key_moved_to_another_organization_or_purpose_does_not_open(acme: Organization, globex: Organization):
    with tenant(globex):
        foreign = DataKey.objects.get(purpose="general")
    with tenant(acme):
        sealed = seal(b"s", **here(acme))
        other = DataKey.objects.get(purpose="personal")
        for wrapped in (foreign.wrapped, other.wrapped):
            DataKey.objects.filter(purpose="general").update(wrapped=wrapped)
            store.forget()
            with pytest.raises(SealingError, match="data key"):
                unseal(sealed, **here(acme))
        transaction.set_rollback(True)


def test_a_label_that_is_not_listed_is_not_sealed(acme: Organization):
    with tenant(acme), pytest.raises(SealingError, match=r"keys/fields\.py"):
        seal(b"s", **here(acme, "somewhere.else"))


def test_a_failure_is_in_the_trail_whatever_became_of_the_request(acme: Organization):
    with tenant(acme):
        sealed = seal(b"s", **here(acme))
    with pytest.raises(SealingError), tenant(acme), tenant(acme):
        unseal(sealed[:-4] + "AAA=", **here(acme))
    with tenant(acme):
        event = AuditEvent.objects.get(verb="sealed_value.refuse")
        assert event.result == "failure"
        assert f'"field":"{GENERAL}"' in event.body
        assert str(ROW) in event.body


def test_a_key_whose_making_was_rolled_back_seals_nothing_more(db):
    organization = keyless()
    with tenant(organization):
        with transaction.atomic():
            lost = key_id_of(seal(b"s", **here(organization)))
            transaction.set_rollback(True)
        sealed = seal(b"s", **here(organization))
        assert key_id_of(sealed) == DataKey.objects.get(purpose="general").pk
        assert key_id_of(sealed) != lost
        store.forget()
        assert unseal(sealed, **here(organization)) == b"s"


def test_a_destroyed_key_is_said_to_be(acme: Organization, monkeypatch: pytest.MonkeyPatch):
    with tenant(acme):
        sealed = seal(b"s", **here(acme))
        key = DataKey.objects.filter(purpose="general")
        instant = timezone.now()
        key.update(wrapped="", retired_at=instant, destroyed_at=instant)
        assert unseal(sealed, **here(acme)) == b"s"  # opened a moment ago
        monkeypatch.setattr(store, "FRESH", 0.0)
        with pytest.raises(KeyDestroyed, match="cannot be read: its key was destroyed"):
            unseal(sealed, **here(acme))
        transaction.set_rollback(True)


def test_an_opened_key_is_asked_for_once_in_a_minute(acme: Organization, django_assert_num_queries: Any):
    with tenant(acme):
        sealed = [seal(b"s", **here(acme)) for _ in range(3)]
        with django_assert_num_queries(0):
            assert [unseal(one, **here(acme)) for one in sealed] == [b"s"] * 3
            seal(b"s", **here(acme))


def test_keys_are_not_in_the_shared_cache_and_few_are_kept(acme: Organization, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "MOST", 1)
    with tenant(acme):
        seal(b"s", **here(acme))
        seal(b"p", **here(acme, PERSONAL))
    assert len(store._opened) == 1
    assert not getattr(cache, "_cache", {})


def test_what_was_sealed_before_keys_had_names_opens(acme: Organization, settings: Any):
    old = sealed_as_before(b"s", **here(acme))
    former = sealed_as_before(b"f", **here(acme, "change_source.secret"))
    settings.PLUMBLINE_KEK_OLD, settings.PLUMBLINE_KEK = [settings.PLUMBLINE_KEK], a_key()
    with tenant(acme):
        assert key_id_of(old) is None
        assert unseal(old, **here(acme)) == b"s"
        assert unseal(former, **here(acme, "change_source.former_secret")) == b"f"
        with pytest.raises(SealingError):
            unseal(old, **here(acme, "alert_channel.url"))


def test_two_first_values_at_once_make_one_key(committed_db: None):
    organization = keyless()

    def first(_number: int) -> Any:
        with tenant(organization):
            return seal(b"s", **here(organization))

    made = at_once(first)
    with tenant(organization):
        assert [unseal(one, **here(organization)) for one in made] == [b"s"] * 4
        assert DataKey.objects.count() == 2


def test_what_is_sealed_while_a_key_is_replaced_uses_the_one_or_the_other(committed_db: None):
    organization = keyless()
    with tenant(organization):
        sealing_key(organization.pk, Purpose.GENERAL)

    def act(number: int) -> Any:
        with tenant(organization):
            if number:
                return seal(b"s", **here(organization))
            was = DataKey.objects.select_for_update().get(purpose="general", retired_at=None)
            DataKey.objects.filter(pk=was.pk).update(retired_at=timezone.now())
            record("data_key.make", was, actor=ITSELF)
            return new_key(organization.pk, Purpose.GENERAL, actor=ITSELF)

    _, *made = at_once(act, 6)
    with tenant(organization):
        assert [unseal(one, **here(organization)) for one in made] == [b"s"] * 5


def test_the_key_is_nowhere_in_the_database_in_the_clear(acme: Organization):
    with tenant(acme):
        key = DataKey.objects.get(purpose="general")
        raw = store.unwrapped(key)
        with connection.cursor() as cursor:
            cursor.execute("SELECT string_agg(k::text, '') FROM keys_datakey k")
            (text,) = cursor.fetchone()
    assert len(raw) == 32
    assert raw.hex() not in text


def test_the_nil_organization_is_no_way_around_the_wall(acme: Organization):
    with tenant(acme):
        sealed = seal(b"s", **here(acme))
        with pytest.raises(SealingError):
            unseal(sealed, label=GENERAL, row_id=ROW, tenant_id=NIL_TENANT)
