"""An auditor's list: what its columns and rows mean, a preview before anything is written, and nothing that it says lost."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.catalogue.actions import create_control
from controls.models import AuditRequest, Control
from controls.requests import actions
from controls.requests.giving import accept
from controls.requests.importing import import_requests, preview, receive
from controls.requests.planning import Plan
from controls.requests.reading import read_sheet
from controls.requests.transfer import SAMPLE, table_of
from tenancy.scope import tenant
from tests.controls.requests.helpers import fresh, submitted
from tests.inventory.snapshots.helpers import person_of
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

LIST = "/o/acme/controls/requests/"
HEAD = "PBC #,Item requested,Section,Control ID,TSC,Needed by,Client contact,Sample size\n"


def file_of(text: str | bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def planned(manager: Any, text: str | bytes, period: Any = None, dates: str = "") -> Plan:
    return preview(receive(actor=manager, upload=file_of(text), period=period, dates=dates), period, dates)


def imported(manager: Any, text: str | bytes, period: Any = None) -> Plan:
    stored = receive(actor=manager, upload=file_of(text), period=period)
    return import_requests(stored, actor=manager, period=period)


@pytest.fixture
def control(in_acme, manager, today) -> Control:
    return create_control(
        actor=manager, code="AC-9", title="Access is reviewed", cadence="quarterly", in_scope_since=today.replace(month=1, day=1)
    )


def test_a_list_as_auditors_write_it(period, manager, employee, control):
    text = HEAD + f"7,List of leavers,Access,ac-9,CC6.2; CC6.3,2026-12-01,{employee.email},25\n"
    imported(manager, text, period)
    one = AuditRequest.objects.get()
    assert (one.reference, one.title, one.category, one.criteria) == ("7", "List of leavers", "Access", ["CC6.2", "CC6.3"])
    assert [row.control for row in one.controls.all()] == [control]
    assert (one.due_on, one.assignee, one.also) == (dt.date(2026, 12, 1), person_of(employee), "Sample size: 25")
    assert OutboxMessage.objects.filter(to=employee.email).count() == 1


def test_what_means_nothing_here_is_kept_and_said(period, manager):
    plan = imported(manager, HEAD + "7,List of leavers,,7.1.2,The colour of the door,,The IT team,25\n", period)
    kept = AuditRequest.objects.get().also.split("\n")
    assert kept == ["Criteria: The colour of the door", "Sample size: 25", "Controls: 7.1.2", "With: The IT team"]
    (line,) = plan.noticed
    assert any("There is no control 7.1.2" in notice for notice in line.notices)
    assert any("Nobody who works here is called The IT team" in notice for notice in line.notices)


def test_a_heading_is_the_category_of_the_rows_below_it(period, manager):
    imported(
        manager, HEAD + ",A. Governance,,,,,,\n1,Minutes,,,,,,\n2,Charter,Board,,,,,\n,B. Access,,,,,,\n3,Users,,,,,,\n", period
    )
    assert list(AuditRequest.objects.values_list("reference", "category")) == [
        ("1", "A. Governance"), ("2", "Board"), ("3", "B. Access"),
    ]  # fmt: skip


def test_a_long_request_has_its_beginning_as_title_and_loses_nothing(period, manager):
    words = "Please provide " + "evidence " * 40
    imported(manager, f"Ref,Description\n1,{words}\n", period)
    one = AuditRequest.objects.get()
    assert (len(one.title) <= 200, one.title.endswith("…"), one.description) == (True, True, words.strip())


@pytest.mark.parametrize(("dates", "day"), [("mdy", "2026-03-04"), ("dmy", "2026-04-03")])
def test_dates_are_read_as_the_reader_says(period, manager, dates, day):
    (draft,) = planned(manager, "No,Request,Due date\n1,A,03/04/2026\n", period, dates).new
    assert draft.facts["due_on"].isoformat() == day


def test_a_date_that_may_mean_two_days_is_not_guessed(period, manager):
    plan = planned(manager, "No,Request,Due date\n1,A,03/04/2026\n", period)
    assert (plan.new, plan.wrong[0].errors[0].startswith("Due: ")) == ([], True)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (",Something,,,,,,25\n", "The number is missing."),
        ("1,,Access,,,,,25\n", "It does not say what is asked for."),
        (f"{'1' * 41},A,,,,,,25\n", "has more than 40 characters"),
        ("1,A,,,,soon,,25\n", "Due: "),
    ],
)
def test_rows_that_are_wrong_say_why(period, manager, rows, sentence):
    (line,) = planned(manager, HEAD + rows, period).wrong
    assert any(sentence in error for error in line.errors), line.errors


def test_a_number_that_stands_twice_is_refused_the_second_time(period, manager):
    plan = planned(manager, "No,Request,Area\n1,A,X\n1,B,X\n", period)
    assert ([one.line.number for one in plan.new], [line.number for line in plan.wrong]) == ([2], [3])


@pytest.mark.parametrize("text", ["Name,Age,Town\nA,1,B\n", "No,Age,Town\n1,1,B\n", "", "\x00\x01"])
def test_what_is_no_list_is_refused_in_words(in_acme, text):
    with pytest.raises(ActionRefused):
        read_sheet(io.BytesIO(text.encode()))


def test_wrong_rows_are_left_out_only_when_said_so(period, manager):
    stored = receive(actor=manager, upload=file_of("No,Request,Area\n1,A,X\n,B,X\n"), period=period)
    with pytest.raises(ActionRefused, match="Some rows are wrong"):
        import_requests(stored, actor=manager, period=period)
    import_requests(stored, actor=manager, period=period, leave_out_wrong=True)
    assert AuditRequest.objects.count() == 1


def test_the_same_file_again_changes_nothing(period, manager, employee, control):
    text = HEAD + f"7,List of leavers,Access,AC-9; 7.1,CC6.2,2026-12-01,{employee.email},25\n8,B,,,,,Somebody,\n"
    imported(manager, text, period)
    plan = planned(manager, text, period)
    assert (len(plan.same), plan.new, plan.changes, plan.wrong) == (2, [], [], [])
    with pytest.raises(ActionRefused, match="here already"):
        imported(manager, text, period)


def test_a_newer_list_changes_what_differs_and_takes_nothing_away(asked, period, manager, employee):
    before = asked.due_on
    plan = imported(manager, "No,Request,Details,Due\nPBC-2,List of all leavers,,\nPBC-3,New one,,2026-12-01\n", period)
    now = fresh(asked)
    assert ([one.words for one in plan.changes], len(plan.new)) == ([["What is asked for"]], 1)
    assert (now.title, now.description, now.due_on) == ("List of all leavers", "From the HR system.", before)
    assert now.assignee == person_of(employee)


def test_what_is_over_is_not_changed_by_a_file(asked, period, manager, auditor, employee):
    accept(submitted(asked, employee), actor=auditor)
    (line,) = planned(manager, "No,Request\nPBC-2,Another title\n", period).wrong
    assert line.errors == ["It is accepted, and the list says otherwise: What is asked for."]


def test_a_file_moves_no_state(asked, period, manager):
    (line,) = planned(manager, "No,Request,State\nPBC-2,List of leavers,Accepted\n", period).same
    assert line.notices == ["The list says “Accepted”; here it is requested. A file changes no state."]


def test_a_preview_that_is_out_of_date_is_not_imported(asked, period, manager):
    stored = receive(actor=manager, upload=file_of("No,Request\nPBC-2,Another title\n"), period=period)
    stamp = preview(stored, period).stamp()
    actions.edit_request(asked, actor=manager, title="A third title")
    with pytest.raises(ActionRefused, match="have changed since"):
        import_requests(stored, actor=manager, period=period, stamp=stamp)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_taken_out_and_brought_in_elsewhere_it_is_the_same(client_of, asked, manager, control, kind):
    period = asked.period
    words = "=1+1\n'quoted', “curly”;\nand a line"
    actions.edit_request(asked, actor=manager, description=words, criteria=["CC6.2"], controls=[control])
    actions.raise_request(actor=manager, title="@home, “x”", reference="A-1", period=period, also="Sample size: 25")
    rows = list(table_of(period))
    whole = client_of(manager).get(f"{LIST}export/{kind}/?period={period.pk}").getvalue()
    with tenant(manager.organization):
        plan = planned(manager, whole, period)
        assert (len(plan.same), plan.new, plan.changes, plan.wrong) == (2, [], [], [])
        imported(manager, whole)  # into no period at all
        assert list(table_of(None)) == rows


def test_the_sample_file_is_read_without_a_word(in_acme, manager):
    for code in ("AC-002", "AC-005"):
        create_control(actor=manager, code=code, title="A", cadence="monthly", in_scope_since=manager.organization.today())
    plan = planned(manager, SAMPLE)
    assert (len(plan.new), plan.wrong, plan.noticed, plan.sheet.notices) == (3, [], [], [])


def test_in_the_browser(client_of, manager, period):
    client = client_of(manager)
    answer = client.post(f"{LIST}import/", {"file": file_of("No,Request,Area\n1,Minutes,X\n,B,X\n"), "period": period.pk})
    assert answer.status_code == 303
    page = client.get(answer["Location"])
    assert "Minutes" in page.content.decode()
    stamp = page.context["form"]["stamp"].value()
    refused = client.post(answer["Location"], {"stamp": stamp})
    assert refused.status_code == 422
    done = client.post(answer["Location"], {"stamp": stamp, "leave_out_wrong": "on"})
    assert (done.status_code, AuditRequest.objects.get().period) == (303, period)
    assert "1 added, 0 changed, 0 as they were, 1 left out." in client.get(done["Location"]).content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_leaves_with_its_hash(client_of, auditor, asked, kind):
    answer = client_of(auditor).get(f"{LIST}export/{kind}/?period={asked.period_id}")
    content = answer.getvalue()
    assert (answer["X-Table-Rows"], bool(content), len(answer["X-Table-SHA256"])) == ("1", True, 64)


def test_only_who_runs_the_list_imports(client_of, auditor, viewer, in_acme):
    for member in (auditor, viewer):
        assert client_of(member).get(f"{LIST}import/").status_code == 403
        with pytest.raises(ActionRefused, match="role"):
            receive(actor=member, upload=file_of("No,Request\n1,A\n"), period=None)
