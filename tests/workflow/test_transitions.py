"""Transition: the only way in which a state changes."""

import pytest

from audit.actions import action
from audit.models import AuditEvent
from audit.record import record
from inventory.models import System
from ui.refusals import ActionRefused
from workflow.references import next_reference, next_references, period_reference


@pytest.fixture
def system(in_acme, administrator):
    @action
    def make() -> System:
        system = System.objects.create(name="Okta")
        record("system.create", system, actor=administrator)
        return system

    return make()


@action
def retire(system, actor, note=""):
    return System.RETIRE.apply(system, actor=actor, note=note)


def test_it_changes_the_state_and_records_before_and_after(system, administrator):
    retire(system, administrator, note="Replaced")
    assert system.refreshed().status == system.status == "retired"
    event = AuditEvent.objects.get(verb="system.retire")
    assert event.data["before"] == {"status": "active"}
    assert event.data["after"] == {"status": "retired"}
    assert event.data["metadata"]["note"] == "Replaced"


def test_it_refuses_without_the_permission(system, viewer):
    with pytest.raises(ActionRefused, match="role"):
        retire(system, viewer)
    assert system.refreshed().status == "active"


def test_it_refuses_from_another_state_and_says_so(system, administrator):
    retire(system, administrator)
    with pytest.raises(ActionRefused, match="Okta is retired: it cannot be retired now"):
        retire(system, administrator)


def test_a_stale_copy_is_refused(system, administrator):
    stale = system.refreshed()
    retire(system, administrator)
    assert stale.status == "active"
    with pytest.raises(ActionRefused):
        retire(stale, administrator)


def test_references_count_up_by_series(in_acme):
    assert [next_reference("REM", "2026"), next_reference("REM", "2026"), next_reference("REM", "2027")] == [
        "REM-2026-0001",
        "REM-2026-0002",
        "REM-2027-0001",
    ]


def test_a_block_of_references_is_drawn_at_once(in_acme, django_assert_num_queries):
    next_reference("REM", "2026")
    with django_assert_num_queries(1):
        assert next_references("REM", "2026", 3) == ["REM-2026-0002", "REM-2026-0003", "REM-2026-0004"]
    assert next_reference("REM", "2026") == "REM-2026-0005"


def test_the_second_reference_of_a_period_says_so(in_acme):
    assert [period_reference("AR", "2026-Q4"), period_reference("AR", "2026-Q4")] == ["AR-2026-Q4", "AR-2026-Q4-2"]
