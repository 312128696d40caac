"""A system of acme."""

import pytest

from accounts.models import Member
from inventory.models import System
from tenancy.scope import Scope
from tests.inventory.snapshots.helpers import make_system


@pytest.fixture
def system(in_acme: Scope, manager: Member) -> System:
    """A system whose export is a plain table."""
    return make_system(manager)
