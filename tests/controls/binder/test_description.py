"""The description: revisions, approval, what is written from the facts, freezing, the assertion, the PDF."""

import datetime as dt
import io
import json
from typing import Any

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEvent
from controls.binder.freezing import freeze_description, proposed_assertion, sign_assertion
from controls.binder.gathering import gather
from controls.binder.keeping import SIGNED, UNSIGNED, files_of, pdf_of
from controls.binder.report import Printed, print_description
from controls.binder.sections import PARTS, SECTIONS, of_part
from controls.binder.snapshot import content_of, from_json, to_json
from controls.binder.tasks import make_description_pdf, make_missing
from controls.binder.writing import add_diagram, add_row, approve_text, change_row, current_diagrams, retire_row, write_text
from controls.catalogue.actions import retire_control
from controls.models import AuditPeriod, SubserviceOrganization, SystemDescription, UserEntityControl
from controls.periods.actions import edit_period
from evidence.actions import change_evidence, revise_evidence
from evidence.files import store
from evidence.standing import withdraw_evidence
from tenancy.scope import now
from tests.controls.binder.test_screens import picture
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("unprinted")
SIGNATURE = {"text": "We stand by it.", "name": "Helen Marsh", "position": "Chief executive"}


def test_it_has_nine_parts_the_third_with_five_components():
    assert list(PARTS) == list(range(1, 10))
    assert [one.key for one in of_part(3)] == ["infrastructure", "software", "people", "procedures", "data"]
    assert all(of_part(part) for part in PARTS)


def test_a_revision_is_approved_by_another_and_stays_in_force_until_the_next_is(period, manager, approver, today):
    first = write_text("people", "Sixty people.", actor=manager)
    with pytest.raises(ActionRefused, match="somebody else"):
        approve_text(first, actor=manager)
    approve_text(first, actor=approver)
    with pytest.raises(ActionRefused, match="already"):
        approve_text(first, actor=approver)
    second = write_text("people", "Seventy people.", actor=manager, note="We grew.", seen=1)
    data = gather(period, today)
    assert section_of(data, "people")["text"] == "Sixty people."
    assert "“People” has a newer revision that is not approved." in data["openPoints"]
    approve_text(second, actor=approver)
    assert section_of(gather(period, today), "people")["text"] == "Seventy people."
    third = write_text("people", "Eighty people.", actor=manager)
    write_text("people", "Ninety people.", actor=manager)
    with pytest.raises(ActionRefused, match="newer revision"):
        approve_text(third, actor=approver)
    event = AuditEvent.objects.get(object_id=second.pk, verb="description_text.write")
    assert (event.data["before"]["text"], event.data["after"]["text"]) == ("Sixty people.", "Seventy people.")


def section_of(data: Any, key: str) -> Any:
    return next(one for part in data["parts"] for one in part["sections"] if one["key"] == key)


@pytest.mark.parametrize(("section", "text"), [("people", "  "), ("nonsense", "Words."), ("people", "Same.")])
def test_a_text_says_something_new_of_a_section(in_acme, manager, section, text):
    write_text("people", "Same.", actor=manager)
    with pytest.raises(ActionRefused):
        write_text(section, text, actor=manager)


def test_only_those_with_the_right_write_and_approve(in_acme, manager, auditor, reviewer):
    with pytest.raises(ActionRefused, match="role"):
        write_text("people", "Mine.", actor=auditor)
    text = write_text("people", "Mine.", actor=manager)
    for member in (auditor, reviewer):
        with pytest.raises(ActionRefused, match="role"):
            approve_text(text, actor=member)


@pytest.mark.parametrize("table", ["descriptiontext", "descriptionapproval", "diagram", "systemdescription", "assertion"])
@pytest.mark.parametrize("verb", ["UPDATE controls_{} SET id = id", "DELETE FROM controls_{}"])
def test_the_database_lets_nobody_change_what_was_written(complete, manager, executive, table, verb):
    add_diagram("architecture", picture(), actor=manager, alternative="A box.")
    sign_assertion(freeze_description(complete, actor=manager), actor=executive, **SIGNATURE)
    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


def test_what_is_open_is_named_until_nothing_is(whole, complete, today):
    assert gather(complete, today)["openPoints"] == []


def test_what_is_open_in_the_beginning(period, today):
    found = gather(period, today)["openPoints"]
    required = [section for section in SECTIONS.values() if section.required]
    assert len([one for one in found if one.endswith("is not written.")]) == len(required) == 10
    assert {"There is no architecture diagram.", "No subservice organization is named."} <= set(found)
    assert any(one.startswith("No control answers CC1.1, CC1.2") for one in found)


def test_incidents_criteria_and_changes_are_written_from_the_facts(period, proven, manager, today):
    control = proven("AC-002")
    data = gather(period, today)
    answers = {one["key"]: [each["code"] for each in one["controls"]] for one in data["criteria"]}
    assert (answers["CC6.1"], answers["CC6.6"], answers["CC1.1"]) == (["AC-002"], ["AC-002"], [])
    assert {"on": today.isoformat(), "what": f"{control} came into service."} in data["changes"]
    retire_control(control, actor=manager, reason="Replaced.")
    assert {"on": today.isoformat(), "what": f"{control} was retired."} in gather(period, today)["changes"]


def test_a_diagram_counts_while_its_evidence_does(in_acme, manager):
    first = add_diagram("architecture", picture(), actor=manager, alternative="A box.")
    second = add_diagram("architecture", picture(), actor=manager, alternative="Two boxes.")
    assert current_diagrams()["architecture"] == second
    withdraw_evidence(second.evidence, actor=manager, reason="Wrong.")
    assert current_diagrams()["architecture"] == first
    with pytest.raises(ActionRefused, match="in words"):
        add_diagram("architecture", picture(), actor=manager, alternative=" ")
    with pytest.raises(ActionRefused, match="picture"):
        add_diagram("architecture", SimpleUploadedFile("a.txt", b"words"), actor=manager, alternative="Words.")


def test_rows_of_the_tables_stay_on_record(in_acme, manager):
    row = add_row(SubserviceOrganization(name="Hoster", service="Servers", expected="Guards"), actor=manager)
    with pytest.raises(ActionRefused, match="already"):
        add_row(SubserviceOrganization(name="Hoster", service="Servers", expected="Guards"), actor=manager)
    with pytest.raises(ActionRefused, match="Nothing"):
        change_row(row, actor=manager, service="Servers")
    assert change_row(row, actor=manager, report="SOC 2 Type II").report == "SOC 2 Type II"
    retire_row(row, actor=manager, reason="We moved.")
    with pytest.raises(ActionRefused, match="retired"):
        change_row(row, actor=manager, service="More")
    add_row(SubserviceOrganization(name="Hoster", service="Servers", expected="Guards"), actor=manager)
    verbs = AuditEvent.objects.filter(object_id=row.pk).order_by("at").values_list("verb", flat=True)
    assert list(verbs) == [f"subservice_organization.{verb}" for verb in ("create", "edit", "retire")]


def test_frozen_it_stays_as_it_was(whole, manager, approver):
    frozen = freeze_description(whole, actor=manager)
    approve_text(write_text("people", "Others now.", actor=manager), actor=approver)
    data = content_of(frozen)
    assert section_of(data, "people")["text"] == "About **People**."
    assert to_json(data) == to_json(from_json(to_json(data)))
    assert (data["reference"], data["organization"]) == (frozen.reference, "Acme")
    event = AuditEvent.objects.get(object_id=frozen.pk, verb="system_description.freeze")
    assert event.data["after"]["sha256"] == frozen.file.sha256


def test_an_altered_file_is_not_shown(whole, manager):
    frozen = freeze_description(whole, actor=manager)
    default_storage.delete(frozen.file.path)
    default_storage.save(frozen.file.path, ContentFile(b"{}"))
    with pytest.raises(ActionRefused, match="does not match the hash"):
        content_of(frozen)
    with pytest.raises(ValueError, match="no system description"):
        from_json(b"{}")


def test_management_signs_the_latest_complete_one_once(complete, manager, executive, approver):
    first, second = (freeze_description(complete, actor=manager) for _ in range(2))
    for member in (manager, approver):
        with pytest.raises(ActionRefused, match="management signs"):
            sign_assertion(second, actor=member, **SIGNATURE)
    with pytest.raises(ActionRefused, match="sign the latest"):
        sign_assertion(first, actor=executive, **SIGNATURE)
    with pytest.raises(ActionRefused) as refused:
        sign_assertion(second, actor=executive, **{**SIGNATURE, "position": " "})
    assert refused.value.field == "position"
    signed = sign_assertion(second, actor=executive, **SIGNATURE)
    assert signed.sha256 == second.file.sha256
    with pytest.raises(ActionRefused, match="signed already"):
        sign_assertion(second, actor=executive, **SIGNATURE)


def test_a_draft_is_frozen_with_its_open_points_and_cannot_be_signed(whole, manager, executive):
    frozen = freeze_description(whole, actor=manager)
    assert frozen.open_points == len(content_of(frozen)["openPoints"]) == 1
    with pytest.raises(ActionRefused, match="1 point is open"):
        sign_assertion(frozen, actor=executive, **SIGNATURE)


def test_nobody_asserts_what_is_still_to_come(complete, manager, executive, today):
    edit_period(complete, actor=manager, ends_on=today + dt.timedelta(days=1))
    frozen = freeze_description(complete, actor=manager)
    with pytest.raises(ActionRefused, match="before the last day of the period"):
        sign_assertion(frozen, actor=executive, **SIGNATURE)


def test_the_proposed_words_speak_of_the_day_or_of_the_span(period):
    frozen = SystemDescription(reference="SD-1", period=period)
    assert "3. The controls worked as described from" in proposed_assertion(frozen, "Acme")
    period.kind = AuditPeriod.Kind.TYPE_1
    assert "as of" in proposed_assertion(frozen, "Acme")
    assert "3." not in proposed_assertion(frozen, "Acme")


def test_both_pdfs_follow_once_each(complete, manager, executive, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        frozen = freeze_description(complete, actor=manager)
    assert pdf_of(frozen, UNSIGNED) is not None
    assert pdf_of(frozen, SIGNED) is None
    with django_capture_on_commit_callbacks(execute=True):
        sign_assertion(frozen, actor=executive, **SIGNATURE)
        make_description_pdf.delay_on_commit(str(frozen.pk))
    signed = pdf_of(frozen, SIGNED)
    assert signed is not None
    assert files_of(frozen).count() == 3
    change_evidence(signed.evidence, actor=manager, title="Something else")
    revise_evidence(signed.evidence, actor=manager, file=store(io.BytesIO(b"Not it."), "other.txt"), note="Changed.")
    again = pdf_of(frozen, SIGNED)
    assert again is not None
    assert again.file_id == signed.file_id


def test_what_a_dead_worker_left_is_made_later(complete, acme, manager, executive, django_capture_on_commit_callbacks):
    frozen = freeze_description(complete, actor=manager)
    make_missing(acme, now() + dt.timedelta(minutes=10))
    with django_capture_on_commit_callbacks(execute=True):
        make_missing(acme, now() + dt.timedelta(minutes=31))
    assert pdf_of(frozen, UNSIGNED) is not None


def test_the_pdf_is_the_same_from_the_same_facts_carries_them_and_reads_as_nine_parts(complete, manager, executive):
    frozen = freeze_description(complete, actor=manager)
    assertion = sign_assertion(frozen, actor=executive, **SIGNATURE)
    printed = Printed(content_of(frozen), frozen.file.sha256, assertion, {})
    first, second = print_description(printed), print_description(printed)
    assert first == second
    reader = pypdf.PdfReader(io.BytesIO(first))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "Helen Marsh",
        "We stand by it.",
        frozen.file.sha256[:20],
        "Hoster",
        "Customers remove their own leavers",
        *PARTS.values(),
    ):
        assert words in text, words
    assert json.loads(reader.attachments[f"{frozen.reference}.json"][0])["reference"] == frozen.reference
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index] # a dictionary


def test_a_control_of_customers_is_reworded_and_retired(in_acme, manager):
    row = add_row(UserEntityControl(title="Customers remove their leavers", criteria=["CC6.2"]), actor=manager)
    assert change_row(row, actor=manager, title="Customers remove their own leavers").title.endswith("own leavers")
    retire_row(row, actor=manager, reason="We do it.")
    verbs = AuditEvent.objects.filter(object_id=row.pk).order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs) == [f"user_entity_control.{verb}" for verb in ("create", "edit", "retire")]
