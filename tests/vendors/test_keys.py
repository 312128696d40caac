"""The register of API keys: never a key in it, rotated each quarter, looked at by name."""

import datetime as dt
import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from inventory.models import Person
from tests.vendors.conftest import SAID, agree
from ui.refusals import ActionRefused
from vendors.keys import actions
from vendors.keys.looks import looks_like_a_key
from vendors.lifecycle.actions import offboard, reject
from vendors.models import VendorKey
from vendors.register.actions import edit_vendor
from vendors.reviewing.actions import review
from vendors.reviewing.inbox import waiting

SHAPES = [
    "sk-" + "proj-a1B2" * 4, "sk_" + "live_51Hq" * 4, "gh" + "p_a1B2c3D4e5F6g7H8i9J0k1L2", "xox" + "b-1234567890-abcdefghij",
    "AK" + "IAIOSFODNN7EXAMPLE", "AI" + "zaSyA1234567890abcdefghijklmnopqrst", "glp" + "at-a1b2c3d4e5f6g7h8i9j0",
    "ey" + "JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0", "-----BEGIN " + "RSA PRIVATE KEY-----", "0123456789abcdef" * 2,
    "postgres://app:" + "hunter22@db.example/app", "Bearer " + "a1b2c3d4e5f6g7h8",
    "wJalrXUtnFEMI/" + "K7MDENG/bPxRfiCYEXAMPLEKEY", "GOC" + "SPX-a1B2c3D4e5-F6g7H8_i9J0k1", "a1B" + "8Q~" + "x9.Kd-3_" * 4,
    "q7Rf-2mZp_Q8wT" + "-Lx93_hsVb6-K0dJ_4yNc",
]  # fmt: skip
NAMES = [
    "Mail API, production", "secret/production/mail/api-key", "arn:aws:secretsmanager:us-east-1:123456789012:secret:mail-api",
    "vault kv/apps/billing/stripe#secret_key", "projects/larkfield-production/secrets/openai-api-key/versions/12",
    "1Password: Engineering / OpenAI (billing)", "npm-publish-token-of-the-ci-pipeline", "key-rotation-runbook-of-engineering",
    "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b", "https://vault.example/ui/vault/secrets/kv/show/mail",
    "kubernetes/namespaces/payments-production/secrets/webhook", "Kubernetes/Prod-EU1/Secrets/MailApi2/Version-3",
    "https://Vault.example/ui/vault/secrets/Kv2/show/Mail-API", "Northwind-EU1-Prod/API-Key-v2/Rotation-2026-Q4", "",
]  # fmt: skip


@pytest.mark.parametrize("text", SHAPES)
def test_a_key_is_known_as_one(text):
    assert looks_like_a_key(text)
    assert looks_like_a_key(f"The key is {text} for now")


@pytest.mark.parametrize("text", NAMES)
def test_a_name_is_no_key(text):
    assert not looks_like_a_key(text)


@pytest.mark.parametrize("more", ["", "+/", "-_"])
def test_what_is_drawn_at_random_is_known_as_a_key(more):
    signs = string.ascii_letters + string.digits + more
    draw = random.Random(7)
    drawn = ["".join(draw.choices(signs, k=40)) for _ in range(200)]
    assert sum(map(looks_like_a_key, drawn)) >= 185  # a few have hardly a digit


@given(st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=19), max_size=6))
def test_words_are_no_key(words):
    assert not looks_like_a_key(" ".join(words))


@pytest.mark.parametrize("field", ["name", "used_for", "kept_in"])
def test_a_key_is_refused_wherever_it_is_typed(used, manager, today, field):
    facts = {"name": "Mail", "kept_in": "Vault", field: SHAPES[0]}
    with pytest.raises(ActionRefused, match="key itself"):
        actions.note_key(used(), actor=manager, rotated_on=today, **facts)
    assert not VendorKey.objects.exists()
    assert not AuditEvent.objects.filter(verb__startswith="vendor_key").exists()


def test_a_key_in_the_notes_of_a_vendor_is_refused(used, manager):
    with pytest.raises(ActionRefused, match="key itself") as refused:
        edit_vendor(used(), actor=manager, contacts=["Support", SHAPES[2]])
    assert refused.value.field == "contacts"


def test_a_uuid_is_refused_in_what_is_said_of_a_key_but_for_a_path(used, manager, today):
    drawn, vendor = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b", used()
    for field in ("name", "used_for", "kept_in"):
        with pytest.raises(ActionRefused, match="key itself"):
            actions.note_key(
                vendor, actor=manager, rotated_on=today, **{"name": "Mail", "kept_in": "Vault", field: f"It is {drawn}"}
            )
    key = actions.note_key(vendor, actor=manager, rotated_on=today, name="Mail", kept_in=f"vault/items/{drawn}")
    assert key.kept_in == f"vault/items/{drawn}"


def test_a_key_is_refused_in_reasons_reviews_and_documents(used, manager, today):
    vendor, drawn = used(), SHAPES[-4]
    key = actions.note_key(vendor, actor=manager, name="Mail", kept_in="Vault", rotated_on=today)
    with pytest.raises(ActionRefused, match="key itself"):
        actions.retire_key(key, actor=manager, reason=f"Was {drawn}")
    with pytest.raises(ActionRefused, match="key itself"):
        review(vendor, actor=manager, reviewed_on=today, **{**SAID, "summary": f"Its key is {drawn}"})
    with pytest.raises(ActionRefused, match="key itself"):
        agree(vendor, manager, today, notes=drawn)
    with pytest.raises(ActionRefused, match="key itself"):
        offboard(vendor, actor=manager, reason=drawn, leaving_on=today)


def test_no_key_is_noted_with_a_vendor_that_is_over(asked, manager, cast, today, client_of):
    vendor = asked()
    reject(vendor, actor=cast.approver, reason="Too dear.")
    with pytest.raises(ActionRefused, match="is rejected: none of its keys"):
        actions.note_key(vendor, actor=manager, name="Mail", kept_in="Vault", rotated_on=today)
    assert "Note a key" not in client_of(manager).get(f"/o/acme/vendors/{vendor.pk}/").content.decode()
    assert not VendorKey.objects.exists()


def test_it_is_rotated_each_quarter_by_whom_it_is_with(used, manager, cast, today):
    owner = Person.objects.get(member=cast.employee)
    made = today - dt.timedelta(days=100)
    key = actions.note_key(used(), actor=manager, name="Mail", kept_in="Vault", owner=owner, rotated_on=made)
    assert key.due_on == made + dt.timedelta(days=90)
    assert [one.title for one in waiting(cast.employee) if one.overdue] == ["Rotate Mail of Northwind Mail"]
    with pytest.raises(ActionRefused, match="Your role"):
        actions.rotate_key(key, actor=cast.reviewer, rotated_on=today)
    with pytest.raises(ActionRefused, match="Not after today"):
        actions.rotate_key(key, actor=cast.employee, rotated_on=today + dt.timedelta(days=1))
    actions.rotate_key(key, actor=cast.employee, rotated_on=today)
    assert key.refreshed().due_on == today + dt.timedelta(days=90)
    with pytest.raises(ActionRefused, match="later than that"):
        actions.rotate_key(key, actor=cast.employee, rotated_on=today)
    actions.retire_key(key, actor=manager, reason="Gone.")
    with pytest.raises(ActionRefused, match="is revoked"):
        actions.rotate_key(key, actor=manager, rotated_on=today)


def test_who_looks_is_in_the_trail_and_the_list_does_not_say_where(used, manager, cast, client_of, today):
    key = actions.note_key(used(), actor=manager, name="Mail", kept_in="Vault, entry seven", rotated_on=today)
    assert "entry seven" not in client_of(cast.auditor).get("/o/acme/vendors/keys/").content.decode()
    assert "entry seven" in client_of(cast.auditor).get(f"/o/acme/vendors/keys/{key.pk}/").content.decode()
    event = AuditEvent.objects.get(verb="vendor_key.look")
    assert (event.actor_id, event.object_id) == (cast.auditor.pk, key.pk)
    assert client_of(cast.employee).get(f"/o/acme/vendors/keys/{key.pk}/").status_code == 404
    assert "entry seven" in client_of(manager).get(f"/o/acme/vendors/keys/{key.pk}/edit/").content.decode()
    assert AuditEvent.objects.filter(verb="vendor_key.look", actor_id=manager.pk).count() == 1
