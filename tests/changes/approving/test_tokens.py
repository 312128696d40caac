"""Approving by a token."""

import pytest

from changes.models import Change
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.changes.making import a_rule, a_system, submitted


@pytest.mark.parametrize("scopes", [("home.read", "changes.work"), ("home.read", "changes.work", "changes.approve")])
def test_a_token_approves_with_the_right_to_approve_only_whomever_a_rule_names(acme, cast, scopes):
    with tenant(acme):
        a_rule(cast.manager, role="approver")
        change = submitted(cast.employee, [a_system(cast.manager)])
    program = Program(make_token(cast.approver, *scopes)[1])
    answer = program.post(f"changes/{change.pk}/approve", {"content_hash": change.content_hash}, If_Match="*")
    assert answer.status_code == (200 if "changes.approve" in scopes else 409)
    with tenant(acme):
        assert (Change.objects.get(pk=change.pk).status == "submitted") == ("changes.approve" not in scopes)
