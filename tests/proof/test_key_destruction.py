"""Keys that are destroyed take what they sealed with them, and nothing else."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.sealing import KeyDestroyed, unseal
from audit.models import AuditEvent
from keys.models import DataKey
from keys.store import ITSELF
from monitoring.models import Check
from monitoring.probing.target import opened
from policies.background.actions import edit_check
from policies.models import BackgroundCheck
from proof.keys.actions import start_rotation
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import Cast
from tests.proof.attacking import Trail
from tests.proof.key_world import CANARY, fill, told

SENTENCE = "Cannot be read: its key was destroyed."


@pytest.fixture
def filled(acme: Organization) -> Organization:
    """Acme with something in each sealed field."""
    fill(acme)
    return acme


def destroy(*given: str) -> str:
    out = StringIO()
    call_command("destroy_keys", "acme", "personal", "--reason", "The customer left", *given, stdout=out)
    return out.getvalue()


def test_what_lay_under_them_is_said_to_be_gone_and_the_rest_is_there(
    filled: Organization, globex: Organization, administrator: Any, client_of: Any
):
    fill(globex)
    others = told(globex)
    assert "acme: 1 keys were destroyed." in destroy("--confirm", "acme")
    assert told(globex) == others
    with tenant(filled):
        check = BackgroundCheck.objects.filter(status="current").latest("id")
        with pytest.raises(KeyDestroyed):
            unseal(check.sealed, label="policies.background_check.outcome", row_id=check.pk, tenant_id=filled.pk)
        assert (check.outcome_badge.label, check.note) == (SENTENCE, SENTENCE)
        assert opened(Check.objects.exclude(secret="").latest("id")) == f"{CANARY}-check"
        assert DataKey.objects.get(purpose="personal").wrapped == ""
        event = AuditEvent.objects.get(verb="data_key.destroy")
        assert "The customer left" in event.body
    assert "Destroyed" in client_of(administrator).get("/o/acme/proof/keys/").content.decode()


def test_the_trail_still_verifies(filled: Organization):
    trail = Trail(filled)
    trail.seal()
    destroy("--confirm", "acme")
    trail.seal()
    assert trail.check().state == "intact"


def test_what_is_written_afterwards_has_a_new_key(filled: Organization):
    destroy("--confirm", "acme")
    with tenant(filled):
        check = BackgroundCheck.objects.filter(status="current").latest("id")
        edit_check(check, actor=ITSELF, outcome="clear", note="Looked up again")
        assert check.refreshed().told() == ("clear", "Looked up again")
        assert DataKey.objects.filter(purpose="personal", retired_at=None).count() == 1


def test_it_has_to_be_meant(filled: Organization):
    with pytest.raises(CommandError, match="add --confirm acme"):
        destroy()
    with pytest.raises(CommandError, match="There is no organization"):
        call_command("destroy_keys", "nobody", "personal", "--reason", "Any")
    with tenant(filled):
        start_rotation(actor=Cast().administrator)
    with pytest.raises(CommandError, match="Let it go on first"):
        destroy("--confirm", "acme")
    with tenant(filled):
        assert not DataKey.objects.filter(destroyed_at__isnull=False).exists()
