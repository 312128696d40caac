"""Trainings go out and come in again without loss, and what a file may not do."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Member
from audit.models import AuditEvent
from controls.sheets.importing import import_rows, preview, receive
from controls.sheets.planning import Plan
from evidence.models import StoredFile
from policies.models import Course, TrainingRecord
from policies.training.actions import edit_training, record_training, withdraw_training
from policies.training.courses import create_course
from policies.training.sheet import REGISTER, SAMPLE
from tenancy.scope import tenant
from tests.cast import signed_in
from tests.reviews.world import changed, person
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("db")
PAGES = "/o/acme/policies/training/"
SAME = ("person__name", "course__name", "completed_on", "expires_on", "note", "status", "withdrawn_reason")
PEOPLE = ("Ada", "Ben, Jr", "Zoë")


def brought(actor: Member, data: bytes, name: str = "training.csv") -> tuple[StoredFile, Plan]:
    stored = receive(REGISTER, actor=actor, upload=SimpleUploadedFile(name, data))
    return stored, preview(REGISTER, stored)


def kept() -> set[tuple[object, ...]]:
    return set(TrainingRecord.objects.values_list(*SAME))


@pytest.fixture
def register(acme, manager) -> dt.date:
    """Four trainings with what is hard to write into a cell; two of one day, one of which is withdrawn."""
    today: dt.date = acme.today()
    with tenant(acme):
        ada, ben, zoe = (person(name) for name in PEOPLE)
        one = create_course(actor=manager, name="Security, awareness; basics")
        once = create_course(actor=manager, name="Conduct", months=None)
        facts = {"actor": manager, "completed_on": today}
        wrong = record_training(course=one, person=ada, note="=cmd()", **facts)
        withdraw_training(wrong, actor=manager, reason="The wrong\nperson.")
        record_training(course=one, person=ada, note='Two\r\n\r\nlines, "quoted"', **facts)
        record_training(course=once, person=ben, note="'quoted", **facts)
        record_training(course=one, person=zoe, expires_on=today, **facts)
    return today


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_comes_back_as_it_went(register, acme, manager, globex, kind):
    answer = signed_in(manager).get(f"{PAGES}export/{kind}/")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with tenant(acme):
        before = kept()
        _, plan = brought(manager, data, f"training.{kind}")
        assert (len(plan.same), plan.new, plan.changes, [one.errors for one in plan.wrong]) == (4, [], [], [])
        assert AuditEvent.objects.filter(verb="list.export").exists()
    theirs = Member.objects.get(user__email="manager@globex.example")
    with tenant(globex):
        for name in PEOPLE:
            person(name)
        stored, plan = brought(theirs, data, f"training.{kind}")
        assert [one.errors for one in plan.wrong] == []
        import_rows(REGISTER, stored, actor=theirs, stamp=plan.stamp())
        assert kept() == before
        assert not Course.objects.filter(required=True).exists()
        with pytest.raises(ActionRefused, match="here already"):
            import_rows(REGISTER, stored, actor=theirs)


def test_a_file_changes_days_and_notes_and_leaves_what_it_does_not_say(register, acme, manager):
    with tenant(acme):
        text = f"Name,Training,Date,Note\nZoë,Security, {register},Late\n".replace("Security,", '"Security, awareness; basics",')
        stored, plan = brought(manager, text.encode())
        assert [one.words for one in plan.changes] == [["Note"]]
        import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp())
        one = TrainingRecord.objects.get(person__name="Zoë")
        assert (one.note, one.expires_on) == ("Late", register)
        new = f"Name,Training,Date\nZoë,Conduct,{register - dt.timedelta(days=3)}\n"
        stored, plan = brought(manager, new.encode())
        import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp())
        assert TrainingRecord.objects.get(person__name="Zoë", course__name="Conduct").expires_on is None


def test_rows_that_are_wrong_say_why(register, acme, manager):
    head = "Person,E-mail,Course,Completed,Expires,State,Why it was withdrawn\n"
    rows = [
        f"Nobody,,Conduct,{register},,,\n",
        f"Ada,,,{register},,,\n",
        "Ada,,Conduct,soon,,,\n",
        f"Ada,,Conduct,{register + dt.timedelta(days=1)},,,\n",
        f"Ada,,Conduct,{register},2020-01-01,,\n",
        f"Ada,,Conduct,{register},,Withdrawn,\n",
        f",,Conduct,{register},,,\n",
        f"Ada,ada@people.example,Conduct,{register},,,\n",
        f"Ada,ada@people.example,Conduct,{register},,,\n",
        f"Twin,,Conduct,{register},,,\n",
    ]
    with tenant(acme):
        person("Twin")
        changed(person("Twin Two"), name="Twin")
        stored, plan = brought(manager, (head + "".join(rows)).encode())
        said = [" ".join(one.errors) for one in plan.wrong]
        for words, found in zip(
            ("Nobody on the roster", "Course: is missing", "Completed:", "not after today", "before it was taken",
             "Why it was withdrawn", "It names nobody", "stands in row", "2 people are called Twin"), said, strict=True,
        ):  # fmt: skip
            assert words in found
        with pytest.raises(ActionRefused, match="Some rows are wrong"):
            import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp())
        import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp(), leave_out_wrong=True)
        assert TrainingRecord.objects.filter(course__name="Conduct", person__name="Ada").count() == 1


def test_a_plan_of_another_state_is_not_done(register, acme, manager, viewer):
    with tenant(acme):
        text = f"Name,Training,Date,Note\nBen,Conduct,{register},Late\n".replace("Ben", '"Ben, Jr"')
        stored, plan = brought(manager, text.encode())
        edit_training(TrainingRecord.objects.get(course__name="Conduct"), actor=manager, note="Late")
        with pytest.raises(ActionRefused, match="have changed since"):
            import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp())
        for text in ("a,b\n1,2\n", "Course,Completed\nx,2026-01-01\n", "Person,Course\nAda,x\n"):
            with pytest.raises(ActionRefused, match="no column"):
                brought(manager, text.encode())
        with pytest.raises(ActionRefused, match="Your role"):
            brought(viewer, SAMPLE.encode())


def test_the_screens_bring_it_in(acme, manager):
    with tenant(acme):
        for name in ("Ada Moreno", "Ben Okafor"):
            person(name)
    client = signed_in(manager)
    sample = client.get(f"{PAGES}import/sample/").content.replace(b"@company.example", b"@people.example")
    answer = client.post(f"{PAGES}import/", {"file": SimpleUploadedFile("training.csv", sample)})
    shown = client.get(answer["Location"])
    assert "Secure development" in shown.content.decode()
    assert client.post(answer["Location"], {"stamp": shown.context["plan"].stamp()}).status_code == 303
    assert "Secure development" in client.get(PAGES).content.decode()
    now = client.get(answer["Location"])
    assert "Look at the new one" in client.post(answer["Location"], {"stamp": ""}).content.decode()
    assert "nothing was changed" in client.post(answer["Location"], {"stamp": now.context["plan"].stamp()}).content.decode()
