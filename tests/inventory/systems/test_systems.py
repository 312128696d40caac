"""Systems: actions and screens."""

import pytest

from audit.models import AuditEvent
from inventory.models import System
from inventory.systems.actions import create_system, edit_system, retire_system
from tests.inventory.snapshots.helpers import ADA, BEN, person_of, population
from ui.refusals import ActionRefused

LIST = "/o/acme/access/systems/"


@pytest.fixture
def console(in_acme, manager) -> System:
    """A system."""
    return create_system(actor=manager, name="Console", reviewer_order=["line_manager", "system_owner"])


def filled(**changes: str) -> dict[str, str]:
    given = {
        "name": "Okta",
        "kind": "identity",
        "criticality": "critical",
        "source_format": "okta",
        "no_access_states": "",
        "route_1": "system_owner",
        "route_2": "backup",
    }
    return given | changes


def test_a_new_system_takes_the_formats_states(client_of, manager, in_acme):
    owner = person_of(manager)
    assert client_of(manager).post(f"{LIST}new/", filled(owner=str(owner.pk))).status_code == 303
    system = System.objects.get(name="Okta")
    assert "deprovisioned" in system.no_access_states
    assert (system.reviewer_order, system.owner_id) == (["system_owner", "backup"], owner.pk)
    assert AuditEvent.objects.get(object_id=system.pk).verb == "system.create"


def test_states_are_read_line_by_line(client_of, manager, console):
    client = client_of(manager)
    given = filled(name="Console", no_access_states=" Locked \nlocked\n\nGone away", source_format="generic")
    assert client.post(f"{LIST}{console.pk}/edit/", given).status_code == 303
    console.refresh_from_db()
    assert console.no_access_states == ["locked", "gone away"]


def test_a_backup_reviewer_is_somebody_who_may_decide(client_of, manager, employee, reviewer, console):
    client, given = client_of(manager), filled(name="Console", source_format="generic")
    someone, decides = person_of(employee), person_of(reviewer)
    answer = client.post(f"{LIST}{console.pk}/edit/", given | {"backup_reviewer": str(someone.pk)})
    assert answer.status_code == 422
    assert "an account here with a role that decides in reviews" in answer.content.decode()
    assert client.post(f"{LIST}{console.pk}/edit/", given | {"backup_reviewer": str(decides.pk)}).status_code == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"route_2": "system_owner"}, "Each may stand in the order once"),
        ({"no_access_states": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(client_of, manager, in_acme, changes, words):
    answer = client_of(manager).post(f"{LIST}new/", filled(account_meaning="Everything") | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Everything" in answer.content.decode()


def test_two_systems_cannot_share_a_name(client_of, manager, console):
    answer = client_of(manager).post(f"{LIST}new/", filled(name="Console"))
    assert answer.status_code == 422
    assert "There is a system of this name already" in answer.content.decode()
    answer = client_of(manager).post(f"{LIST}new/", filled(name="CONSOLE"))
    assert answer.status_code == 422
    assert "There is “Console” already: a name may not differ from it in capitals only." in answer.content.decode()
    assert client_of(manager).post(f"{LIST}{console.pk}/edit/", filled(name="CONSOLE")).status_code == 303  # its own


def test_retiring_wants_a_reason_and_can_be_undone(client_of, manager, console):
    with pytest.raises(ActionRefused, match="reason"):
        retire_system(console, actor=manager, reason=" ")
    client = client_of(manager)
    assert "is in use: it cannot be put back into use now." in client.get(f"{LIST}{console.pk}/restore/").content.decode()
    assert client.post(f"{LIST}{console.pk}/retire/", {"reason": "Replaced"}).status_code == 303
    console.refresh_from_db()
    assert console.status == "retired"
    assert AuditEvent.objects.get(verb="system.retire").data["metadata"]["note"] == "Replaced"
    assert client.post(f"{LIST}{console.pk}/restore/", {"reason": "Needed"}).status_code == 303
    console.refresh_from_db()
    assert console.status == "active"


def test_saving_without_a_change_records_nothing(console, manager):
    edit_system(console, actor=manager, name="Console")
    assert AuditEvent.objects.filter(object_id=console.pk).count() == 1


def test_the_list_and_the_page_show_accounts_and_owner(client_of, viewer, manager, console, django_assert_max_num_queries):
    edit_system(console, actor=manager, owner=person_of(manager))
    population(console, manager, ADA, BEN)
    client = client_of(viewer)
    client.get(LIST)
    with django_assert_max_num_queries(15):
        page = client.get(LIST).content.decode()
    assert "Console" in page
    assert person_of(manager).name in page
    page = client.get(f"{LIST}{console.pk}/").content.decode()
    assert "Line manager, System owner" in page
    assert "Retire" not in page


@pytest.mark.parametrize("field", ["account_meaning", "no_access_states"])
def test_words_without_end_are_refused_at_their_field(client_of, manager, in_acme, field):
    endless = "\n".join(f"state {number}" for number in range(20_000))
    assert client_of(manager).post(f"{LIST}new/", filled(**{field: endless})).status_code == 422


def test_a_state_that_cannot_be_stored_is_refused(client_of, manager, console):
    given = filled(name="Console", no_access_states="locked\nsuspend\x00ed", source_format="generic")
    assert client_of(manager).post(f"{LIST}{console.pk}/edit/", given).status_code == 422
