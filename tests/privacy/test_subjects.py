"""A request of a person, from intake to the letter; what is held on them; erasure that leaves the trail as it was."""

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from types import SimpleNamespace

import pytest
from django.contrib.auth import SESSION_KEY

from accounts.models import Member, Session, User
from accounts.models.session import SessionStore
from audit.models import AuditEvent
from audit.queries import activity_of
from audit.sentences import about, actor
from inventory.models import Person, PersonAlias
from inventory.people.actions import add_alias, create_person, edit_person, mark_left
from privacy.models import Consent, RequestTask, SubjectRequest
from privacy.retention.holding import lift_hold, place_hold
from privacy.subjects import actions
from privacy.subjects.due import due_after, longest_after
from privacy.subjects.erasing import erase
from privacy.subjects.holdings import archive, holdings, subject_of
from privacy.subjects.views import TaskDetail
from tests.privacy.making import a_consent, a_request, a_verified, a_version, old_mail
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage
from workflow.outbox import queue_mail


@pytest.mark.parametrize(
    ("received", "due", "longest"),
    [
        ("2026-01-31", "2026-02-28", "2026-04-30"),  # a month ends before 30 days do
        ("2026-03-10", "2026-04-09", "2026-06-08"),
        ("2026-12-01", "2026-12-31", "2027-03-01"),
        ("2028-01-30", "2028-02-29", "2028-04-29"),
    ],
)
def test_the_days_are_those_of_the_law(received, due, longest):
    day = dt.date.fromisoformat(received)
    assert (due_after(day).isoformat(), longest_after(day).isoformat()) == (due, longest)


def test_from_intake_to_the_answer(in_acme, acme, manager, cast):
    request = a_request(manager)
    assert request.due_on == due_after(acme.today())
    task = RequestTask.objects.get(request=request)
    with pytest.raises(ActionRefused, match="still open"):
        actions.answer(request, actor=manager, words="Here it is.")
    actions.verify(request, actor=manager, how="They named their first day.")
    with pytest.raises(ActionRefused, match="1 task is still open"):
        actions.answer(request, actor=manager, words="Here it is.")
    with pytest.raises(ActionRefused, match="not with you"):
        actions.do_task(task, actor=cast.employee, outcome="x")
    actions.do_task(task, actor=manager, outcome="Nothing else.")
    answered = actions.answer(request, actor=manager, words="Here it is.")
    assert (answered.status, answered.answer, answered.closed_by) == ("answered", "Here it is.", manager)
    with pytest.raises(ActionRefused, match="is answered"):
        actions.refuse(request, actor=manager, words="No.")


def test_whoever_has_a_task_does_it_whatever_their_role(in_acme, manager, cast):
    request = a_request(manager, "objection")
    owner = Person.objects.get(member=cast.employee)
    task = actions.add_task(request, actor=manager, title="Look", due_on=request.due_on, owner=owner)
    assert actions.do_task(RequestTask.objects.get(pk=task.pk), actor=cast.employee, outcome="Looked.").status == "done"


def test_it_is_extended_once_for_a_reason_told_in_time(in_acme, acme, manager):
    today = acme.today()
    request = a_request(manager)
    last = longest_after(today)
    given = {"actor": manager, "reason": "Many", "told_on": today}
    with pytest.raises(ActionRefused, match="Choose a day"):
        actions.extend(request, due_on=last + dt.timedelta(days=1), **given)
    with pytest.raises(ActionRefused, match="Not after today"):
        actions.extend(request, due_on=last, **{**given, "told_on": today + dt.timedelta(days=1)})
    assert actions.extend(request, due_on=last, **given).due_on == last
    with pytest.raises(ActionRefused, match="once"):
        actions.extend(request, due_on=last, **given)
    late = a_request(manager, email="late@example.com", received_on=today - dt.timedelta(days=60))
    with pytest.raises(ActionRefused, match="have to be told by"):
        actions.extend(late, due_on=longest_after(late.received_on), **given)


def test_the_trail_names_no_one_who_asks(in_acme, manager):
    request = a_request(manager, email="secret@example.com", name="Sally Secret", details="My secret")
    actions.verify(request, actor=manager, how="Sally told us her first day")
    actions.do_task(request.tasks.get(), actor=manager, outcome="Sally Secret is in the CRM")
    actions.answer(request, actor=manager, words="Dear Sally Secret")
    told = "".join(event.body for event in AuditEvent.objects.all())
    assert "Sally" not in told
    assert "secret@example.com" not in told


@pytest.fixture
def ada(in_acme, acme, manager):
    """Somebody who has left, with an alias, a consent, and mails."""
    person = create_person(actor=manager, name="Ada Adams", email="ada@example.com", employee_number="E-77", title="Engineer")
    add_alias(person, actor=manager, key="a.adams@example.com")
    mark_left(person, actor=manager, left_on=acme.today() - dt.timedelta(days=2))
    a_consent(manager, a_version(manager))
    old_mail(2, to="ada@example.com")
    old_mail(1)
    return person


def test_what_is_held_on_them_goes_out_as_json_and_csv(ada, manager):
    request = a_verified(manager)
    found = list(holdings(subject_of(request), reader=manager))
    by = {one.name: one.rows for one in found}
    assert by["inventory.person"][0]["employee_number"] == "E-77"
    assert by["inventory.personalias"][0]["key"] == "a.adams@example.com"
    assert by["privacy.consent"][0]["purpose"] == "Newsletter"
    assert len(by["workflow.outboxmessage"]) == 2
    assert by["privacy.subjectrequest"][0]["reference"] == request.reference
    file, digest = archive(found, about={"request": request.reference})
    with file:
        content = file.read()
    assert hashlib.sha256(content).hexdigest() == digest
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        whole = json.loads(made.read("data.json"))
        assert {f"{name}.csv" for name in whole["holdings"]} | {"data.json"} == set(made.namelist())
        (row,) = csv.DictReader(io.StringIO(made.read("inventory.person.csv").decode()))
    assert (row["name"], row["email"], row["status"]) == ("Ada Adams", "ada@example.com", "left")


def test_a_member_gets_what_they_did_and_no_secret(in_acme, manager, cast):
    hold = place_hold(actor=manager, matter="Of others", reason="Suit", kinds=["jobs"])
    request = a_verified(manager, email=cast.reviewer.email)
    by = {one.name: one.rows for one in holdings(subject_of(request), reader=manager)}
    assert by["accounts.user"][0]["email"] == cast.reviewer.email
    assert not {name for rows in by.values() for row in rows for name in row if re.search("password|secret|digest", name)}
    mine = {one.name: one.rows for one in holdings(subject_of(a_verified(manager, email=manager.email)), reader=manager)}
    assert {row["verb"] for row in mine["audit.auditevent"]} >= {"subject_request.receive", "subject_request.verify"}
    (named,) = mine["privacy.legalhold"]
    assert (named["reference"], named["as"], set(named)) == (hold.reference, "placed by", {"id", "reference", "as", "at"})


def test_what_goes_out_opens_nothing(in_acme, manager, cast):
    email = cast.reviewer.email
    queue_mail(to=email, subject="You are invited", text="https://plumbline.example/join/the-link/", key="an-invitation")
    store = SessionStore()
    store[SESSION_KEY] = str(cast.reviewer.user_id)
    store.create()
    Session.objects.filter(pk=store.session_key).update(user=cast.reviewer.user)
    request = a_verified(manager, email=email)
    by = {one.name: one.rows for one in holdings(subject_of(request), reader=manager)}
    assert (len(by["accounts.session"]), len(by["workflow.outboxmessage"])) == (1, 1)
    told = str(by)
    assert str(store.session_key) not in told
    assert "the-link" not in told
    assert "You are invited" not in told


def leaves() -> dict[object, tuple[str, bytes]]:
    return {one.pk: (one.body, bytes(one.leaf)) for one in AuditEvent.objects.all()}


def test_erasure_puts_a_pseudonym_everywhere_and_leaves_the_trail_as_it_was_hashed(ada, manager, client_of):
    before = leaves()
    request = a_verified(manager, "erasure")
    done = erase(request, actor=manager)
    person = ada.refreshed()
    assert person.name.startswith("Erased person ")
    assert (person.email, person.employee_number, person.title) == ("", "", "")
    assert not PersonAlias.objects.filter(person=person).exists()
    assert not OutboxMessage.objects.filter(to="ada@example.com").exists()
    assert Consent.objects.get().name == person.name
    assert any("Article 17(3)" in sentence for sentence in done)
    after = leaves()
    assert {key: after[key] for key in before} == before
    assert all(hashlib.sha256(b"\0" + body.encode()).digest() == leaf for body, leaf in after.values())
    assert all("Ada" not in body for key, (body, _) in after.items() if key not in before)
    events = activity_of(person.pk, 50)
    assert {about(one) for one in events} == {person.name}
    page = client_of(manager).get(f"/o/acme/audit/?object={person.pk}").content.decode()
    assert "Ada Adams" not in page
    assert person.name in page
    assert "ada@example.com" not in client_of(manager).get(f"/o/acme/audit/{events[0].pk}/").content.decode()
    assert not SubjectRequest.objects.filter(pk=request.pk, erased_at=None).exists()
    with pytest.raises(ActionRefused, match="erased already"):
        erase(request, actor=manager)


def test_erasure_takes_the_account_of_somebody_removed_and_shows_their_acts_under_the_pseudonym(in_acme, manager, cast):
    gone = cast.reviewer
    mine = a_request(cast.of("acme", "manager"), email="x@example.com")
    Member.objects.filter(pk=gone.pk).update(status="removed")
    person = Person.objects.get(member=gone)
    mark_left(person, actor=manager, left_on=manager.organization.today() - dt.timedelta(days=1))
    event = AuditEvent.objects.filter(object_id=mine.pk).latest("at")
    erase(a_verified(manager, "erasure", email=gone.email), actor=manager)
    user = User.objects.get(pk=gone.user_id)
    assert user.name.startswith("Erased person ")
    assert user.email.endswith("@erased.invalid")
    assert (user.is_active, user.has_usable_password()) == (False, False)
    assert actor(event) == manager.name


def test_nobody_who_works_here_is_erased_nor_without_a_check(in_acme, manager, cast):
    with pytest.raises(ActionRefused, match="identity first"):
        erase(a_request(manager, "erasure"), actor=manager)
    with pytest.raises(ActionRefused, match="did not ask"):
        erase(a_verified(manager, "access"), actor=manager)
    with pytest.raises(ActionRefused, match="Remove them first"):
        erase(a_verified(manager, "erasure", email=cast.reviewer.email), actor=manager)
    with pytest.raises(ActionRefused, match="Nobody erases themselves"):
        erase(a_verified(manager, "erasure", email=manager.email), actor=manager)


def test_a_hold_keeps_a_person_from_being_erased(ada, manager):
    hold = place_hold(actor=manager, matter="Ada", reason="Suit", kinds=["erasure"], about="a.adams@example.com")
    request = a_verified(manager, "erasure")
    with pytest.raises(ActionRefused, match="legal hold"):
        erase(request, actor=manager)
    assert ada.refreshed().name == "Ada Adams"
    lift_hold(hold, actor=manager, reason="Over")
    erase(request, actor=manager)
    assert ada.refreshed().name != "Ada Adams"


def test_a_correction_changes_the_roster(ada, manager):
    request = a_verified(manager, "correction")
    facts = {"name": "Ada Lovelace", "email": "ada@example.com", "title": "Engineer", "department": ""}
    actions.correct(request, actor=manager, **facts)
    assert ada.refreshed().name == "Ada Lovelace"


def test_nobody_is_told_that_it_takes_longer_before_they_asked(in_acme, acme, manager):
    request = a_request(manager)
    early = {"due_on": longest_after(request.received_on), "reason": "Many", "told_on": acme.today() - dt.timedelta(days=1)}
    with pytest.raises(ActionRefused, match="before they asked"):
        actions.extend(request, actor=manager, **early)


def test_an_alias_that_somebody_else_signs_in_with_makes_them_nobody_else(ada, manager, cast):
    other = Person.objects.get(member=cast.reviewer)
    edit_person(other, actor=manager, keep_address=False, email="elsewhere@example.com")
    add_alias(ada, actor=manager, key=cast.reviewer.email)
    subject = subject_of(a_verified(manager, "erasure"))
    assert subject.members == subject.users == frozenset()
    assert subject.emails == {"ada@example.com", "a.adams@example.com"}


def test_a_task_is_offered_as_done_to_whoever_may_say_so(in_acme, manager, cast):
    screen = TaskDetail()
    screen.object = a_request(manager).tasks.get()
    for member, offered in ((manager, ["It is done"]), (cast.viewer, [])):
        screen.request = SimpleNamespace(member=member)
        assert [button.label for button in screen.get_buttons()] == offered
