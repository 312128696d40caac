"""An audit period in the care of a guardian: its days, scope and auditor, and nothing else of the controls."""

import datetime as dt

import pytest

from accounts.models import Member, User
from controls.models import AuditPeriod
from controls.periods.actions import close_period, create_period
from tests.api.conftest import Program, make_token
from tests.cast import PASSWORD
from ui.refusals import ActionRefused
from workflow.delegations.actions import hand_over
from workflow.models import Delegation

DAY = dt.timedelta(days=1)


@pytest.fixture
def guardian(acme):
    """Somebody who sees only what waits for them."""
    user = User.objects.create_user(email="gina@acme.example", name="Gina Guardian", password=PASSWORD)
    return Member.objects.create(organization=acme, user=user, roles=["employee"])


def fresh(member):
    """As the next request has them."""
    return Member.objects.select_related("organization", "user").get(pk=member.pk)


@pytest.fixture
def period(in_acme, acme, manager):
    """This year."""
    year = acme.today().year
    return create_period(
        actor=manager, name="Ours", kind=AuditPeriod.Kind.TYPE_2, starts_on=dt.date(year, 1, 1), ends_on=dt.date(year, 12, 31)
    )


def test_a_guardian_keeps_the_period_and_nothing_else_of_the_controls(period, manager, guardian, client_of, acme):
    path = f"/o/acme/controls/periods/{period.pk}/"
    client, runs = client_of(guardian), client_of(manager)
    assert client.get(path).status_code == 403
    form = {"guardian": guardian.pk, "until": f"{acme.today() + DAY}", "reason": "On leave."}
    assert runs.post(f"{path}hand-over/", form).status_code == 303
    page = client.get(path).content.decode()
    assert "In the care of" in page
    assert "Note the auditor" in page
    assert "Hand over" not in page
    assert client.post(f"{path}engagement/", {"firm": "Auditors LLC", "opinion": ""}).status_code == 303
    assert client.post(f"{path}exclude/", {"criteria": ["CC6.4"], "reason": "No building."}).status_code == 303
    assert client.post(f"{path}include/", {"criterion": "CC6.4"}).status_code == 302
    assert client.post(f"{path}close/", {"reason": "Done."}).status_code == 303
    assert period.refreshed().status == "closed"
    for other in ("/o/acme/controls/", "/o/acme/controls/periods/", "/o/acme/controls/periods/new/"):
        assert client.get(other).status_code == 403
    cares = Program(make_token(fresh(guardian))[1])
    assert cares.get(f"periods/{period.pk}").json()["name"] == "Ours"
    assert cares.get("periods").status_code == 403
    assert Delegation.objects.get().status == "given"


def test_not_to_whoever_tests_controls_nor_one_that_is_closed(period, manager, reviewer, guardian, acme):
    until = acme.today() + DAY
    with pytest.raises(ActionRefused, match="Keeps controls and tests them"):
        hand_over(period, kind="period", actor=manager, guardian=reviewer, until=until, reason="On leave.")
    close_period(period, actor=manager, reason="Done.")
    closed = AuditPeriod.objects.get(pk=period.pk)
    with pytest.raises(ActionRefused, match="is over"):
        hand_over(closed, kind="period", actor=manager, guardian=guardian, until=until, reason="On leave.")
