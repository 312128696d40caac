"""What closing needs follows the gravest severity an incident had, unless somebody independent lowered it."""

import pytest

from incidents.lifecycle import actions
from incidents.lifecycle.guidance import was_graver
from incidents.models import Incident
from tests.incidents.making import an_incident, resolved
from ui.refusals import ActionRefused
from ui.values import spelled


def fresh(incident):
    return Incident.objects.get(pk=incident.pk)


def test_lowering_it_afterwards_skips_nothing(in_acme, acme, manager):
    incident = resolved(manager, severity="critical")
    actions.set_severity(incident, actor=manager, severity="low", reason="It was not so bad.")
    after = fresh(incident)
    assert (after.severity, after.gravest, after.is_grave) == ("low", "critical", True)
    assert after.review_due_on is not None
    told = f"It was critical until {spelled(acme.today())}: closing needs what one of that severity needs."
    assert was_graver(after) == told
    with pytest.raises(ActionRefused, match="Give somebody a preventive measure with a date"):
        actions.close(after, actor=manager)


def test_somebody_who_may_approve_its_review_and_does_not_lead_it_lowers_it_for_good(in_acme, manager, administrator):
    incident = an_incident(manager, severity="critical", assigned_to=manager)
    manager.roles = [*manager.roles, "approver"]
    manager.save(update_fields=["roles"])
    administrator.roles = [*administrator.roles, "approver"]
    administrator.save(update_fields=["roles"])
    actions.set_severity(incident, actor=manager, severity="high", reason="Fewer customers.")
    assert fresh(incident).gravest == "critical"  # it is with the manager
    Incident.objects.filter(pk=incident.pk).update(commander=administrator)
    actions.set_severity(incident, actor=administrator, severity="medium", reason="Fewer still.")
    assert fresh(incident).gravest == "critical"
    Incident.objects.filter(pk=incident.pk).update(commander=None)
    actions.set_severity(incident, actor=administrator, severity="low", reason="It was a drill.")
    after = fresh(incident)
    assert (after.gravest, after.lowered_at, after.is_grave, was_graver(after)) == ("low", None, False, "")


def test_what_becomes_graver_again_is_no_longer_lowered(in_acme, manager):
    incident = an_incident(manager, severity="high", assigned_to=manager)
    actions.set_severity(incident, actor=manager, severity="low", reason="Fewer.")
    assert fresh(incident).lowered_at is not None
    actions.set_severity(incident, actor=manager, severity="critical", reason="All.")
    after = fresh(incident)
    assert (after.gravest, after.lowered_at) == ("critical", None)


def test_the_page_says_so(client_of, in_acme, manager):
    incident = resolved(manager, severity="high")
    actions.set_severity(incident, actor=manager, severity="medium", reason="Fewer.")
    page = client_of(manager).get(f"/o/acme/incidents/{incident.pk}/").content.decode()
    assert "It was high until" in page
    assert "Give somebody a preventive measure with a date." in page
