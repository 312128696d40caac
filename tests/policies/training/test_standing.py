"""Who has to take a course until when, who is reminded, and what a population says of it."""

import datetime as dt

import pytest

from evidence.populations.registry import kind_of
from inventory.models import Person
from policies.models import Course, TrainingRecord
from policies.training.actions import record_training, withdraw_training
from policies.training.courses import create_course, edit_course, retire_course
from policies.training.reminding import escalate, remind
from policies.training.standing import overdue_by_course, people_by_course, people_of
from tenancy.models import Organization
from tenancy.scope import now
from tests.reviews.world import changed, person, person_of
from ui.refusals import ActionRefused
from workflow.inbox import inbox_of
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
CAST = 8


@pytest.fixture
def today(acme: Organization) -> dt.date:
    return acme.today()


@pytest.fixture
def course(manager, today) -> Course:
    """Required for two years, of everybody."""
    return create_course(actor=manager, name="Security awareness", required_from=today - dt.timedelta(days=730))


def due(course: Course, today: dt.date) -> dict[str, dt.date | None]:
    return {one.name: one.due_on for one in people_of(course, today)}


def test_whoever_joins_has_30_days_and_then_a_year(course, manager, today):
    new = person("New", started_on=today - dt.timedelta(days=10))
    assert due(course, today)["New"] == today + dt.timedelta(days=20)
    record_training(actor=manager, course=course, person=new, completed_on=dt.date(2024, 2, 29))
    assert due(course, today)["New"] == dt.date(2025, 2, 28)
    wrong = record_training(actor=manager, course=course, person=new, completed_on=today)
    assert due(course, today)["New"] == wrong.expires_on
    withdraw_training(wrong, actor=manager, reason="Somebody else.")
    assert due(course, today)["New"] == dt.date(2025, 2, 28)


def test_who_was_here_before_counts_from_when_it_is_required(manager, today):
    person("Old", started_on=today - dt.timedelta(days=900))
    later = today + dt.timedelta(days=5)
    course = create_course(actor=manager, name="Secure development", required_from=later, join_days=14)
    assert set(due(course, today).values()) == {later + dt.timedelta(days=14)}
    assert len(due(course, today)) == CAST + 1


def test_what_is_taken_once_counts_for_good(manager, today):
    course = create_course(actor=manager, name="Code of conduct", months=None, required_from=today - dt.timedelta(days=99))
    ada = person("Ada")
    record_training(actor=manager, course=course, person=ada, completed_on=today)
    record_training(actor=manager, course=course, person=ada, completed_on=today - dt.timedelta(days=9), expires_on=today)
    assert due(course, today)["Ada"] is None
    assert overdue_by_course([course], today) == {course.pk: CAST}


def test_only_people_at_work_and_of_its_departments(manager, today):
    person("Ada", department="Engineering")
    person("Gone", department="Engineering", status="left")
    person("Ended", department="Engineering", contract_ends_on=today - dt.timedelta(days=1))
    person("Abroad", department="Engineering", status="on_leave")
    course = create_course(actor=manager, name="Secure development", departments=["Engineering"])
    assert set(due(course, today)) == {"Ada", "Abroad"}


def test_gaps_are_counted_for_all_courses_by_one_query(course, manager, today, django_assert_num_queries):
    other = create_course(actor=manager, name="Phishing", required_from=today)
    with django_assert_num_queries(2):
        assert overdue_by_course([course, other], today) == {course.pk: CAST}
        assert people_by_course([course, other], today) == {course.pk: CAST, other.pk: CAST}
    assert overdue_by_course([], today) == {}


def test_my_work_names_the_course_and_those_who_run_training_see_how_many_are_late(course, manager, employee, today):
    assert [(one.title, one.overdue) for one in inbox_of(employee)] == [("Take the course Security awareness", True)]
    titles = {one.title for one in inbox_of(manager)}
    assert {"Take the course Security awareness", f"Security awareness: {CAST} people are late"} <= titles
    for one in Person.objects.exclude(member=manager):
        record_training(actor=manager, course=course, person=one, completed_on=today)
    assert inbox_of(employee) == []
    assert "Security awareness: 1 person is late" in {one.title for one in inbox_of(manager)}
    retire_course(course, actor=manager, reason="Replaced.")
    assert not [one.title for one in inbox_of(manager) if "Security awareness" in one.title]


def test_who_has_to_take_something_is_reminded_and_others_are_not(course, manager, employee, acme, today):
    for one in Person.objects.all():
        record_training(actor=manager, course=course, person=one, completed_on=today)
    morning = dt.datetime.combine(today, dt.time(9), acme.tzinfo)
    remind(acme, morning)
    assert not OutboxMessage.objects.exists()
    changed(TrainingRecord.objects.get(person=person_of(employee)), expires_on=today + dt.timedelta(days=7))
    remind(acme, morning)
    assert [(one.to, one.subject) for one in OutboxMessage.objects.all()] == [(employee.email, "Training to take: 1 is due soon")]
    remind(acme, morning)
    assert OutboxMessage.objects.count() == 1


def test_managers_are_told_once_a_week_who_is_a_week_late(course, employee, reviewer, acme, today):
    changed(person_of(employee), manager=person_of(reviewer))
    soon = person("Soon", manager=person_of(reviewer), started_on=today - dt.timedelta(days=33))
    assert due(course, today)["Soon"] == today - dt.timedelta(days=3)
    monday = dt.datetime.combine(today + dt.timedelta(days=7 - today.weekday()), dt.time(9), acme.tzinfo)
    for day in (7, 6, 5):
        escalate(acme, monday - dt.timedelta(days=day))
    found = list(OutboxMessage.objects.all())
    assert [(one.to, one.subject) for one in found] == [(reviewer.email, "1 of your people is late with training")]
    assert employee.name in found[0].text
    assert soon.name not in found[0].text
    escalate(acme, monday)
    assert OutboxMessage.objects.count() == 2


def test_an_auditor_gets_what_was_taken_and_who_has_not(course, manager, employee, today):
    record_training(actor=manager, course=course, person=person_of(employee), completed_on=today)
    gone = record_training(actor=manager, course=course, person=person_of(manager), completed_on=today)
    withdraw_training(gone, actor=manager, reason="Not taken.")
    taken = list(kind_of("training").source(today, today).rows)
    assert [(row[1], row[5], row[6]) for row in taken] == [(employee.name, course.name, today.isoformat())]
    needed = {row[1]: row[-1] for row in kind_of("training_required").source(today, today).rows}
    assert needed[employee.name] == "Trained"
    assert needed[manager.name] == "Not trained"
    assert len(needed) == CAST


def test_courses_are_set_up_and_changed_by_those_who_run_training(course, manager, employee, auditor):
    for actor in (employee, auditor):
        with pytest.raises(ActionRefused, match="role"):
            create_course(actor=actor, name="Another")
    with pytest.raises(ActionRefused, match="of this name already"):
        create_course(actor=manager, name=" Security awareness ")
    with pytest.raises(ActionRefused, match="Nothing is different"):
        edit_course(course, actor=manager, join_days=30)
    assert edit_course(course, actor=manager, join_days=14, departments=["B", "A", "B"]).departments == ["A", "B"]
    retire_course(course, actor=manager, reason="Replaced.")
    with pytest.raises(ActionRefused, match="retired"):
        edit_course(course, actor=manager, join_days=7)
    with pytest.raises(ActionRefused, match="retired"):
        record_training(actor=manager, course=course.refreshed(), person=person("Ada"), completed_on=now().date())
