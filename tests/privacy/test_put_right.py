"""What was retired is put back, what was wrong is put right, and whoever has something is reminded."""

import datetime as dt
import io

import pytest
from django.utils import timezone

from audit.models import AuditEvent
from inventory.models import Person
from privacy.customers.actions import do_step, reopen_step
from privacy.inbox import REMINDING, due
from privacy.models import Consent, DataClass, DataSet, InUse, Notice, RetentionSchedule
from privacy.notices.actions import edit_version, write_version
from privacy.registers.tables import REGISTERS
from privacy.registers.transfer import read_register
from privacy.retention.actions import edit_schedule
from privacy.subjects.actions import assign, refuse, withdraw
from privacy.writing import move
from tests.privacy.making import a_case, a_class, a_consent, a_dataset, a_request, a_schedule, a_version
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")


def verbs(one) -> list[str]:
    return list(AuditEvent.objects.filter(object_id=one.pk).order_by("at", "id").values_list("verb", flat=True))


def test_what_was_retired_is_put_back(manager):
    of = a_class(manager)
    moves = [
        (of, DataClass.RETIRE, DataClass.RESTORE),
        (a_dataset(manager, of), DataSet.RETIRE, DataSet.RESTORE),
        (a_schedule(manager), RetentionSchedule.RETIRE, RetentionSchedule.RESTORE),
        (a_version(manager).notice, Notice.RETIRE, Notice.RESTORE),
    ]
    for one, retire, restore in moves:
        move(one, retire, actor=manager)
        move(one, restore, actor=manager)
        assert one.refreshed().status == InUse.ACTIVE
        assert [verb.partition(".")[2] for verb in verbs(one)] == ["create", "retire", "restore"]


def test_a_schedule_holds_for_as_long_as_it_says_now(manager):
    schedule = edit_schedule(a_schedule(manager), actor=manager, days=120)
    assert schedule.days == 120
    assert verbs(schedule)[-1] == "retention_schedule.edit"


def test_a_notice_has_another_name_and_its_draft_other_words(acme, manager, client_of):
    notice = a_version(manager).notice
    page = f"/o/acme/privacy/notices/{notice.pk}/edit/"
    assert client_of(manager).post(page, {"name": "Web shop", "audience": "Buyers"}).status_code == 303
    draft = edit_version(write_version(notice, actor=manager, text="Second", changed="More"), actor=manager, text="Third")
    assert (notice.refreshed().name, draft.text) == ("Web shop", "Third")
    assert verbs(notice)[-1] == "notice.edit"
    assert verbs(draft) == ["notice_version.write", "notice_version.edit"]


def test_a_table_changes_a_consent(manager):
    consent = a_consent(manager, a_version(manager))
    rows = "Version of the notice,E-mail,What for,Given,How it was given\n"
    rows += f'"Website, version 1",{consent.email},{consent.purpose},{consent.given_at.isoformat()},On paper\n'
    assert read_register(REGISTERS["consent"], io.BytesIO(rows.encode()), actor=manager) == (0, 1, 0)
    assert Consent.objects.get().how == "On paper"
    assert verbs(consent) == ["consent.record", "consent.edit"]


def test_data_that_are_still_there_open_their_place_again(acme, manager):
    case = a_case(manager)
    step = do_step(case.steps.get(), actor=manager, done_on=acme.today(), method="Dropped", verified="Counted")
    again = reopen_step(step, actor=manager, reason="A copy was found.")
    assert (again.status, again.done_on) == ("open", None)
    assert verbs(step) == ["customer_step.add", "customer_step.do", "customer_step.reopen"]


def test_who_asks_no_more_is_answered_no_more(manager):
    request = a_request(manager)
    gone = withdraw(request, actor=manager, reason="They wrote so.")
    assert (gone.status, gone.closed_by) == ("withdrawn", manager)
    assert verbs(request)[-1] == "subject_request.withdraw"
    with pytest.raises(ActionRefused, match="withdrawn"):
        withdraw(request, actor=manager, reason="Again.")


def test_whoever_has_a_request_is_reminded_once(acme, manager, reviewer):
    request = assign(a_request(manager), actor=manager, owner=Person.objects.get(member=reviewer))
    at = timezone.make_aware(dt.datetime.combine(request.due_on - dt.timedelta(days=1), dt.time(12)), acme.tzinfo)
    for hours in (0, 1):
        REMINDING.run(acme, at + dt.timedelta(hours=hours), due)
    assert OutboxMessage.objects.filter(to=reviewer.email, subject__startswith="Data and privacy").count() == 1
    assert verbs(request).count("privacy.remind") == 1


def test_a_refusal_is_printed_as_a_letter(manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        request = refuse(a_request(manager), actor=manager, words="We hold nothing of theirs.")
    assert request.refreshed().letter_id is not None
    assert verbs(request)[-2:] == ["subject_request.refuse", "subject_request.print"]
