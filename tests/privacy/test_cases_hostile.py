"""Files of requests and of customers who left that would make something look done, or say who was erased, do not come in."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from controls.sheets.importing import IMPORTED, import_rows
from controls.sheets.plans import UNSEEN
from privacy.customers.actions import close_case
from privacy.customers.sheet import REGISTER as CUSTOMERS
from privacy.models import EndedCustomer, RequestTask, SubjectRequest
from privacy.subjects.actions import add_task, do_task
from privacy.subjects.erasing import erase
from privacy.subjects.sheet import REGISTER as REQUESTS
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.privacy.making import a_request, a_verified
from tests.sheets import as_it_was, brought, taken_in, taken_out, written
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/o/acme/privacy/requests/"
HEAD = "Who asks,E-mail,What is asked for,How it came,Received,Due,State"
TASKS = f"{HEAD},Identity checked,How it was checked,Closed,Answer,Task,Task due,Task done"
PLACES = 'Customer,Contract ended,Due,State,Closed,"Which data, where",Done on,How'
ANSWERED = "A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Answered,2026-01-14,Call,2026-01-20,Gone"
ASKED = "A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11"
LONG = "A,a@x.example,Erasure,Mail,2026-01-12,2026-04-01,Received"
LONGER = "First due,Why it takes longer,Told that it takes longer"
EARLY = "C,2026-01-31,2026-03-02,Closed,2025-02-20"
CLOSED = "Orchard,2026-01-31,2026-03-02,Closed,2026-02-20"


@pytest.mark.parametrize(
    ("register", "head", "rows"),
    [
        (CUSTOMERS, PLACES, [f"{CLOSED},Database,2026-02-03,Dropped", f"{CLOSED},Backups,,"]),
        (REQUESTS, TASKS, [f"{ANSWERED},One,2026-01-20,2026-01-15", f"{ANSWERED},Erase backups,2026-01-20,"]),
    ],
)
def test_a_part_that_is_left_out_leaves_its_case_out(acme, manager, register, head, rows):
    with tenant(acme):
        stored, plan = brought(register, manager, "\n".join([head, *rows, ""]).encode())
        assert "Row 3 of the same" in " ".join(plan.wrong[0].errors)
        with pytest.raises(ActionRefused):
            import_rows(register, stored, actor=manager, stamp=plan.stamp(), leave_out_wrong=True)
        assert not EndedCustomer.objects.exists()
        assert not SubjectRequest.objects.exists()


def test_a_row_that_stands_there_twice_leaves_nothing_else_out(acme, manager):
    row = f"{ANSWERED},One,2026-01-20,2026-01-15"
    with tenant(acme):
        stored, plan = brought(REQUESTS, manager, f"{TASKS}\n{row}\n{row}\n".encode())
        import_rows(REQUESTS, stored, actor=manager, stamp=plan.stamp(), leave_out_wrong=True)
        assert RequestTask.objects.get().title == "One"


@pytest.mark.parametrize(
    ("register", "table", "why"),
    [
        (CUSTOMERS, f"{PLACES}\n{CLOSED},,,", "Which data, where: is missing"),
        (CUSTOMERS, f"{PLACES}\n{CLOSED},Database,2001-02-03,Dropped", "Done on: before the contract ended"),
        (CUSTOMERS, f"{PLACES}\n{EARLY},Database,2026-02-03,Dropped", "Closed: before the contract ended"),
        (REQUESTS, f"{TASKS}\n{ASKED},Answered,2024-01-14,Call,2024-01-20,Gone,,,", "not before it was received"),
        (REQUESTS, f"{TASKS}\n{ASKED},Answered,2026-01-14,Call,2026-01-20,,,,", "Answer: is missing"),
        (REQUESTS, f"{TASKS}\n{ASKED},Identity checked,2026-01-14,,,,,,", "How it was checked: is missing"),
        (REQUESTS, f"{HEAD}\n{LONG}", "one that takes longer says"),
        (REQUESTS, f"{HEAD},{LONGER}\n{LONG},2026-02-11,Busy,2026-02-20", "by the day it was first due"),
        (REQUESTS, f"{HEAD},First due\n{LONG},2026-03-31", "First due: at most 11 Feb 2026"),
    ],
)
def test_no_row_says_more_than_could_be_done_here(acme, manager, register, table, why):
    with tenant(acme):
        _, plan = brought(register, manager, f"{table}\n".encode())
        assert not plan.new
        assert why in " ".join(plan.wrong[0].errors)


def _other(globex: Any) -> Member:
    return Member.objects.get(user__email="manager@globex.example", organization=globex)


def test_what_says_the_same_twice_comes_back_as_it_went(acme, globex, manager):
    with tenant(acme):
        for details in ("One", "Two", "Two"):
            request = a_request(manager, "restriction", details=details)
        for _ in range(2):
            add_task(request, actor=manager, title="Search", due_on=acme.today() + dt.timedelta(days=3))
        before = written(REQUESTS)
    data = taken_out(manager, PAGE, "csv")
    with tenant(acme):
        as_it_was(REQUESTS, manager, data)
    with tenant(globex):
        taken_in(REQUESTS, _other(globex), data)
        assert sorted(row[1:9] for row in written(REQUESTS)) == sorted(row[1:9] for row in before)
        assert RequestTask.objects.filter(title="Search").count() == 2
        as_it_was(REQUESTS, _other(globex), data)


def test_whoever_is_erased_is_named_by_no_event_file_or_preview_of_an_import(acme, manager):
    row = "Olga Quill,olga@quill.example,A copy of their data,Letter from Olga Quill,2026-01-12,2026-02-11,Answered,2026-01-14"
    data = f"{TASKS}\n{row},Call,2026-01-20,Gone,Find Olga Quill,2026-01-20,2026-01-15\n".encode()
    client = signed_in(manager)
    preview = client.post(f"{PAGE}import/", {"file": SimpleUploadedFile("olga quill.csv", data)})["Location"]
    assert client.post(preview, {"stamp": client.get(preview).context["plan"].stamp()}).status_code == 303
    with tenant(acme):
        asked = a_verified(manager, "erasure", email="olga@quill.example", name="Olga Quill")
        for task in asked.tasks.all():
            do_task(task, actor=manager, outcome="Found")
        erase(asked, actor=manager)
        assert not [one.verb for one in AuditEvent.objects.all() if "olga" in f"{one.body} {one.object_name}".lower()]
        assert "Olga" not in SubjectRequest.objects.exclude(pk=asked.pk).get().channel
    answer = client.get(preview)
    assert answer.status_code == 409
    assert IMPORTED in answer.content.decode()
    assert client.post(preview, {"stamp": UNSEEN}).status_code == 409


def test_a_preview_that_nobody_has_seen_imports_nothing(acme, manager):
    with tenant(acme):
        stored, _ = brought(
            REQUESTS, manager, f"{HEAD}\nA,a@x.example,Restriction,Mail,2026-01-12,2026-02-11,Received\n".encode()
        )
    answer = signed_in(manager).post(f"{PAGE}import/{stored.pk}/", {})
    assert "Look at the new one below" in answer.content.decode()
    with tenant(acme):
        assert not SubjectRequest.objects.exists()


def test_a_certificate_says_what_it_has_from_a_file_alone(acme, manager):
    row = "C,2026-01-31,2026-03-02,Open,,Database,2026-02-03,Dropped"
    with tenant(acme):
        taken_in(CUSTOMERS, manager, f"{PLACES}\n{row}\n".encode())
        made = close_case(EndedCustomer.objects.get(), actor=manager)
        assert made.method == "Dropped (elsewhere, as a file said)"


@pytest.mark.parametrize(
    ("address", "said", "field", "why"),
    [
        ("customers/new/", {"name": "C", "ended_on": "2026-11-15", "due_on": "2026-11-10"}, "due_on", "It is due before"),
        ("holds/new/", {"matter": "M", "reason": "R", "since": "2026-11-15", "until": "2026-11-10"}, "until", "It ends before"),
    ],
)
def test_days_in_the_wrong_order_are_told_at_their_field(manager, address, said, field, why):
    answer = signed_in(manager).post(f"/o/acme/privacy/{address}", said)
    assert answer.status_code == 422
    assert why in answer.context["form"].errors[field][0]


def test_where_every_row_is_wrong_there_is_nothing_to_leave_out(acme, manager):
    with tenant(acme):
        stored, _ = brought(REQUESTS, manager, f"{HEAD}\nA,no,Restriction,Mail,2026-01-12,2026-02-11,Received\n".encode())
    page = signed_in(manager).get(f"{PAGE}import/{stored.pk}/")
    assert "leave_out_wrong" not in page.context["form"].fields
