"""An emergency to which somebody is said to have agreed."""

import pytest

from changes.lifecycle import actions
from changes.models import Change
from tenancy.scope import tenant
from tests.changes.deployments.world import sha
from tests.changes.making import a_draft, a_system, person_of


@pytest.fixture
def agreed(acme, employee, manager, approver) -> Change:
    """An emergency of the employee's, to which the approver is said to have agreed."""
    with tenant(acme):
        facts = {"environments": ["production"], "head_sha": sha("a"), "type": "emergency"}
        change = a_draft(employee, [a_system(manager)], **facts)
        return actions.record_agreement(change, actor=employee, agreed_by=person_of(approver), reason="Nobody could pay.")
