"""What somebody took is recorded with its certificate, seen by whom it is about, and never lost."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from policies.models import Course, TrainingRecord
from policies.training.actions import edit_training, record_training, withdraw_training
from policies.training.courses import create_course
from tenancy.models import Organization
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.reviews.world import person, person_of
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
PAGES = "/o/acme/policies/training/"


@pytest.fixture
def today(acme: Organization) -> dt.date:
    return acme.today()


@pytest.fixture
def course(manager) -> Course:
    return create_course(actor=manager, name="Security awareness")


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("certificate.txt", b"Ada passed.")


def test_a_training_is_recorded_corrected_and_withdrawn_by_its_pages(course, manager, employee, today):
    writes = signed_in(manager)
    facts = {"person": person_of(employee).pk, "course": course.pk, "completed_on": today, "note": "92 of 100"}
    made = writes.post(f"{PAGES}new/", {**facts, "certificate": paper()})
    assert made.status_code == 303, made.content
    one = TrainingRecord.objects.get()
    assert (one.certificate.category, one.certificate.file.name) == ("training", "certificate.txt")
    assert "92 of 100" in writes.get(made["Location"]).content.decode()
    again = writes.post(f"{PAGES}new/", facts)
    assert "recorded already" in again.content.decode()
    until = today + dt.timedelta(days=30)
    corrected = writes.post(f"{PAGES}{one.pk}/edit/", {"completed_on": today, "expires_on": until, "note": "93 of 100"})
    assert corrected.status_code == 303
    assert (one.refreshed().expires_on, one.refreshed().certificate_id) == (until, one.certificate_id)
    assert writes.post(f"{PAGES}{one.pk}/withdraw/", {"reason": "Somebody else took it."}).status_code == 303
    assert "Somebody else took it." in writes.get(f"{PAGES}{one.pk}/").content.decode()
    assert writes.get(f"{PAGES}{one.pk}/edit/").status_code == 409
    verbs = set(AuditEvent.objects.filter(object_id=one.pk).values_list("verb", flat=True))
    assert verbs == {"training_record.add", "training_record.edit", "training_record.withdraw"}
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        TrainingRecord.objects.filter(pk=one.pk).update(note="Another")


def test_refusals(course, manager, auditor, today):
    ada = person("Ada")
    facts = {"course": course, "person": ada, "completed_on": today}
    with pytest.raises(ActionRefused, match="role"):
        record_training(actor=auditor, **facts)
    with pytest.raises(ActionRefused, match="Not after today"):
        record_training(actor=manager, **{**facts, "completed_on": today + dt.timedelta(days=1)})
    with pytest.raises(ActionRefused, match="before it was taken"):
        record_training(actor=manager, expires_on=today - dt.timedelta(days=1), **facts)
    one = record_training(actor=manager, **facts)
    with pytest.raises(ActionRefused, match="Nothing is different"):
        edit_training(one, actor=manager, note="")
    with pytest.raises(ActionRefused, match="role"):
        edit_training(one, actor=auditor, note="Mine")
    withdraw_training(one, actor=manager, reason="Wrong.")
    with pytest.raises(ActionRefused, match="withdrawn"):
        edit_training(one, actor=manager, note="Mine")
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        TrainingRecord.objects.filter(pk=record_training(actor=manager, **facts).pk).update(person=person("Bob"))


def test_an_employee_sees_their_own_with_its_certificate_and_nothing_else(course, manager, employee, today):
    mine = record_training(actor=manager, course=course, person=person_of(employee), completed_on=today, certificate=paper())
    other = record_training(actor=manager, course=course, person=person_of(manager), completed_on=today, certificate=paper())
    reads = signed_in(employee)
    listed = reads.get(PAGES).content.decode()
    assert employee.name in listed.split("<table")[1]
    assert manager.name not in listed.split("<table")[1]
    file = reads.get(f"{PAGES}{mine.pk}/certificate/")
    assert b"".join(file.streaming_content) == b"Ada passed."  # type: ignore[attr-defined]
    page = reads.get(f"{PAGES}courses/{course.pk}/").content.decode()
    assert "When you took it" in page
    assert "Who is late" not in page
    for path in (f"{other.pk}/", f"{other.pk}/certificate/"):
        assert reads.get(f"{PAGES}{path}").status_code == 404
    for path in ("courses/", f"courses/{course.pk}/people/", "new/", "import/", "export/csv/"):
        assert reads.get(f"{PAGES}{path}").status_code == 403


def test_a_course_names_who_is_late(manager, employee, auditor, today):
    course = create_course(actor=manager, name="Security awareness", required_from=today - dt.timedelta(days=60))
    record_training(actor=manager, course=course, person=person_of(employee), completed_on=today)
    reads = signed_in(auditor)
    gaps = reads.get(f"{PAGES}courses/{course.pk}/").content.decode().split("Who is late")[1].split("Everybody who has")[0]
    assert manager.name in gaps
    assert employee.name not in gaps
    listed = reads.get(f"{PAGES}courses/").content.decode()
    assert "Security awareness" in listed
    export = reads.get(f"{PAGES}courses/{course.pk}/people/?state=overdue&export=csv")
    text = b"".join(export.streaming_content).decode()  # type: ignore[attr-defined]
    assert manager.email in text
    assert employee.email not in text
    assert employee.name in reads.get(f"{PAGES}courses/{course.pk}/people/?state=trained").content.decode()
    assert "You have to take it" in signed_in(manager).get(f"{PAGES}courses/{course.pk}/").content.decode()


def test_a_course_is_set_up_changed_retired_and_restored_by_its_pages(manager, today):
    writes = signed_in(manager)
    facts = {"name": "Phishing", "required": "on", "required_from": today, "join_days": 30, "months": 12}
    made = writes.post(f"{PAGES}courses/new/", facts)
    assert made.status_code == 303, made.content
    page = made["Location"]
    assert writes.post(f"{page}edit/", {**facts, "months": ""}).status_code == 303
    assert Course.objects.get().months is None
    assert writes.post(f"{page}retire/", {"reason": "Replaced."}).status_code == 303
    assert writes.get(f"{page}edit/").status_code == 409
    assert writes.post(f"{page}restore/", {"reason": ""}).status_code == 303
    assert Course.objects.get().status == "active"


def test_a_program_records_and_reads(manager, employee, today):
    writes = Program(make_token(manager)[1])
    course = writes.post("training-courses", {"name": "Phishing", "required": True, "required_from": today.isoformat(),
                                              "join_days": 30, "months": 12}).json()  # fmt: skip
    key = str(person_of(employee).pk)
    made = writes.post("training-records", {"person": key, "course": course["id"], "completed_on": today.isoformat()})
    assert made.status_code == 201, made.content
    assert made.json()["status"] == "current"
    people = writes.get(f"training-courses/{course['id']}/people?state=trained").json()["results"]
    assert [one["id"] for one in people] == [key]
    seen = {"If-Match": "*"}
    one = f"training-records/{made.json()['id']}"
    assert writes.patch(one, {"note": "Well done"}, **seen).json()["note"] == "Well done"
    assert writes.post(f"{one}/withdraw", {"reason": "Wrong."}, **seen).json()["status"] == "withdrawn"
    reads = Program(make_token(employee)[1])
    assert reads.get("training-records").json()["results"] == []
    assert reads.get("training-courses").status_code == 403


def test_the_list_asks_as_much_for_one_as_for_many(course, manager, today, django_assert_num_queries):
    record_training(actor=manager, course=course, person=person("Ada"), completed_on=today)
    reads = signed_in(manager)
    reads.get(PAGES)
    with CaptureQueriesContext(connection) as asked:
        assert reads.get(PAGES).status_code == 200
    for number in range(9):
        record_training(actor=manager, course=course, person=person(f"Many {number}"), completed_on=today)
    with django_assert_num_queries(len(asked)):
        assert reads.get(PAGES).status_code == 200
    assert len(asked) <= 14
