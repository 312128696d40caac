"""A register that can be assessed, and its assessment begun."""

import pytest

from risks.assessing.actions import begin_assessment
from tenancy.scope import tenant
from tests.risks.making import ASSESSED, a_rated


@pytest.fixture
def begun(acme, cast):
    """An assessment of a register with a risk of fraud and one of a vendor, both with the employee and rated by the manager."""
    manager = cast.manager
    with tenant(acme):
        a_rated(manager, cast.employee, category="fraud")
        a_rated(manager, cast.employee, 3, 3, 2, 3, 0, 0, category="vendor")
        yield begin_assessment(actor=manager, year=acme.today().year, **ASSESSED)
