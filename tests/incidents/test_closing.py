"""An incident is not closed over what is open: a notice needs a reason, tasks are named and followed on."""

import datetime as dt
from typing import Any

import pytest

from audit.models import AuditEvent
from incidents.clocks.deciding import decide, notified, set_impact
from incidents.lifecycle import actions
from incidents.models import Incident, NotificationClock
from incidents.todo.actions import add_task
from tenancy.scope import now, tenant
from tests.incidents.making import an_incident, resolved
from ui.refusals import ActionRefused

HERE = "/o/acme/incidents/"
DONE = {302, 303}


@pytest.fixture
def leak(acme, manager) -> Incident:
    """Resolved, with a clock that nobody has decided and a measure that is open."""
    with tenant(acme):
        incident = resolved(manager, kind="security", title="A leak")
        set_impact(incident, customer="yes", personal="no", health="no", reason="", actor=manager)
        due = acme.today() + dt.timedelta(days=9)
        add_task(incident, actor=manager, title="Rotate the keys", owner=manager, due_on=due, kind="preventive")
        clocks = NotificationClock.objects.filter(incident=incident)
        for clock in clocks.exclude(name="Customer contracts"):
            decide(clock, notify=False, reason="No personal data.", actor=manager)
        assert clocks.get(name="Customer contracts").status == "running"
        return Incident.objects.get(pk=incident.pk)


def test_an_undecided_notice_blocks_closing_unless_a_reason_is_given(in_acme, leak, manager):
    with pytest.raises(ActionRefused, match="Customer contracts: nobody has decided whether to notify, due") as refused:
        actions.close(leak, actor=manager)
    assert refused.value.field == "reason"
    actions.close(leak, actor=manager, reason="Counsel decides on Monday.")
    note = AuditEvent.objects.get(verb="incident.close", object_id=leak.pk).data["metadata"]["note"]
    assert note.startswith("Counsel decides on Monday. Still open: ")
    assert "Customer contracts" in note
    assert "Rotate the keys" in note
    assert leak.entries.get(text__startswith="Closed.").text == f"Closed. {note}"


def test_a_notice_that_is_due_and_unsent_blocks_and_a_sent_one_does_not(in_acme, leak, manager):
    clock = NotificationClock.objects.get(incident=leak, name="Customer contracts")
    decide(clock, notify=True, reason="", actor=manager)
    with pytest.raises(ActionRefused, match="is not recorded as sent"):
        actions.close(leak, actor=manager)
    notified(clock, actor=manager, whom="All by mail")
    actions.close(leak, actor=manager)
    assert leak.status == "closed"


def test_a_clock_that_does_not_run_and_a_measure_are_named_and_block_nothing(in_acme, leak, manager):
    clocks = NotificationClock.objects.filter(incident=leak, name="Customer contracts")
    clocks.update(status="waiting", due_at=None)
    actions.close(leak, actor=manager)
    line = leak.entries.get(text__startswith="Closed.").text
    assert "its time does not run yet." in line
    assert "Preventive measure of Manager Acme, due on" in line


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_page_and_dialog_list_what_is_open(client_of, manager, leak):
    client, here = client_of(manager), f"{HERE}{leak.pk}/"
    page = said(client.get(here))
    assert "notices are open" in page
    assert "nothing is missing" not in page
    dialog = said(client.get(f"{here}close/"))
    for words in ("Customer contracts: nobody has decided", "Rotate the keys"):
        assert words in page
        assert words in dialog
    refused = client.post(f"{here}close/")
    assert (refused.status_code, "say why it is closed all the same" in said(refused)) == (422, True)
    assert client.post(f"{here}close/", {"reason": "Counsel decides."}).status_code in DONE
    closed = said(client.get(here))
    assert "Still to be done:" in closed
    assert "Rotate the keys" in closed


def test_where_nothing_is_open_the_dialog_says_so(client_of, manager, acme):
    with tenant(acme):
        incident = resolved(manager)
    client, here = client_of(manager), f"{HERE}{incident.pk}/close/"
    assert "Nothing is left to do." in said(client.get(here))
    assert client.post(here).status_code in DONE


def test_how_it_was_contained_stands_in_the_timeline(in_acme, manager):
    incident = an_incident(manager, detected_at=now() - dt.timedelta(hours=1))
    actions.contain(incident, actor=manager, note="The account is locked.")
    assert incident.entries.filter(kind="status", text="Contained. The account is locked.").exists()
