"""The policy leg of a control stands on a version in force, and is out of date once its review is overdue."""

import datetime as dt

import pytest

from controls.binder.documents import shelves_of
from controls.catalogue.actions import create_control
from controls.catalogue.standing import legs_of
from controls.models import AuditPeriod, Control, ControlEvidence
from controls.models.control import Leg
from controls.models.state import ControlState, Reason
from controls.periods.actions import create_period
from policies.models import Policy
from policies.publishing.actions import publish_version, retire_policy
from policies.register.actions import edit_policy
from policies.standing.legs import counted
from tests.policies.making import approved, draft, in_force

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def period(in_acme, manager, acme) -> AuditPeriod:
    """The present year."""
    first = acme.today().replace(month=1, day=1)
    return create_period(actor=manager, name="This year", kind="type2", starts_on=first, ends_on=first.replace(month=12, day=31))


@pytest.fixture
def control(period, manager, acme) -> Control:
    """In scope of it, with nothing to stand on."""
    first = acme.today().replace(month=1, day=1)
    return create_control(
        actor=manager, code="AC-9", title="Access", cadence="quarterly", in_scope_since=first, criteria={"CC6.1": ""}
    )


def reasons(control: Control) -> set[str]:
    """Why it is not better, in the period."""
    return set(ControlState.objects.get(control=control).reasons) & {Reason.NO_POLICY.value, Reason.STALE.value}


def test_a_policy_documents_a_control_from_its_day_until_it_is_retired(control, acme, manager, approver):
    assert reasons(control) == {Reason.NO_POLICY.value}
    policy = draft(manager, "Hidden", controls=[control]).policy
    assert counted(None, acme.today()) == {}
    version = approved(manager, approver, controls=[control])
    assert counted([control.pk], acme.today()) == {}
    publish_version(version, actor=manager)
    assert reasons(control) == set()
    leg = next(one for one in legs_of(control, acme.today(), ControlEvidence.objects.all()) if one.key == Leg.POLICY)
    assert [(one.name, one.standing.label) for one in leg.documents] == [
        ("Access control", "In force"),
        (policy.title, "Nothing in force"),
    ]
    retire_policy(Policy.objects.get(pk=version.policy_id), actor=manager, reason="Merged.")
    assert counted(None, acme.today()) == {}
    assert reasons(control) == {Reason.NO_POLICY.value}


def test_an_overdue_review_is_out_of_date(control, acme, manager, approver):
    policy, yesterday = in_force(manager, approver, controls=[control]), acme.today() - dt.timedelta(days=1)
    edit_policy(policy, actor=manager, controls=[control], next_review_on=yesterday)
    edit_policy(policy, actor=manager, controls=[], criteria=["CC6.1"])
    assert reasons(control) == {Reason.NO_POLICY.value}
    edit_policy(policy, actor=manager, controls=[control])
    assert reasons(control) == {Reason.STALE.value}
    assert counted([control.pk], acme.today())[control.pk].stale == 1


def test_the_binder_counts_policies_in_force(period, acme, manager, approver):
    in_force(manager, approver)
    draft(manager, "Not yet")
    shelf = next(one for one in shelves_of(period, acme.today()) if one.key == "policies")
    document = next(one for one in shelf.documents if one.name == "Policies and procedures in force")
    assert (document.note, document.presence) == ("1 of 2 in force", "incomplete")
