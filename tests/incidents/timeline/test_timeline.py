"""The timeline is only added to: what was written stays, whatever corrects it."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from audit.actors import System
from audit.models import AuditEvent
from evidence.models import Evidence
from incidents.lifecycle import actions as lifecycle
from incidents.lifecycle.editing import edit_incident
from incidents.models import Incident, IncidentEntry
from incidents.reporting.actions import open_incident, report_event
from incidents.timeline.actions import write, write_with_files
from incidents.timeline.page import lines_of
from tenancy.scope import now
from ui.refusals import ActionRefused

pytestmark = pytest.mark.usefixtures("in_acme")
TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=60).filter(str.strip)


def a_picture() -> SimpleUploadedFile:
    """A small PNG."""
    sink = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(sink, "PNG")
    return SimpleUploadedFile("screen.png", sink.getvalue(), "image/png")


@pytest.fixture
def incident(in_acme, manager) -> Incident:
    return open_incident(actor=manager, title="Database down", kind="availability", severity="high")


def texts(incident: Incident) -> list[str]:
    return [line.entry.text for line in lines_of(incident)]


def test_the_product_writes_how_it_was_noticed_and_each_move(incident, manager):
    lifecycle.investigate(incident, actor=manager)
    lifecycle.contain(incident, actor=manager)
    lifecycle.resolve(incident, actor=manager, resolution="Failed over to the replica.", root_cause="A full disk")
    lifecycle.reopen(incident, actor=manager, reason="It is slow again.")
    said = " | ".join(reversed(texts(incident)))
    for words in ("Detected by Manager Acme.", "Opened as high, availability.", "Acknowledged.", "Investigation begun.",
                  "Contained.", "Resolved: Failed over to the replica.", "Opened again. It is slow again."):  # fmt: skip
        assert words in said


def test_opening_what_somebody_else_reported_is_told_of_whoever_opened_it(in_acme, manager, employee):
    event = report_event(actor=employee, title="Slow", source="person")
    incident = open_incident(actor=manager, title="Slow", severity="high", event=event)
    told = {entry.text: entry.recorded_by for entry in incident.entries.all()}
    assert told["Opened as high, security."] == manager
    assert told[f"Detected by {employee.name}."] == employee


def test_when_it_happened_and_when_it_was_written_are_kept_apart(incident, manager):
    earlier = now() - dt.timedelta(hours=3)
    line = write(incident, kind="action", text="Restarted the pool", at=earlier, actor=manager)
    assert (line.at, line.recorded_as, line.recorded_at > earlier) == (earlier, "Manager Acme", True)
    (shown,) = [one for one in lines_of(incident) if one.entry == line]
    assert shown.written_later
    assert texts(incident)[-1] == "Restarted the pool"  # it stands where it happened


def test_a_move_that_is_said_later_stands_where_it_happened(incident, manager):
    earlier = now() - dt.timedelta(seconds=1)
    lifecycle.contain(incident, actor=manager, at=earlier)
    assert incident.entries.get(text="Contained.").at == earlier


def test_a_time_that_is_put_right_puts_its_line_right_too(incident, manager):
    earlier = now() - dt.timedelta(hours=2)
    lifecycle.correct_time(incident, "detected", earlier, "The log says so.", manager)
    (shown,) = [one for one in lines_of(incident) if one.entry.kind == "detection"]
    assert (shown.entry.text, shown.entry.at, shown.entry.reason) == ("Detected by Manager Acme.", earlier, "The log says so.")
    assert len(shown.before) == 1
    assert texts(incident)[-1] == "Detected by Manager Acme."  # it stands where it happened
    assert not any("Time put right" in text for text in texts(incident))
    edit_incident(incident, actor=manager, detected_by="A customer")
    assert texts(incident)[-1] == "Detected by A customer."
    lifecycle.correct_time(incident, "occurred", earlier, "", manager)
    assert any(text.startswith("Time put right: occurred ") for text in texts(incident))


def test_a_correction_says_why(incident, manager):
    line = write(incident, kind="action", text="Told 40", actor=manager)
    with pytest.raises(ActionRefused, match="why it is corrected") as refused:
        write(incident, kind="action", text="Told 14", actor=manager, corrects=line)
    assert refused.value.field == "reason"


def test_a_line_of_tomorrow_is_refused_at_its_field(incident, manager):
    with pytest.raises(ActionRefused, match="future") as refusal:
        write(incident, kind="action", text="Later", at=now() + dt.timedelta(hours=1), actor=manager)
    assert refusal.value.field == "at"


def test_a_line_is_never_changed_nor_deleted(incident, manager):
    line = write(incident, kind="decision", text="We stay on the replica", actor=manager)
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentEntry.objects.filter(pk=line.pk).update(text="We go back")
    with pytest.raises(IntegrityError), transaction.atomic():
        line.delete()


def test_a_correction_stands_beside_the_line_and_only_one_corrects_it(incident, manager, approver):
    line = write(incident, kind="communication", text="Told 40 customers", actor=manager)
    better = write(incident, kind="communication", text="Told 14 customers", actor=manager, corrects=line, reason="Miscounted")
    with pytest.raises(ActionRefused, match="already"):
        write(incident, kind="communication", text="Told 15 customers", actor=manager, corrects=line, reason="Miscounted")
    (shown,) = [one for one in lines_of(incident) if one.entry == better]
    assert [one.text for one in shown.before] == ["Told 40 customers"]
    event = AuditEvent.objects.get(verb="incident.correct_entry", object_id=incident.pk)
    assert (event.data["before"]["text"], event.data["after"]["text"]) == ("Told 40 customers", "Told 14 customers")


def test_a_line_of_the_product_is_corrected_where_it_was_recorded(manager, in_acme):
    incident = open_incident(actor=System("monitoring"), title="Down", kind="availability", severity="high", assigned_to=manager)
    line = incident.entries.filter(recorded_by=None).earliest("pk")
    with pytest.raises(ActionRefused, match="recorded elsewhere"):
        write(incident, kind="status", text="No", actor=manager, corrects=line, reason="Miscounted")


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_lines_are_corrected_the_original_is_never_lost(data, incident, manager):
    said: dict[str, list[str]] = {}
    heads: list[IncidentEntry] = []
    with transaction.atomic():
        for _ in range(data.draw(st.integers(1, 6))):
            text = data.draw(TEXT)
            if heads and data.draw(st.booleans()):
                old = heads.pop(data.draw(st.integers(0, len(heads) - 1)))
                new = write(incident, kind="action", text=text, actor=manager, corrects=old, reason="Miscounted")
                said[str(new.pk)] = [*said[str(old.pk)], old.text]
            else:
                new = write(incident, kind="action", text=text, actor=manager)
                said[str(new.pk)] = []
            heads.append(new)
        shown = {str(line.entry.pk): [one.text for one in line.before] for line in lines_of(incident, "action")}
        assert shown == {str(head.pk): said[str(head.pk)] for head in heads}
        transaction.set_rollback(True)


def test_a_picture_becomes_evidence_and_a_line(incident, manager):
    (line,) = write_with_files(incident, kind="action", text="", files=[a_picture()], actor=manager)
    assert (line.kind, line.text) == ("evidence", "screen.png")
    assert line.evidence is not None
    assert (line.evidence.category, line.evidence.title) == ("incident_response", f"{incident.reference} screen.png")


def test_a_file_of_a_confidential_incident_is_no_evidence(manager, in_acme):
    secret = open_incident(actor=manager, title="An insider", confidential=True)
    before = Evidence.objects.count()
    (line,) = write_with_files(secret, kind="action", text="", files=[a_picture()], actor=manager)
    assert line.evidence is None
    assert line.file is not None
    assert (line.file.name, Evidence.objects.count()) == (f"{secret.reference}.png", before)


def test_who_has_no_part_in_it_writes_nothing_and_what_is_over_is_only_corrected(incident, manager, reviewer):
    with pytest.raises(ActionRefused, match="who work on the incident"):
        write(incident, kind="action", text="I was here", actor=reviewer)
    line = write(incident, kind="action", text="Nothing", actor=manager)
    lifecycle.dismiss(incident, actor=manager, reason="A drill")
    with pytest.raises(ActionRefused, match="dismissed"):
        write(incident, kind="action", text="More", actor=manager)
    write(incident, kind="action", text="Nothing at all", actor=manager, corrects=line, reason="Miscounted")
    assert "Nothing at all" in texts(incident)
