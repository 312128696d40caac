"""One file for several days of a control: kept once, linked to each, an event for each; all or nothing."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.actions import create_token
from audit.models import AuditEvent
from controls.models import Control, ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.occurrences.performing import MOST, perform_all
from evidence.models import Evidence
from inventory.models import Person
from tests.api.conftest import Program
from tests.controls.occurrences.made import make_control, make_period
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme", "on")
LIST = "/o/acme/controls/occurrences/"


@pytest.fixture
def control(manager, employee) -> Control:
    """A daily control since the first of May that the employee owns."""
    make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    return make_control(
        manager, "BK-1", Cadence.DAILY, in_scope_since=dt.date(2026, 5, 1), owner=Person.objects.get(member=employee)
    )


def log(name: str = "week.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"7 of 7 jobs finished.")


def days(*numbers: int) -> list[Occurrence]:
    return list(Occurrence.objects.filter(key__in=[f"2026-05-{number:02}" for number in numbers]).order_by("key"))


def page_of(control: Control) -> str:
    return f"{LIST}of/{control.pk}/several/"


def test_one_file_shows_each_of_them(control, employee):
    perform_all(control, occurrences=days(4, 5, 6), actor=employee, uploads=[log()], statement="The log of the week.")
    item = Evidence.objects.get()
    assert (item.title, item.period_from, item.period_to) == (
        "BK-1 Access is reviewed, 4 May 2026 to 6 May 2026", dt.date(2026, 5, 4), dt.date(2026, 5, 6),
    )  # fmt: skip
    done = days(4, 5, 6)
    assert [(one.status, one.performed_on, one.performed_by) for one in done] == [
        ("performed", dt.date(2026, 5, number), employee) for number in (4, 5, 6)
    ]
    assert {one.statement for one in done} == {"The log of the week."}
    assert set(ControlEvidence.objects.values_list("occurrence", "evidence")) == {(one.pk, item.pk) for one in done}
    events = AuditEvent.objects.filter(verb="occurrence.perform")
    assert {event.object_id for event in events} == {one.pk for one in done}
    assert events.count() == 3


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Add the evidence"),
        ({"performed_on": dt.date(2026, 5, 5), "uploads": [log()]}, "6 May 2026 can be performed from 6 May 2026"),
        ({"performed_on": dt.date(2026, 5, 21), "uploads": [log()]}, "not after today"),
    ],
)
def test_all_or_nothing(control, employee, given: dict[str, Any], sentence):
    with pytest.raises(ActionRefused, match=sentence):
        perform_all(control, occurrences=days(4, 5, 6), actor=employee, **given)
    assert not Occurrence.objects.exclude(status="open").exists()
    assert not Evidence.objects.exists()


def test_what_was_done_is_not_done_again_nor_by_somebody_else(control, employee, reviewer):
    perform_all(control, occurrences=days(5), actor=employee, uploads=[log()])
    with pytest.raises(ActionRefused, match="performed"):
        perform_all(control, occurrences=days(4, 5), actor=employee, uploads=[log()])
    with pytest.raises(ActionRefused, match="Employee Acme owns it"):
        perform_all(control, occurrences=days(4), actor=reviewer, uploads=[log()])
    other = make_control(employee, "BK-2", Cadence.DAILY, in_scope_since=dt.date(2026, 5, 1))
    with pytest.raises(ActionRefused, match="of BK-2 only"):
        perform_all(other, occurrences=days(4)[:1], actor=employee, uploads=[log()])
    with pytest.raises(ActionRefused, match="Choose at least one"):
        perform_all(control, occurrences=[], actor=employee, uploads=[log()])
    with pytest.raises(ActionRefused, match=f"At most {MOST}"):
        perform_all(control, occurrences=list(Occurrence.objects.all()[: MOST + 1]), actor=employee, uploads=[log()])


def test_the_list_leads_to_the_page_with_what_was_chosen(control, manager, client_of):
    other = make_control(manager, "BK-2", Cadence.DAILY, in_scope_since=dt.date(2026, 5, 1))
    client, chosen = client_of(manager), [one for one in days(4, 6) if one.control_id == control.pk]
    answer = client.post(LIST, {"action": "perform", "selected": [one.pk for one in chosen]})
    assert answer["Location"] == f"{page_of(control)}?key=2026-05-04&key=2026-05-06"
    ticked = re.findall(r'name="occurrences" value="([0-9a-f-]+)"[^>]* checked', client.get(answer["Location"]).content.decode())
    assert set(ticked) == {str(one.pk) for one in chosen}
    foreign = Occurrence.objects.filter(control=other).first()
    assert foreign is not None
    mixed = client.post(LIST, {"action": "perform", "selected": [chosen[0].pk, foreign.pk]})
    assert (mixed.status_code, "of one control" in mixed.content.decode()) == (422, True)


def test_its_owner_does_so_in_the_browser_once(control, employee, viewer, client_of):
    client = client_of(employee)
    page = client.get(page_of(control)).content.decode()
    late = re.findall(r'name="occurrences" value="([0-9a-f-]+)"[^>]* checked', page)
    assert len(late) == 19  # today's is not late
    token = re.search(r'name="once" value="([0-9a-f-]+)"', page)
    assert token
    given = {"once": token[1], "occurrences": late, "statement": "Read the logs.", "uploads": [log()]}
    assert client.post(page_of(control), given).status_code == 303
    assert client.post(page_of(control), given | {"uploads": [log()]}).status_code == 303
    assert Occurrence.objects.filter(status="performed").count() == 19
    assert Evidence.objects.count() == 1
    assert client_of(viewer).get(page_of(control)).status_code == 403


def test_a_program_does_the_same(control, manager):
    until = timezone.now().date() + dt.timedelta(days=30)
    program = Program(create_token(manager, name="Test", scopes=manager.permissions, expires_on=until, actor=manager)[1])
    given = {"occurrences": [str(one.pk) for one in days(4, 5)], "uploads": [log()]}
    answer = program.upload(f"controls/{control.pk}/perform-several", given, If_Match="*")
    assert answer.status_code == 200, answer.content
    assert Occurrence.objects.filter(status="performed").count() == 2
