"""Many acts, one derivation."""

import pytest

from controls.catalogue.actions import assign_owner
from controls.catalogue.adopting import adopt
from controls.models import Control, ControlState
from controls.models.state import Reason
from controls.periods.actions import create_period
from controls.status import keep
from tests.controls.setup.test_set_up import YEAR
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused


@pytest.fixture
def controls(in_acme, manager) -> list[Control]:
    create_period(actor=manager, **YEAR)
    return adopt(["AC-001", "AC-002"], actor=manager)


def unowned() -> int:
    return ControlState.objects.filter(reasons__contains=[Reason.NO_OWNER]).count()


def test_what_many_acts_change_is_derived_at_the_end_of_the_block(controls, manager):
    with keep.deriving_once():
        for control in controls:
            assign_owner([control], person_of(manager), actor=manager)
        assert unowned() == 2
    assert unowned() == 0


def test_after_the_block_each_act_derives_by_itself_again(controls, manager):
    with keep.deriving_once():
        pass
    assign_owner(controls[:1], person_of(manager), actor=manager)
    assert unowned() == 1


def test_what_fails_derives_nothing(controls, manager):
    with pytest.raises(ActionRefused):
        assign_then_fail(controls, manager)
    assert unowned() == 2


def assign_then_fail(controls, manager):
    with keep.deriving_once():
        assign_owner(controls, person_of(manager), actor=manager)
        assign_owner(controls, person_of(manager), actor=manager)  # refused: they have it
