"""Who may do what with a risk, how it is rated and accepted, and what ends by itself."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from risks.models import Risk, RiskRating, RiskTask
from risks.register.actions import edit_risk, rate_risk
from risks.register.inbox import waiting
from risks.register.periodic import end_acceptances, remind
from risks.register.treating import accept, close, lapse, reopen, treat
from risks.rights import visible_to
from risks.tasks.actions import add_task, cancel_task, edit_task, finish_task, reopen_task
from tenancy.scope import now, tenant
from tests.risks.making import a_rated, a_risk, person_of, steps
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

AREA = "/o/acme/risks/"


@pytest.fixture
def manager(cast):
    return cast.manager


@pytest.fixture
def one(acme, cast, manager):
    """A high one that is with the employee."""
    with tenant(acme):
        yield a_rated(manager, cast.employee)


def soon(acme, days=30):
    return acme.today() + dt.timedelta(days=days)


def test_a_risk_is_rated_in_the_words_of_the_scale_and_explained(acme, cast, manager):
    with tenant(acme):
        risk = a_risk(manager, cast.employee)
        assert OutboxMessage.objects.get(key__startswith="risk:").subject.startswith(f"{risk.reference} is with you")
        with pytest.raises(ActionRefused, match="Explain the rating"):
            rate_risk(risk, actor=cast.employee, reasoning=" ", **steps(3, 4, 2, 4, 0, 0))
        for said, why in (
            ((6, 4, 2, 4, 0, 0), "one of the 5 steps"),
            ((0, 4, 2, 4, 0, 0), "one of the 5 steps"),
            ((2, 2, 3, 3, 0, 0), "not higher than without them"),
            ((3, 4, 2, 4, 1, 0), "a likelihood and an impact"),
            ((2, 2, 2, 2, 5, 5), "A target is not higher"),
        ):
            with pytest.raises(ActionRefused, match=why):
                rate_risk(risk, actor=cast.employee, reasoning="x", **steps(*said))
        rate_risk(risk, actor=cast.employee, reasoning="Two people look.", **steps(3, 4, 2, 4, 1, 4))
        assert risk.inherent is not None
        assert risk.residual is not None
        assert risk.inherent.words == "High: Possible (3) x Major (4) = 12"
        assert (risk.residual.words, risk.residual_level) == ("Medium: Unlikely (2) x Major (4) = 8", "medium")
        assert risk.next_review_on == soon(acme, 365)
        assert AuditEvent.objects.filter(verb="risk.rate").latest("at").data["metadata"]["note"] == "Two people look."
        assert RiskRating.objects.get().scale.number == 1


def test_a_rating_is_never_changed(one):
    with pytest.raises(Exception, match="is immutable"), transaction.atomic():
        RiskRating.objects.update(reasoning="Other.")


def test_nobody_accepts_what_is_or_was_with_them_and_an_acceptance_ends(one, cast, acme, manager):
    edit_risk(one, actor=manager, owner=person_of(cast.approver))
    with pytest.raises(ActionRefused, match="The risk is with you"):
        accept(one, actor=cast.approver, reason="x", until=soon(acme))
    edit_risk(one, actor=manager, owner=person_of(cast.employee))
    with pytest.raises(ActionRefused, match="The risk was with you"):
        accept(one, actor=cast.approver, reason="x", until=soon(acme))
    with pytest.raises(ActionRefused, match="Your role"):
        accept(one, actor=cast.reviewer, reason="x", until=soon(acme))
    for until, why in ((acme.today(), "in the future"), (soon(acme, 367), "At most 366 days")):
        with pytest.raises(ActionRefused, match=why):
            accept(one, actor=cast.executive, reason="x", until=until)
    accept(one, actor=cast.executive, reason="The cost is higher.", until=soon(acme))
    assert (one.status, one.treatment, one.accepted_by) == ("accepted", "accept", cast.executive)
    with pytest.raises(ActionRefused, match="has accepted it"):
        edit_risk(one, actor=manager, owner=person_of(cast.executive))
    with pytest.raises(ActionRefused, match="end the acceptance first"):
        treat(one, actor=manager, treatment="avoid", plan="Stop.")
    with pytest.raises(IntegrityError, match="risk_accepted_by_another"), transaction.atomic():
        Risk.objects.update(accepter_person=person_of(cast.employee))
    end_acceptances(acme, now())
    one.refresh_from_db()
    assert one.status == "accepted"
    end_acceptances(acme, now() + dt.timedelta(days=32))
    one.refresh_from_db()
    assert (one.status, one.next_review_on <= acme.today()) == ("open", True)


def test_an_acceptance_ends_when_the_risk_outgrows_it(one, cast, acme, manager):
    accept(one, actor=cast.executive, reason="x", until=soon(acme))
    rate_risk(one, actor=manager, reasoning="As it was.", **steps(4, 5, 2, 5, 1, 5))
    assert one.status == "accepted"
    rate_risk(one, actor=manager, reasoning="It is likelier now.", **steps(4, 5, 3, 5, 1, 5))
    assert one.status == "open"
    with pytest.raises(ActionRefused, match="Your role"):
        lapse(one, actor=cast.employee, reason="x")


def test_whose_it_is_works_on_it_and_others_do_not_see_it(one, cast, manager):
    assert list(visible_to(cast.employee)) == [one]
    assert not visible_to(cast.reviewer).exists() or cast.reviewer.can("risks.read")
    rate_risk(one, actor=cast.employee, reasoning="x", **steps(4, 5, 2, 4, 0, 0))
    with pytest.raises(ActionRefused, match="for whoever it is with"):
        rate_risk(one, actor=cast.reviewer, reasoning="x", **steps(4, 5, 2, 4, 0, 0))
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        edit_risk(one, actor=manager, statement=one.statement)
    with pytest.raises(ActionRefused, match="Your role"):
        close(one, actor=cast.employee, reason="x")


def test_tasks_are_followed_to_their_end(one, cast, acme, manager):
    task = add_task(one, actor=cast.employee, title="Put a lock on it", owner=person_of(cast.reviewer), due_on=soon(acme, 5))
    assert OutboxMessage.objects.get(key__startswith="risk_task:").to == cast.reviewer.email
    assert one in visible_to(cast.reviewer)
    assert [entry.title for entry in waiting(cast.reviewer)] == [f"{one.reference}: Put a lock on it"]
    with pytest.raises(ActionRefused, match="open tasks"):
        close(one, actor=manager, reason="Gone.")
    with pytest.raises(ActionRefused, match="today or a day to come"):
        edit_task(task, actor=manager, title=task.title, owner=task.owner, due_on=soon(acme, -1))
    with pytest.raises(ActionRefused, match="for whoever it is with"):
        cancel_task(task, actor=cast.reviewer, reason="No time.")
    with pytest.raises(ActionRefused, match="whoever has the task"):
        finish_task(task, actor=cast.viewer, outcome="x")
    finish_task(task, actor=cast.reviewer, outcome="It has a lock.")
    assert (task.status, task.ended_by) == ("done", cast.reviewer)
    reopen_task(task, actor=manager, reason="It opened.")
    cancel_task(task, actor=manager, reason="The door is gone.")
    close(one, actor=manager, reason="The door is gone.")
    with pytest.raises(ActionRefused, match="is closed"):
        add_task(one, actor=manager, title="x", owner=person_of(cast.reviewer), due_on=soon(acme))
    reopen(one, actor=manager, reason="A new door.")
    assert one.next_review_on == acme.today()


def test_reviews_and_tasks_are_reminded_of_and_stand_in_my_work(one, cast, acme, manager):
    day = one.next_review_on
    add_task(one, actor=manager, title="Lock", owner=person_of(cast.reviewer), due_on=day)
    morning = timezone.make_aware(dt.datetime.combine(day, dt.time(12)), acme.tzinfo)
    OutboxMessage.objects.all().delete()
    for days in (40, 30, 7, 1, -1):
        remind(acme, morning - dt.timedelta(days=days))
    mails = OutboxMessage.objects.order_by("created_at").filter(to=cast.employee.email)
    assert [mail.subject for mail in mails] == ["Risks and their tasks: 1 is due soon"] * 3 + [
        "Risks and their tasks: 1 is overdue"
    ]
    assert OutboxMessage.objects.filter(to=cast.reviewer.email).count() == 4
    treat(one, actor=manager, treatment="accept", plan="Too dear.")
    titles = [entry.title for entry in waiting(cast.executive)]
    assert titles == [f"{one.reference} waits to be accepted, or not"]
    assert "The annual assessment of risks is due" in [entry.title for entry in waiting(manager)]


def test_the_pages_do_it_too(one, cast, acme, manager, client_of):
    client = client_of(manager)
    url = f"{AREA}{one.pk}/"
    assert client.get(url).status_code == 200
    rating = {name: str(value) for name, value in steps(4, 5, 1, 5, 1, 4).items()}
    assert client.post(f"{url}rate/", {**rating, "reasoning": "Two locks."}).status_code == 303
    untold = {**rating, "target_likelihood": "", "target_impact": "", "reasoning": "No target any more."}
    assert client.post(f"{url}rate/", untold).status_code == 303
    assert Risk.objects.get().target is None
    said = {"title": "Third lock", "owner": person_of(cast.reviewer).pk, "due_on": soon(acme).isoformat()}
    assert client.post(f"{url}tasks/add/", said).status_code == 303
    task = RiskTask.objects.get()
    assert client_of(cast.reviewer).post(f"{AREA}tasks/{task.pk}/done/", {"outcome": "Done."}).status_code == 303
    accepted = {"reason": "x", "until": soon(acme).isoformat()}
    assert client.post(f"{url}accept/", accepted).status_code == 422  # it stands as they rated it
    assert client_of(cast.executive).post(f"{url}accept/", accepted).status_code == 303
    page = client.get(url).content.decode()
    assert "It is accepted by" in page
    assert "Medium: Rare (1) x Severe (5) = 5" in page
    assert client_of(cast.employee).get(f"{AREA}{one.pk}/accept/").status_code == 403


def test_a_task_gets_another_owner_and_another_day(one, cast, acme, manager):
    task = add_task(one, actor=manager, title="Lock", owner=person_of(cast.reviewer), due_on=soon(acme, 5))
    changed = edit_task(task, actor=manager, title="Two locks", owner=person_of(cast.employee), due_on=soon(acme, 9))
    assert (changed.title, changed.owner, changed.due_on) == ("Two locks", person_of(cast.employee), soon(acme, 9))
    assert OutboxMessage.objects.filter(key__startswith=f"risk_task:{task.pk}", to=cast.employee.email).count() == 1
    assert AuditEvent.objects.filter(object_id=task.pk, verb="risk_task.edit").count() == 1
