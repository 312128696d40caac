"""Requests of people go out and come in again without loss, as history of elsewhere; open ones are answered here."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from evidence.files import open_file
from privacy.models import RequestTask, SubjectRequest
from privacy.models.subjects import OWED_A_LETTER
from privacy.subjects.actions import add_task, answer, do_task, extend, refuse, verify, withdraw
from privacy.subjects.erasing import erase
from privacy.subjects.naming import take_names_out
from privacy.subjects.sheet import REGISTER, SAMPLE
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.privacy.making import a_request
from tests.reviews.world import person
from tests.sheets import FORMS, as_it_was, brought, taken_in, taken_out, written

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/o/acme/privacy/requests/"
DAY = dt.timedelta(days=1)
HEAD = "Who asks,E-mail,What is asked for,How it came,Received,Due,State"


@pytest.fixture
def theirs(globex) -> Member:
    return Member.objects.get(user__email="manager@globex.example")


@pytest.fixture
def requests(acme, manager) -> None:
    """Received, checked and extended, answered with tasks, refused, withdrawn, and erased."""
    with tenant(acme):
        a_request(manager, details='Two\n"lines"', relation="=customer", person=person("Ada"))
        long = a_request(manager, "correction", "ben@example.com", name="Ben")
        verify(long, actor=manager, how="A call")
        today = acme.today()
        extend(long, actor=manager, due_on=today + 60 * DAY, reason="Much of it", told_on=today)
        done = a_request(manager, "portability", "cleo@example.com", name="Cleo")
        verify(done, actor=manager, how="A passport")
        ben = person("Ben")
        for _ in range(2):
            do_task(add_task(done, actor=manager, title="Search", due_on=today, owner=ben), actor=manager, outcome="Found")
        answer(done, actor=manager, words="Here it is.")
        refuse(a_request(manager, "objection", "dora@example.com", name="Dora"), actor=manager, words="We have to.")
        withdraw(a_request(manager, "restriction", "emil@example.com", name="Emil"), actor=manager, reason="No more.")
        gone = a_request(manager, "erasure", "fay@example.com", name="Fay Lovelace")
        verify(gone, actor=manager, how="A call")
        for task in gone.tasks.all():
            do_task(task, actor=manager, outcome="None")
        erase(gone, actor=manager)
        answer(gone, actor=manager, words="It is gone.")


@pytest.mark.parametrize("kind", FORMS)
def test_requests_come_back_as_they_went(requests, acme, manager, theirs, kind):
    data = taken_out(manager, PAGE, kind)
    with tenant(acme):
        before = written(REGISTER)
        assert len(before) == 7
        as_it_was(REGISTER, manager, data, f"list.{kind}")
    with tenant(theirs.organization):
        for name in ("Ada", "Ben"):
            person(name)
        stored, _ = brought(REGISTER, theirs, data, f"list.{kind}")
        with open_file(stored) as file:
            assert b"cleo@" not in file.read()
        taken_in(REGISTER, theirs, data, f"list.{kind}")
        assert written(REGISTER) == before
        as_it_was(REGISTER, theirs, data, f"list.{kind}")
        told = str([event.data for event in AuditEvent.objects.filter(verb__endswith=".bring")])
        assert "Cleo" not in told
        assert "cleo@" not in told
        assert "Found" not in told
        assert AuditEvent.objects.filter(verb="subject_request.bring").count() == 6
        one = SubjectRequest.objects.get(kind="portability")
        assert (one.closed_by, one.identity_by, one.brought_by_id) == (None, None, theirs.pk)
        page = signed_in(theirs).get(f"/o/globex/privacy/requests/{one.pk}/").content.decode()
        assert "What it says was not done here" in page
        assert manager.name in page
        assert "being printed" not in page
        assert a_request(theirs).reference not in {row[0] for row in before}


def test_what_was_closed_elsewhere_gets_no_letter_and_what_is_closed_here_does(requests, acme, manager, theirs):
    data = taken_out(manager, PAGE, "csv")
    with tenant(theirs.organization):
        for name in ("Ada", "Ben"):
            person(name)
        taken_in(REGISTER, theirs, data)
        there = SubjectRequest.objects.get(kind="portability")
    with tenant(theirs.organization):
        here = refuse(SubjectRequest.objects.get(kind="correction"), actor=theirs, words="It is right.")
        assert list(SubjectRequest.objects.filter(OWED_A_LETTER)) == [here]
        assert (there.is_owed_a_letter, here.is_owed_a_letter) == (False, True)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("A,no,Erasure,Mail,2026-01-12,2026-02-11,Received,,,,,,,,,", "E-mail: is no e-mail address"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-01-11,Received,,,,,,,,,", "Due: not before it was received"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2027-02-11,Received,,,,,,,,,", "and at most"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Received,,,,,Busy,,,,", "one that takes longer says"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Answered,,,2026-01-20,,,,,,", "Identity checked: is missing"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Answered,2026-01-14,A call,,,,,,,", "says when it was closed"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Received,2026-01-14,A call,,,,,,,", "is not only received"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Refused,2026-01-14,A call,2026-01-13,,,,,,", "then closed"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Received,,,,,,Search,,,", "Task due: is missing"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Received,,,,,,,2026-01-14,,", "Task: is missing"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Received,,,,,,Search,2026-01-14,Found,", "Task done: is missing"),
        ("A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Received,,,,,,,,,2026-01-14", "Erased: here nobody was"),
        ("A,a@x.example,Erasure,Mail,2126-01-12,2126-02-11,Received,,,,,,,,,", "Received: not after today"),
    ],
)
def test_requests_that_are_wrong_say_why(acme, manager, row, why):
    more = "Identity checked,How it was checked,Closed,Answer,Why it takes longer,Task,Task due,What came of it,Erased"
    with tenant(acme):
        _, plan = brought(REGISTER, manager, f"{HEAD},{more}\n{row}\n".encode())
        assert why in " ".join(plan.wrong[0].errors)
        assert not plan.new


def test_rows_of_one_request_agree_and_one_that_is_here_gets_no_tasks(acme, manager):
    with tenant(acme):
        here = a_request(manager)
        mine = f"{here.name},{here.email},A copy of their data,E-mail,{here.received_on},{here.due_on},Received,Else,2026-02-01"
        other = "A,a@x.example,Erasure,{},2026-01-12,2026-02-11,Received,{},2026-02-01"
        rows = "\n".join([f"{HEAD},Task,Task due", mine, other.format("Mail", "One"), other.format("A letter", "Two")])
        _, plan = brought(REGISTER, manager, f"{rows}\n".encode())
        errors = [" ".join(one.errors) for one in plan.wrong]
        assert f"{here} is here without this task" in errors[0]
        assert "Row 4 of the same request is wrong" in errors[1]
        assert "says otherwise of this request" in errors[2]


def test_whoever_did_something_elsewhere_is_erased_from_it(acme, manager):
    head = f"{HEAD},Identity checked,How it was checked,Identity checked by,Task,Task due,Task done,Task done by"
    row = (
        "A,a@x.example,Erasure,Mail,2026-01-12,2026-02-11,Identity checked,2026-01-14,A call,Ada Lovelace,T,2026-01-20,2026-01-15"
    )
    with tenant(acme):
        taken_in(REGISTER, manager, f"{head}\n{row},Ada Lovelace\n".encode())
        take_names_out({"Ada Lovelace"}, [], "Person 1", actor=manager)
        told = [model.objects.get().told for model in (SubjectRequest, RequestTask)]
        assert told == ["identity_by: Person 1", "done_by: Person 1"]


def test_the_sample_can_be_imported_by_its_page_by_those_who_answer_requests(acme, manager, cast):
    client = signed_in(manager)
    assert f'href="{PAGE}import/"' in client.get(PAGE).content.decode()
    sample = client.get(f"{PAGE}import/sample/").content
    answered = client.post(f"{PAGE}import/", {"file": SimpleUploadedFile("requests.csv", sample)})
    page = client.get(answered["Location"])
    assert client.post(answered["Location"], {"stamp": page.context["plan"].stamp()}).status_code == 303
    with tenant(acme):
        assert SubjectRequest.objects.count() == 2
        as_it_was(REGISTER, manager, sample)
    for path in ("import/", "export/csv/", "import/sample/"):
        assert signed_in(cast.auditor).get(f"{PAGE}{path}").status_code == 403


def test_a_day_where_a_time_belongs_is_that_day_where_the_organization_lives(acme, manager):
    Organization.objects.filter(pk=acme.pk).update(zone="America/New_York")
    there = Organization.objects.get(pk=acme.pk)
    with tenant(there):
        taken_in(REGISTER, manager, SAMPLE.encode())
        answered = SubjectRequest.objects.get(status="answered")
        days = [there.day_of(at).isoformat() for at in (answered.identity_at, answered.closed_at) if at]
        assert days == ["2026-01-08", "2026-01-20"]
        as_it_was(REGISTER, manager, SAMPLE.encode())
