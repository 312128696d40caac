import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from controls.models import ControlEvidence, Occurrence
from controls.models.control import Cadence
from controls.models.occurrence import State, state_as_of
from controls.occurrences.actions import did_not_occur, not_applicable, perform, supply
from controls.occurrences.states import of_state
from evidence.models import Evidence
from inventory.models import Person
from tenancy.scope import tenant
from tests.controls.occurrences.made import make_control, make_period
from workflow.inbox import inbox_of

pytestmark = pytest.mark.usefixtures("on")
LIST = "/o/acme/controls/occurrences/"
TODAY = dt.date(2026, 5, 20)


def upload(name="april.txt", content=b"Reviewed."):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def world(acme, manager, employee, on):
    """A monthly control of the employee with a month of each kind, and a quarterly one that nobody owns."""
    with tenant(acme):
        make_period(manager, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
        control = make_control(manager, owner=Person.objects.get(member=employee), instructions="Look at each account.")
        make_control(manager, code="GV-001", title="Risks are assessed", cadence=Cadence.QUARTERLY)
        rows = {one.key: one for one in Occurrence.objects.filter(control=control).select_related("control__owner")}
        on("2026-01-30")
        perform(
            rows["2026-01"], actor=employee, performed_on=dt.date(2026, 1, 30), statement="Forty accounts.", uploads=[upload()]
        )
        on("2026-03-04")
        perform(rows["2026-02"], actor=employee, performed_on=dt.date(2026, 3, 4), uploads=[upload("b.txt", b"B")])
        on("2026-04-20")
        did_not_occur(rows["2026-03"], actor=employee, statement="No access was asked for from 1 to 31 March.")
        on("2026-05-20")
    return rows


def page(response):
    return " ".join(strip_tags(re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.S)).split())


def total(client, query):
    """How many rows the list counts for a query."""
    response = client.get(f"{LIST}{query}&fragment=counts")
    (number,) = re.findall(r'data-counted="(\d+)"', response.content.decode())
    return int(number)


def test_the_list_begins_with_what_is_to_be_done(client_of, manager, world):
    response = client_of(manager).get(LIST)
    assert response["Location"] == f"{LIST}?show=todo"
    text = page(client_of(manager).get(f"{LIST}?show=todo"))
    assert "AC-001 Access is reviewed April 2026" in text
    assert "GV-001 Risks are assessed Q1 2026" in text
    assert "January 2026 31 Jan" not in text


def test_every_state_of_the_filter_is_that_of_the_rows(acme, world, manager):
    with tenant(acme):
        not_applicable(world["2026-04"], actor=manager, reason="Out of use.")
        for today in (TODAY, dt.date(2026, 7, 3), dt.date(2027, 4, 1)):
            derived = dict(Occurrence.objects.annotate(state=state_as_of(today)).values_list("pk", "state"))
            for state in State.values:
                found = set(Occurrence.objects.filter(of_state(state, today)).values_list("pk", flat=True))
                assert found == {key for key, value in derived.items() if value == state}
            assert derived == {row.pk: row.state_on(today).value for row in Occurrence.objects.all()}


def test_the_filters_narrow_the_list(client_of, manager, employee, world):
    client = client_of(manager)
    control = world["2026-01"].control_id
    assert total(client, "?show=all") == 16
    assert total(client, f"?control={control}") == 12
    assert total(client, f"?control={control}&month=2026-04") == 1
    assert total(client, "?state=did_not_occur") == 1
    assert total(client, "?owner=nobody") == 4
    assert total(client, "?owner=me&show=all") == 0
    assert total(client, "?show=overdue") == 2
    assert total(client, "?q=GV-001") == 4


@pytest.mark.parametrize("query", ["", "?show=todo", "?show=all&order=-due_on", "?state=late"])
def test_the_list_asks_the_same_however_many_rows(acme, client_of, manager, world, query):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{LIST}{query}", follow=bool(query)).status_code in {200, 302}
        return len([one for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "SET "))])

    client = client_of(manager)
    asked()
    few = asked()
    with tenant(acme):
        for number in range(4):
            make_control(manager, code=f"X-{number}", cadence=Cadence.WEEKLY)
    assert asked() == few
    assert few <= 10


def test_several_are_excused_at_once(client_of, manager, acme, world):
    client = client_of(manager)
    data = {"action": "excuse", "selected": [str(world[key].pk) for key in ("2026-04", "2026-01")]}
    response = client.post(f"{LIST}?show=all", {**data, "excuse-reason": "The system was out of use."})
    assert "1 done, 1 refused" in page(response)
    with tenant(acme):
        assert Occurrence.objects.get(pk=world["2026-04"].pk).statement == "The system was out of use."


def test_an_export_carries_the_states(client_of, manager, world):
    response = client_of(manager).get(f"{LIST}?show=all&export=csv")
    text = b"".join(response.streaming_content).decode()
    assert "AC-001 Access is reviewed,February 2026,2026-02-28,Performed late" in text


def test_a_cell_of_the_heat_map_counts_exactly_its_rows(client_of, manager, acme, world):
    with tenant(acme):
        make_control(manager, code="OP-001", title="Backups are checked", cadence=Cadence.DAILY)
    client = client_of(manager)
    html = client.get(f"{LIST}months/").content.decode()
    cells = re.findall(r'<td class="heat [a-z]*"><a href="([^"]+)"><span aria-hidden="true">.</span> ([^<]+)</a>', html)
    assert len(cells) == 12 + 4 + 12
    for url, words in cells:
        numbers = [int(number) for number in re.findall(r"\d+", words)] or [1]
        query = url.replace("&amp;", "&").removeprefix(LIST)
        assert total(client, query) == sum(numbers), words
    keys = re.findall(r'<li class="heat [a-z]+">.*?<a href="([^"]+)">([\d,]+) ([a-z ]+)</a>', html)
    assert {label for _, _, label in keys} == {"missed", "late", "due", "performed", "did not occur", "not yet due"}
    for url, number, _ in keys:
        assert total(client, url.replace("&amp;", "&").removeprefix(LIST)) == int(number.replace(",", ""))


def test_the_heat_map_reads_as_text(client_of, manager, world):
    text = page(client_of(manager).get(f"{LIST}months/"))
    assert "AC-001 Access is reviewed ✓ Performed ! Late - Did not occur ! Late ● Due ○ Not yet due" in text


def test_the_heat_map_asks_the_same_however_many_controls(acme, client_of, manager, world):
    client = client_of(manager)

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(f"{LIST}months/")
        return len(found)

    asked()
    few = asked()
    with tenant(acme):
        for number in range(5):
            make_control(manager, code=f"X-{number}")
    assert asked() == few


def test_without_anything_the_pages_say_why(client_of, manager):
    client = client_of(manager)
    assert "Nothing is expected yet" in page(client.get(LIST))
    assert "Nothing is expected in this time" in page(client.get(f"{LIST}months/"))


def test_the_page_shows_instructions_and_the_last_time(client_of, employee, world):
    text = page(client_of(employee).get(f"{LIST}{world['2026-04'].pk}/"))
    assert "Look at each account." in text
    assert "It was due on 30 April 2026. Do it, and add the evidence that shows it, by 31 May 2026" in text
    assert "Last time February 2026, performed 4 Mar 2026 by Employee Acme." in text
    assert "b.txt" in text


def test_an_employee_performs_their_own_and_sees_nothing_else(acme, client_of, employee, world):
    client = client_of(employee)
    at = f"{LIST}{world['2026-04'].pk}/"
    response = client.post(
        at, {"performed_on": "2026-05-02", "statement": "Fifty.", "uploads": [upload(), upload("c.txt", b"C")]}
    )
    assert response.status_code == 303
    with tenant(acme):
        row = Occurrence.objects.get(pk=world["2026-04"].pk)
        assert (row.status, row.performed_by) == ("performed", employee)
        assert ControlEvidence.objects.filter(occurrence=row).count() == 2
        other = Occurrence.objects.get(key="2026-Q1")
        proof = ControlEvidence.objects.filter(occurrence=world["2026-01"]).get()
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert client.post(f"{LIST}{other.pk}/", {"performed_on": "2026-05-02", "uploads": [upload()]}).status_code == 404
    for forbidden in (LIST, f"{LIST}months/", "/o/acme/controls/", "/o/acme/evidence/", f"{at}not-applicable/"):
        assert client.get(forbidden).status_code == 403
    file = client.get(f"{LIST}{world['2026-04'].pk}/files/{proof.evidence_id}/")
    assert b"".join(file.streaming_content) == b"Reviewed."


def test_who_reads_controls_sees_no_form(client_of, auditor, reviewer, world):
    for member in (auditor, reviewer):
        client = client_of(member)
        html = client.get(f"{LIST}{world['2026-04'].pk}/").content.decode()
        assert 'enctype="multipart/form-data"' not in html
        assert client.post(f"{LIST}{world['2026-04'].pk}/", {}).status_code == 403
        for act in ("evidence", "nothing", "not-applicable", "reopen"):
            assert client.get(f"{LIST}{world['2026-04'].pk}/{act}/").status_code == 403


def test_a_file_is_for_who_works_on_it_or_reads_evidence(acme, client_of, auditor, reviewer, world):
    with tenant(acme):
        proof = ControlEvidence.objects.get(occurrence=world["2026-01"])
    at = f"{LIST}{world['2026-01'].pk}/files/{proof.evidence_id}/"
    assert b"".join(client_of(auditor).get(at).streaming_content) == b"Reviewed."
    assert client_of(reviewer).get(at).status_code == 403
    assert client_of(auditor).get(f"{LIST}{world['2026-01'].pk}/files/{world['2026-01'].pk}/").status_code == 404


def test_sent_twice_it_is_done_once(acme, client_of, employee, world):
    client = client_of(employee)
    at = f"{LIST}{world['2026-04'].pk}/"
    (once,) = re.findall(r'name="once" value="([^"]+)"', client.get(at).content.decode())
    answers = [
        client.post(at, {"once": once, "performed_on": "2026-05-02", "statement": "Fifty.", "uploads": [upload()]})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    with tenant(acme):
        assert ControlEvidence.objects.filter(occurrence=world["2026-04"]).count() == 1


def test_what_is_wrong_stands_at_its_field(client_of, employee, world):
    client = client_of(employee)
    response = client.post(f"{LIST}{world['2026-04'].pk}/", {"performed_on": "2026-05-02", "statement": "Fifty."})
    assert response.status_code == 422
    assert "Add the evidence that shows it." in page(response)
    assert "Fifty." in response.content.decode()


def test_evidence_that_is_here_already_is_offered(acme, client_of, manager, world):
    with tenant(acme):
        item = ControlEvidence.objects.get(occurrence=world["2026-02"]).evidence
        Evidence.objects.filter(pk=item.pk).update(collected_at=dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))
    client = client_of(manager)
    at = f"{LIST}{world['2026-04'].pk}/"
    assert item.title in client.get(at).content.decode()
    client.post(at, {"performed_on": "2026-05-02", "evidence": [str(item.pk)]})
    with tenant(acme):
        assert Occurrence.objects.get(pk=world["2026-04"].pk).status == "performed"


def test_evidence_is_found_by_its_number(acme, client_of, manager, world):
    with tenant(acme):
        item = ControlEvidence.objects.get(occurrence=world["2026-02"]).evidence
        Evidence.objects.filter(pk=item.pk).update(collected_at=dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))
    at, client = f"{LIST}{world['2026-04'].pk}/", client_of(manager)
    wrong = client.post(at, {"performed_on": "2026-05-02", "numbers": f"{item.reference}, EV-1999-0001"})
    assert wrong.status_code == 422
    assert "Among what may be added there is no EV-1999-0001." in page(wrong)
    assert client.post(at, {"performed_on": "2026-05-02", "numbers": item.reference.lower()}).status_code == 303
    with tenant(acme):
        assert ControlEvidence.objects.filter(occurrence=world["2026-04"], evidence=item, status="linked").count() == 1
    more = client.post(f"{at}evidence/", {"numbers": item.reference})
    assert "Among what may be added there is no" in page(more), "it is linked already"


def test_the_other_forms_do_what_they_say(client_of, employee, manager, world, on):
    owner, runs = client_of(employee), client_of(manager)
    at = f"{LIST}{world['2026-01'].pk}/"
    assert owner.post(f"{at}evidence/", {"uploads": [upload("more.txt", b"M")]}).status_code == 303
    assert owner.post(f"{at}reopen/", {"reason": "The wrong month."}).status_code == 303
    assert owner.post(f"{at}nothing/", {"statement": "It was missed by now."}).status_code == 422
    on("2026-02-20")
    assert owner.post(f"{at}nothing/", {"statement": "Nothing from 1 to 31 January."}).status_code == 303
    assert "nothing occurred" in page(owner.get(at))
    assert owner.post(f"{at}reopen/", {"reason": "There was."}).status_code == 303
    assert runs.post(f"{at}not-applicable/", {"reason": "Out of use."}).status_code == 303
    assert "Not applicable" in page(runs.get(at))
    assert owner.get(f"{at}reopen/").status_code == 200
    assert owner.get(f"{at}not-applicable/").status_code == 403


def test_what_is_due_is_in_its_owners_work(acme, employee, manager, world):
    with tenant(acme):
        own, soon = inbox_of(employee)
        assert (own.title, own.overdue) == ("AC-001 Access is reviewed: April 2026", True)
        assert (soon.title, soon.overdue) == ("AC-001 Access is reviewed: May 2026", False)
        assert own.url == f"{LIST}{world['2026-04'].pk}/"
        (orphans,) = [one for one in inbox_of(manager) if "controls that nobody owns" in one.title]
        assert orphans.count == 1


def test_many_of_one_control_are_one_entry(cast, acme, world, client_of):
    employee, reviewer, manager = cast.employee, cast.reviewer, cast.manager
    with tenant(acme):
        make_control(manager, code="OP-001", cadence=Cadence.DAILY, owner=Person.objects.get(member=employee))
        make_control(manager, code="OP-002", cadence=Cadence.DAILY, owner=Person.objects.get(member=reviewer))
        (many,) = [one for one in inbox_of(employee) if "OP-001" in one.title]
        assert (many.title, many.count) == ("OP-001 Access is reviewed: 140 occurrences", 140)
        first = Occurrence.objects.get(control__code="OP-001", key="2026-01-01")
        assert many.url == f"{LIST}{first.pk}/"
        (listed,) = [one for one in inbox_of(reviewer) if "OP-002" in one.title]
    assert total(client_of(reviewer), listed.url.removeprefix(LIST)) == listed.count


def test_the_page_and_the_inbox_ask_the_same_however_much_there_is(acme, cast, client_of, world):
    manager, employee = cast.manager, cast.employee
    client = client_of(employee)

    def asked(act):
        with CaptureQueriesContext(connection) as found, tenant(acme):
            act()
        return len(found)

    def both():
        return [asked(lambda: client.get(f"{LIST}{world['2026-02'].pk}/")), asked(lambda: list(inbox_of(employee)))]

    both()
    few = both()
    with tenant(acme):
        supply(world["2026-02"], actor=employee, uploads=[upload(f"{number}.txt", b"%d" % number) for number in range(4)])
        for number in range(3):
            owner = Person.objects.get(member=employee)
            make_control(manager, code=f"X-{number}", cadence=Cadence.QUARTERLY, owner=owner)
    assert both() == few


def test_the_form_does_not_call_optional_what_it_needs(client_of, employee, world):
    form = client_of(employee).get(f"{LIST}{world['2026-04'].pk}/").context["form"]
    assert 'class="optional"' not in str(form["uploads"].as_field_group())


def test_evidence_that_was_collected_later_says_so(world, manager, client_of):
    """The days played lie in the past, and the files were made now."""
    january = world["2026-01"]
    words = page(client_of(manager).get(f"{LIST}{january.pk}/"))
    assert "30 Jan 2026 by Employee Acme" in words
    assert re.search(r"Evidence collected on \d+ \w{3} \d{4}, afterwards\.", words)
