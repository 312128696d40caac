"""Background checks: sealed, shown only to those with the permission, and out and in without loss."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from accounts.models import Member
from accounts.sealing import SealingError
from audit.models import AuditEvent
from controls.sheets.importing import import_rows, preview, receive
from evidence.files import open_file
from evidence.models import StoredFile
from policies.background.actions import edit_check, record_check, withdraw_check
from policies.background.sheet import REGISTER
from policies.models import BackgroundCheck
from tenancy.models import Organization
from tenancy.scope import tenant
from tests.api.conftest import Program, make_token
from tests.cast import signed_in
from tests.reviews.world import person, person_of
from ui.refusals import ActionRefused

PAGES = "/o/acme/policies/background/"
SECRET = "An old conviction, accepted by the board"
PEOPLE = ("Ada", "Ben, Jr", "Zoë")


@pytest.fixture
def today(acme: Organization) -> dt.date:
    return acme.today()


@pytest.fixture
def check(in_acme, manager, employee, today) -> BackgroundCheck:
    return record_check(
        actor=manager, person=person_of(employee), checked_on=today, provider="Clearwater", outcome="accepted", note=SECRET
    )


def stored_rows() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM policies_backgroundcheck ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_the_outcome_is_sealed_and_in_no_event(check, manager, today):
    clear = record_check(actor=manager, person=person("Ada"), checked_on=today, provider="Clearwater", outcome="clear")
    one, other = stored_rows()
    assert "accepted" not in one
    assert len(one) == len(other)
    assert (check.refreshed().outcome, check.refreshed().note, clear.refreshed().outcome) == ("accepted", SECRET, "clear")
    edit_check(check, actor=manager, outcome="failed", provider="Another")
    withdraw_check(clear, actor=manager, reason="Of somebody else.")
    events = AuditEvent.objects.filter(object_id__in=[check.pk, clear.pk])
    assert set(events.values_list("verb", flat=True)) == {
        "background_check.add", "background_check.reseal", "background_check.edit", "background_check.withdraw",
    }  # fmt: skip
    told = str([one.data for one in events])
    for word in (SECRET, "accepted", "failed", "clear", check.sealed):
        assert word not in told


def test_what_is_sealed_opens_in_its_own_row_only(check, manager, today):
    other = record_check(actor=manager, person=person("Ada"), checked_on=today, provider="Clearwater", outcome="clear")
    other.sealed = check.sealed
    with pytest.raises(SealingError):
        _ = other.outcome


def test_only_those_with_the_permission_see_the_register(check, manager, cast):
    page = signed_in(manager).get(f"{PAGES}{check.pk}/").content.decode()
    assert SECRET in page
    assert "Something found, and accepted" in signed_in(manager).get(PAGES).content.decode()
    for role in ("administrator", "auditor", "executive", "viewer", "employee", "approver"):
        reads = signed_in(getattr(cast, role))
        for path in ("", f"{check.pk}/", "export/csv/", "import/", "new/", f"{check.pk}/edit/"):
            assert reads.get(f"{PAGES}{path}").status_code == 403, (role, path)
    assert Program(make_token(cast.auditor)[1]).get("background-checks").status_code == 403
    shown = Program(make_token(manager)[1]).get(f"background-checks/{check.pk}").json()
    assert (shown["outcome"], shown["note"]) == ("accepted", SECRET)
    assert "sealed" not in shown


def test_a_check_is_recorded_corrected_and_withdrawn_by_its_pages(in_acme, manager, today):
    writes, ada = signed_in(manager), person("Ada")
    facts = {"person": ada.pk, "checked_on": today, "provider": "Clearwater", "outcome": "clear", "note": ""}
    assert writes.post(f"{PAGES}new/", facts).status_code == 303
    assert "recorded already" in writes.post(f"{PAGES}new/", facts).content.decode()
    one = BackgroundCheck.objects.get()
    assert writes.post(f"{PAGES}{one.pk}/edit/", {**facts, "note": "Seen"}).status_code == 303
    assert one.refreshed().note == "Seen"
    assert writes.post(f"{PAGES}{one.pk}/withdraw/", {"reason": "Of another Ada."}).status_code == 303
    assert "Of another Ada." in writes.get(f"{PAGES}{one.pk}/").content.decode()


def test_a_program_records_and_corrects(in_acme, manager, today):
    writes, key, seen = Program(make_token(manager)[1]), str(person("Ada").pk), {"If-Match": "*"}
    facts = {"person": key, "checked_on": today.isoformat(), "provider": "Clearwater", "outcome": "clear"}
    made = writes.post("background-checks", facts)
    assert made.status_code == 201, made.content
    one = f"background-checks/{made.json()['id']}"
    assert writes.patch(one, {"note": "Seen"}, **seen).json()["note"] == "Seen"
    assert writes.post(f"{one}/withdraw", {"reason": "Wrong."}, **seen).json()["status"] == "withdrawn"


def test_refusals(check, manager, auditor, today):
    facts = {"person": check.person, "checked_on": today, "provider": "Other", "outcome": "clear"}
    with pytest.raises(ActionRefused, match="role"):
        record_check(actor=auditor, **facts)
    with pytest.raises(ActionRefused, match="role"):
        edit_check(check, actor=auditor, note="")
    with pytest.raises(ActionRefused, match="Not after today"):
        record_check(actor=manager, **{**facts, "checked_on": today + dt.timedelta(days=1)})
    with pytest.raises(ActionRefused, match="who checked"):
        record_check(actor=manager, **{**facts, "provider": " "})
    with pytest.raises(ActionRefused, match="how it came out"):
        record_check(actor=manager, **{**facts, "outcome": "good"})
    with pytest.raises(ActionRefused, match="Nothing is different"):
        edit_check(check, actor=manager, outcome="accepted", note=SECRET)
    withdraw_check(check, actor=manager, reason="Wrong.")
    with pytest.raises(ActionRefused, match="withdrawn"):
        edit_check(check, actor=manager, note="")


def kept() -> set[tuple[object, ...]]:
    rows = BackgroundCheck.objects.select_related("person")
    return {
        (one.person.name, one.checked_on, one.provider, one.outcome, one.note, one.status, one.withdrawn_reason) for one in rows
    }


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_register_comes_back_as_it_went_and_the_file_is_kept_sealed(acme, manager, globex, today, kind):
    with tenant(acme):
        ada, ben, zoe = (person(name) for name in PEOPLE)
        facts = {"actor": manager, "checked_on": today, "provider": "Clearwater; Screening"}
        withdraw_check(record_check(person=ada, outcome="failed", note="=cmd()", **facts), actor=manager, reason="Another.")
        record_check(person=ada, outcome="clear", note='Two\r\n\r\nlines, "quoted"', **facts)
        record_check(person=ben, outcome="accepted", note=SECRET, **facts)
        record_check(person=zoe, outcome="failed", **facts)
        before = kept()
    answer = signed_in(manager).get(f"{PAGES}export/{kind}/")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    theirs = Member.objects.get(user__email="manager@globex.example")
    with tenant(acme):
        stored = receive(REGISTER, actor=manager, upload=SimpleUploadedFile(f"checks.{kind}", data))
        plan = preview(REGISTER, stored)
        assert (len(plan.same), plan.new, plan.changes, [one.errors for one in plan.wrong]) == (4, [], [], [])
    with tenant(globex):
        for name in PEOPLE:
            person(name)
        stored = receive(REGISTER, actor=theirs, upload=SimpleUploadedFile(f"checks.{kind}", data))
        with open_file(stored) as file:
            raw = file.read()
        assert SECRET.encode() not in raw
        assert raw.startswith(b"v1|")
        import_rows(REGISTER, stored, actor=theirs, stamp=preview(REGISTER, stored).stamp())
        assert kept() == before


def test_a_file_changes_how_one_came_out_and_says_what_is_wrong(check, manager, today, employee):
    head = "E-mail,Checked,Provider,Result,Note\n"
    rows = f'{employee.email},{today},clearwater,Not passed,\n{employee.email},{today},Other,"{SECRET}",\n'
    stored = receive(REGISTER, actor=manager, upload=SimpleUploadedFile("checks.csv", (head + rows).encode()))
    plan = preview(REGISTER, stored)
    assert [one.words for one in plan.changes] == [["Outcome", "Note"]]
    assert "is none of" in plan.wrong[0].errors[0]
    assert SECRET not in plan.wrong[0].errors[0] + plan.wrong[0].raw
    import_rows(REGISTER, stored, actor=manager, stamp=plan.stamp(), leave_out_wrong=True)
    assert (check.refreshed().outcome, check.refreshed().note) == ("failed", "")


def test_the_screens_bring_it_in(acme, manager):
    with tenant(acme):
        for name in ("Ada Moreno", "Ben Okafor"):
            person(name)
    client = signed_in(manager)
    sample = client.get(f"{PAGES}import/sample/").content.replace(b"@company.example", b"@people.example")
    answer = client.post(f"{PAGES}import/", {"file": SimpleUploadedFile("checks.csv", sample)})
    shown = client.get(answer["Location"])
    assert "Clearwater Screening" in shown.content.decode()
    assert client.post(answer["Location"], {"stamp": shown.context["plan"].stamp()}).status_code == 303
    assert "Ada Moreno" in client.get(PAGES).content.decode()
    with tenant(acme):
        assert StoredFile.objects.filter(name="background_checks.csv.sealed").count() == 1
