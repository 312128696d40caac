"""An incident is linked to records by their numbers; whoever does not see a record reads its number alone."""

import pytest

from changes.drafting.actions import create_change
from controls.models import Finding
from incidents.lifecycle import actions as lifecycle
from incidents.links.actions import add_link, finding_of, remove_link
from incidents.links.page import links_of
from incidents.models import Incident
from incidents.reporting.actions import open_incident
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def incident(in_acme, manager) -> Incident:
    return open_incident(actor=manager, title="Database down", kind="availability", severity="high")


def test_a_change_is_linked_by_its_number_once(incident, manager, employee):
    change = create_change(actor=manager, title="Bigger disks")
    link = add_link(incident, actor=manager, kind="change", number=f" {change.reference.lower()} ", note="What ended it")
    (shown,) = links_of(incident, manager)["links"]
    assert (shown.label, shown.words, shown.url) == ("Change", "Bigger disks", change.get_absolute_url())
    with pytest.raises(ActionRefused, match="linked already"):
        add_link(incident, actor=manager, kind="change", number=change.reference)
    lifecycle.add_to_team(incident, member=employee, actor=manager)
    (shown,) = links_of(incident, employee)["links"]
    assert (shown.link.label, shown.words, shown.url) == (change.reference, "", "")
    remove_link(link, actor=manager)
    assert links_of(incident, manager)["links"] == []


def test_nobody_links_what_they_do_not_see(incident, manager, employee):
    change = create_change(actor=manager, title="Bigger disks")
    lifecycle.add_to_team(incident, member=employee, actor=manager)
    with pytest.raises(ActionRefused, match="You see no change"):
        add_link(incident, actor=employee, kind="change", number=change.reference)
    with pytest.raises(ActionRefused, match="Choose what it is"):
        add_link(incident, actor=manager, kind="planet", number="Mars")
    with pytest.raises(ActionRefused, match="this one"):
        add_link(incident, actor=manager, kind="incident", number=incident.reference)


def test_the_words_of_a_confidential_incident_do_not_reach_others_by_a_link(incident, manager, approver):
    secret = open_incident(actor=manager, title="An insider", confidential=True)
    add_link(incident, actor=manager, kind="incident", number=secret.reference)
    (shown,) = links_of(incident, approver)["links"]
    assert (shown.link.label, shown.words, shown.url) == (secret.reference, "", "")
    assert [one.reference for one in links_of(secret, manager)["named_by"]] == [incident.reference]
    assert links_of(incident, approver)["named_by"] == []
    assert not incident.entries.filter(text__contains="insider").exists()


def test_a_finding_is_raised_out_of_it_and_linked_but_not_of_a_confidential_one(incident, manager):
    finding = finding_of(incident, actor=manager, title="No alarm on disks", severity="high", remediation="Add one")
    assert Finding.objects.get(pk=finding.pk).link == incident.get_absolute_url()
    assert [shown.words for shown in links_of(incident, manager)["links"]] == ["No alarm on disks"]
    secret = open_incident(actor=manager, title="An insider", confidential=True)
    with pytest.raises(ActionRefused, match="read by more people"):
        finding_of(secret, actor=manager, title="Too many rights", severity="high", remediation="")
