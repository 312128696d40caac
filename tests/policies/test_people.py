"""What the binder says of people: confirmed, trained, or not to be told."""

import datetime as dt

import pytest

from controls.models import AuditPeriod
from controls.periods.actions import create_period
from inventory.models import Person
from policies.acknowledging.asking import start_campaign
from policies.models import Acknowledgement
from policies.standing.people import acknowledged, trained
from policies.training.actions import record_training
from policies.training.courses import create_course
from tests.policies.making import in_force
from tests.reviews.world import changed, person

pytestmark = pytest.mark.usefixtures("in_acme")


@pytest.fixture
def period(in_acme, manager, acme) -> AuditPeriod:
    """The last 90 days."""
    first = acme.today() - dt.timedelta(days=90)
    return create_period(actor=manager, name="Quarter", kind="type2", starts_on=first, ends_on=acme.today())


def said(provider, period: AuditPeriod) -> tuple[str, str]:
    """Presence and note of its one document."""
    one = next(iter(provider(period, period.ends_on)))
    return one.presence, one.note


def test_acknowledgements_are_counted_once_they_fell_due(period, acme, manager, approver):
    assert said(acknowledged, period) == ("not_evaluable", "Nobody was asked to confirm a policy.")
    people = [person("Ada"), person("Ben"), person("Gone")]
    version = in_force(manager, approver).versions.get()
    start_campaign(version, actor=manager, due_on=acme.today(), audience="people", people=people)
    assert said(acknowledged, period) == ("not_evaluable", "None has fallen due in the period.")
    for one in Acknowledgement.objects.all():
        changed(one, due_on=acme.today() - dt.timedelta(days=1))
    changed(Person.objects.get(name="Gone"), status="left")
    assert said(acknowledged, period) == ("missing", "0 of 2 that fell due in the period are confirmed")


def test_training_is_incomplete_while_somebody_is_late(period, acme, manager):
    assert said(trained, period) == ("not_evaluable", "No course is required.")
    long_ago = acme.today() - dt.timedelta(days=200)
    course = create_course(actor=manager, name="Security", required_from=long_ago)
    for one in Person.objects.exclude(status="left"):
        changed(one, status="left")
    assert said(trained, period) == ("not_evaluable", "Nobody has to take a course that is in use.")
    ada = person("Ada")
    assert said(trained, period) == ("incomplete", "1 training is overdue, of 1")
    record_training(actor=manager, course=course, person=ada, completed_on=acme.today())
    assert said(trained, period) == ("present", "1, none overdue")
