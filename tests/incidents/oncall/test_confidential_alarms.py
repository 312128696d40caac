"""Of a confidential incident somebody is told who may see it, and nobody is let in only because a step led nowhere."""

import pytest

from incidents.lifecycle.editing import confide
from incidents.models import AlertDelivery, EscalationNotice, Incident, SecurityTeamMember
from incidents.reporting.actions import open_incident
from tests.incidents.making import SECRET
from tests.incidents.oncall.making import a_policy, a_webhook
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


def told(incident: Incident) -> set[str]:
    return set(EscalationNotice.objects.filter(escalation__incident=incident).values_list("told_as", flat=True))


@pytest.mark.parametrize("target", ["team", "gone"])
def test_a_step_that_leads_to_nobody_who_may_see_it(manager, administrator, reviewer, approver, target):
    SecurityTeamMember.objects.create(member=reviewer)
    type(approver).objects.filter(pk=approver.pk).update(status="removed")
    a_policy(manager, (["team"] if target == "team" else [f"member:{approver.pk}"], 5))
    incident = open_incident(actor=administrator, title="An insider", severity="high", confidential=True)
    assert told(incident) == {f"{administrator.name} (runs incidents)"}
    assert not incident.team.exists()


def test_what_has_not_left_when_it_is_made_confidential_says_nothing_of_it_any_more(manager):
    channels = [
        a_webhook(manager, "https://hooks.example/x"),
        a_webhook(manager, "https://hooks.example/y", name="S", kind="slack"),
    ]
    a_policy(manager, ([*[f"channel:{one.pk}" for one in channels], "team"], 5))
    incident = open_incident(actor=manager, title=f"{SECRET} list", severity="high")
    OutboxMessage.objects.update(status="queued")
    assert all(SECRET in body for body in AlertDelivery.objects.values_list("body", flat=True))
    assert OutboxMessage.objects.filter(subject__contains=SECRET).count() > 1
    confide(incident, actor=manager, reason="It is about a person.")
    left = [*AlertDelivery.objects.values_list("body", flat=True), *OutboxMessage.objects.values_list("subject", flat=True)]
    assert not any(SECRET in one for one in [*left, *OutboxMessage.objects.values_list("text", flat=True)])
    assert all(str(incident.pk) in body for body in AlertDelivery.objects.values_list("body", flat=True))
