"""The review of an incident is written, submitted under a hash and approved by somebody who had no part in it."""

import datetime as dt
import io
from typing import Any

import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from controls.binder.facts import facts_of
from controls.catalogue.actions import create_control
from controls.findings.actions import raise_finding
from controls.models import AuditPeriod, Control, Finding
from evidence.files import open_file
from evidence.models import Evidence
from evidence.printing.making import digest_of
from incidents.lifecycle import actions as lifecycle
from incidents.lifecycle.ending import needed
from incidents.models import Incident, IncidentReview
from incidents.reporting.actions import open_incident
from incidents.reviewing.actions import (
    add_approver,
    approve_review,
    begin_review,
    is_approved,
    return_review,
    submit_review,
    withdraw_review,
    write_review,
)
from incidents.reviewing.forms import ReviewForm
from incidents.reviewing.paper import context_of, review_html, sheet_of
from incidents.reviewing.printing import ask_pdf, paper_of
from incidents.reviewing.reminding import remind
from incidents.reviewing.telling import to_write, waiting
from incidents.timeline.actions import write
from incidents.todo.actions import add_task
from tenancy.scope import now, settle_constraints, tenant
from tests.cast import signed_in
from ui.refusals import ActionRefused
from workflow.models import OutboxMessage

pytestmark = pytest.mark.usefixtures("in_acme")
APPROVED = "Have its review approved by somebody else."
SAID: dict[str, Any] = {
    "summary": "The disk of the primary was full.",
    "root_cause": "Nobody was told that it filled.",
    "went_well": "The replica took over.",
    "control_failed": "yes",
    "control_note": "The alarm on disks was off.",
    "commitment_missed": "no",
    "disclose": "yes",
    "disclose_note": "The service was down for 47 minutes on one day; an alarm has been added.",
}


@pytest.fixture
def incident(in_acme, manager, acme) -> Incident:
    """Resolved, with a preventive measure, and with the manager."""
    one = open_incident(
        actor=manager, title="Database down", kind="availability", severity="high", detected_at=now() - dt.timedelta(hours=2),
        occurred_at=now() - dt.timedelta(hours=3), assigned_to=manager,
    )  # fmt: skip
    lifecycle.resolve(one, actor=manager, resolution="Failed over.")
    add_task(one, actor=manager, title="Alarm on disks", owner=manager, due_on=acme.today(), kind="preventive")
    return one


def submitted(incident: Incident, author, **texts: Any) -> IncidentReview:
    review = begin_review(incident, actor=author)
    write_review(review, actor=author, **{**SAID, **texts})
    submit_review(review, actor=author)
    return review.refreshed()


def test_it_begins_with_the_record_and_says_what_is_missing(incident, manager):
    review = begin_review(incident, actor=manager)
    assert (review.number, review.summary, review.root_cause) == (1, "", "")
    with pytest.raises(ActionRefused, match=r"Say what happened\. Write down the root cause\."):
        submit_review(review, actor=manager)
    with pytest.raises(ActionRefused, match="being written already"):
        begin_review(incident, actor=manager)
    write_review(review, actor=manager, **{**SAID, "disclose_note": ""})
    with pytest.raises(ActionRefused, match=r"^Say in what words it is disclosed\.$"):
        submit_review(review, actor=manager)


def test_a_missed_commitment_that_is_not_disclosed_needs_its_reason(incident, manager):
    missed = {"commitment_missed": "yes", "commitment_note": "99.9 % in a month", "disclose": "no", "disclose_note": ""}
    with pytest.raises(ActionRefused, match=r"^Say why a missed commitment is not disclosed\.$"):
        submitted(incident, manager, **missed)
    write_review(IncidentReview.objects.get(), actor=manager, disclose_note="One customer, who was told and compensated.")
    assert submit_review(IncidentReview.objects.get(), actor=manager).status == "submitted"


def test_somebody_else_approves_it_and_the_incident_can_be_closed(incident, manager, approver):
    assert APPROVED in list(needed(incident))
    review = submitted(incident, manager)
    assert any("review waits for approval" in entry.title for entry in waiting(approver))
    assert OutboxMessage.objects.filter(to=approver.email, subject__contains="has a review to approve").exists()
    approve_review(review, actor=approver, content_hash=review.content_hash)
    assert is_approved(incident)
    incident.refresh_from_db()
    assert (list(needed(incident)), incident.root_cause) == ([], SAID["root_cause"])
    lifecycle.close(incident, actor=manager)
    assert AuditEvent.objects.filter(verb="incident_review.approve", object_id=review.pk).count() == 1


def test_a_long_timeline_is_bound_by_its_hash_and_not_copied_into_the_trail(incident, manager):
    for number in range(12):
        write(incident, kind="action", text=f"{number} " + "x" * 9_000, actor=manager)
    review = submitted(incident, manager)
    assert len(str(review.record)) > 100_000
    event = AuditEvent.objects.get(verb="incident_review.submit", object_id=review.pk)
    assert event.data["after"]["content_hash"] == review.content_hash
    assert "record" not in event.data["after"]


def test_neither_who_wrote_it_nor_whose_incident_it_was_approves_it(incident, manager, approver, executive):
    lifecycle.add_to_team(incident, member=approver, actor=manager)
    review = submitted(incident, approver)
    for involved in (approver, manager):
        with pytest.raises(ActionRefused, match="neither wrote it nor had"):
            approve_review(review, actor=involved, content_hash=review.content_hash)
    with pytest.raises(ActionRefused, match="has changed since"):
        approve_review(review, actor=executive, content_hash="0" * 64)
    approve_review(review, actor=executive, content_hash=review.content_hash)


def test_the_database_refuses_an_approval_by_its_author(incident, manager):
    review = submitted(incident, manager)
    with pytest.raises(IntegrityError, match="approved_by_another"), transaction.atomic():
        IncidentReview.objects.filter(pk=review.pk).update(status="approved", approved_by=manager, approved_at=now())


def test_what_was_approved_is_never_changed_and_a_later_version_stands_beside_it(incident, manager, approver):
    review = submitted(incident, manager)
    approve_review(review, actor=approver, content_hash=review.content_hash)
    settle_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentReview.objects.filter(pk=review.pk).update(summary="It was nothing")
    with pytest.raises(ActionRefused, match="approved"):
        write_review(review, actor=manager, summary="It was nothing")
    again = begin_review(incident, actor=manager)
    assert (again.number, again.summary) == (2, SAID["summary"])
    assert is_approved(incident)


def test_one_that_is_opened_again_needs_another_review(incident, manager, approver):
    review = submitted(incident, manager)
    lifecycle.reopen(incident, actor=manager, reason="It is slow again")
    with pytest.raises(ActionRefused, match="opened again since"):
        approve_review(review, actor=approver, content_hash=review.content_hash)
    withdraw_review(review.refreshed(), actor=manager)
    with pytest.raises(ActionRefused, match="once it is resolved"):
        submit_review(review.refreshed(), actor=manager)
    lifecycle.resolve(incident, actor=manager, resolution="More memory")
    submit_review(review.refreshed(), actor=manager)
    latest = review.refreshed()
    approve_review(latest, actor=approver, content_hash=latest.content_hash)
    assert is_approved(incident)


def test_a_returned_one_goes_back_with_its_reason(incident, manager, approver):
    review = submitted(incident, manager)
    return_review(review, actor=approver, reason="Why was nobody told?")
    review = review.refreshed()
    assert (review.status, review.content_hash, review.returned_reason) == ("draft", "", "Why was nobody told?")
    assert any("its review was returned" in entry.title for entry in waiting(manager))
    assert OutboxMessage.objects.filter(to=manager.email, text__contains="Why was nobody told?").exists()


def test_whoever_had_it_is_asked_for_the_review_until_it_is_written(incident, manager):
    assert list(to_write(manager)) == [incident]
    begin_review(incident, actor=manager)
    assert list(to_write(manager)) == []


def test_the_approver_of_a_confidential_one_is_of_its_team(manager, approver):
    secret = open_incident(actor=manager, title="An insider", confidential=True, severity="high", assigned_to=manager)
    lifecycle.resolve(secret, actor=manager, resolution="Access taken away")
    review = submitted(secret, manager)
    assert not OutboxMessage.objects.filter(to=approver.email).exists()
    with pytest.raises(ActionRefused, match="does not allow"):
        approve_review(review, actor=approver, content_hash=review.content_hash)
    lifecycle.add_to_team(secret, member=approver, actor=manager)
    approve_review(review, actor=approver, content_hash=review.content_hash)
    assert not Finding.objects.exists()  # a control failed, and findings are read by others


def test_where_no_approver_sees_it_submitting_says_so_and_one_is_added_and_told(client_of, acme, cast):
    manager, approver, executive = cast.manager, cast.approver, cast.executive
    with tenant(acme):
        secret = open_incident(actor=manager, title="An insider", confidential=True, severity="high", assigned_to=manager)
        lifecycle.resolve(secret, actor=manager, resolution="Access taken away")
        review = begin_review(secret, actor=manager)
        write_review(review, actor=manager, **SAID)
    client, here = client_of(manager), f"/o/acme/incidents/reviews/{review.pk}/"
    nobody = "Nobody who approves reviews sees this confidential incident"
    assert nobody in client.get(f"{here}submit/").content.decode()
    assert client.post(f"{here}submit/").status_code in {302, 303}
    assert nobody in client.get(here).content.decode()
    offered = client.get(f"{here}approver/").context["form"].fields["member"].queryset
    assert {one.pk for one in offered} == {approver.pk, executive.pk}
    assert client.post(f"{here}approver/", {"member": str(approver.pk)}).status_code in {302, 303}
    assert f"May approve it, and is told: {approver.name}." in client.get(here).content.decode()
    with tenant(acme):
        assert OutboxMessage.objects.filter(to=approver.email, subject__contains="has a review to approve").count() == 1
        with pytest.raises(ActionRefused, match="sees it already"):
            add_approver(review, member=approver, actor=manager)
        with pytest.raises(ActionRefused, match="neither wrote it nor had"):
            add_approver(review, member=manager, actor=manager)
        latest = review.refreshed()
        approve_review(latest, actor=approver, content_hash=latest.content_hash)
        lifecycle.add_to_team(secret, member=executive, actor=manager)
    assert client.get(f"{here}approver/").status_code == 409
    with tenant(acme), pytest.raises(ActionRefused, match="approved already"):
        add_approver(review, member=executive, actor=manager)


def test_only_whoever_wrote_it_takes_it_back(client_of, acme, incident, cast):
    manager, administrator, approver = cast.manager, cast.administrator, cast.approver
    with tenant(acme):
        review = submitted(incident, manager)
        lifecycle.add_to_team(incident, member=approver, actor=manager)
        for other in (approver, administrator):
            with pytest.raises(ActionRefused, match="Whoever wrote it takes it back"):
                withdraw_review(review, actor=other)
    here = f"/o/acme/incidents/reviews/{review.pk}/"
    assert "Take back" not in client_of(approver).get(here).content.decode()
    assert "Take back" in client_of(manager).get(here).content.decode()


def test_the_paper_tells_the_times_the_corrections_and_what_is_not_recorded(incident, manager):
    line = write(incident, kind="communication", text="Told 40 customers", actor=manager)
    write(incident, kind="communication", text="Told 14 customers", actor=manager, corrects=line, reason="Miscounted")
    review = submitted(incident, manager)
    sheet = sheet_of(review)
    html = review_html(sheet)
    for words in ("Told 40 customers", "Corrected to: Told 14 customers", "Alarm on disks", "Nobody was told that it filled.",
                  "Manager Acme wrote this review. It waits for approval", review.content_hash):  # fmt: skip
        assert words in html
    stages = dict(context_of(sheet)["stages"])
    assert (stages["To detect"], stages["To contain"]) == ("1 h 0 min", "Not recorded")
    assert digest_of(sheet_of(review.refreshed())) == digest_of(sheet)


def test_an_approved_review_is_printed_once_and_kept_as_a_report(incident, manager, approver, django_capture_on_commit_callbacks):
    review = submitted(incident, manager)
    approve_review(review, actor=approver, content_hash=review.content_hash)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            ask_pdf(review, actor=approver)
    paper = paper_of(review)
    assert paper is not None
    assert review.papers.count() == 1
    with open_file(paper.file) as file:
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(file.read()))]
    assert "Page 1 of" in pages[0]
    assert approver.name in pages[0]
    assert review.content_hash[:30] in "".join(pages)
    assert paper.evidence is not None
    assert Evidence.objects.get(pk=paper.evidence.pk).tags == ["incident report"]


def test_a_confidential_one_is_printed_for_its_team_only(manager, approver, employee, django_capture_on_commit_callbacks):
    secret = open_incident(actor=manager, title="An insider", confidential=True, severity="high", assigned_to=manager)
    lifecycle.resolve(secret, actor=manager, resolution="Access taken away")
    review = submitted(secret, manager)
    with django_capture_on_commit_callbacks(execute=True):
        ask_pdf(review, actor=manager)
    paper = paper_of(review)
    assert paper is not None
    assert (paper.evidence, Evidence.objects.filter(subject_id=secret.pk).exists()) == (None, False)
    address = f"/o/acme/incidents/reviews/{review.pk}/review.pdf"
    answer: Any = signed_in(manager).get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert signed_in(approver).get(address).status_code == 404
    assert signed_in(approver).get(f"/o/acme/evidence/files/{paper.file_id}/").status_code == 404


def test_the_binder_is_told_what_is_disclosed(acme, incident, manager, approver):
    review = submitted(incident, manager)
    period = AuditPeriod(starts_on=acme.today() - dt.timedelta(days=30), ends_on=acme.today() + dt.timedelta(days=30))
    said = [fact.sentence for fact in facts_of("incidents", period, acme.today())]
    assert not any(incident.reference in one for one in said)
    approve_review(review, actor=approver, content_hash=review.content_hash)
    said = [fact.sentence for fact in facts_of("incidents", period, acme.today())]
    assert f"{incident.reference}: {SAID['disclose_note']}" in said


def approved(incident: Incident, author, approver, **texts: Any) -> IncidentReview:
    """Submitted and approved."""
    review = submitted(incident, author, **texts)
    return approve_review(review, actor=approver, content_hash=review.content_hash)


def a_control(manager) -> Control:
    """One that looks after disks."""
    since = manager.organization.today()
    return create_control(actor=manager, code="AVL-009", title="Disks are watched", cadence="quarterly", in_scope_since=since)


def test_a_control_that_failed_becomes_a_finding_once(incident, manager, approver):
    control = a_control(manager)
    review = approved(incident, manager, approver, controls=[control])
    finding = Finding.objects.get()
    assert (finding.control, finding.severity, finding.link) == (control, "high", review.get_absolute_url())
    assert (finding.title, finding.risk) == (f"AVL-009 failed in {incident.reference}", SAID["control_note"])
    assert incident.links.get().target == finding.pk
    approved(incident, manager, approver, went_badly="Slow.")
    assert Finding.objects.count() == 1


def test_where_a_finding_about_the_control_is_open_that_one_is_linked(incident, manager, approver):
    control = a_control(manager)
    known = raise_finding(actor=manager, title="Alarms are off", severity="medium", control=control)
    approved(incident, manager, approver, controls=[control])
    assert (Finding.objects.get(), incident.links.get().target) == (known, known.pk)


def test_whoever_is_to_write_it_is_reminded_until_it_is_submitted(incident, manager, acme):
    due = incident.review_due_on
    at = dt.datetime.combine(due - dt.timedelta(days=1), dt.time(8), acme.tzinfo)
    remind(acme, at - dt.timedelta(days=1))
    assert not OutboxMessage.objects.filter(subject__startswith="Reviews").exists()
    for _ in range(2):
        remind(acme, at)
    mail = OutboxMessage.objects.get(subject="Reviews of incidents: 1 is due soon")
    assert mail.to == manager.email
    remind(acme, at + dt.timedelta(days=2))
    assert OutboxMessage.objects.get(subject="Reviews of incidents: 1 is overdue").to == manager.email
    submitted(incident, manager)
    remind(acme, at + dt.timedelta(days=9))
    assert OutboxMessage.objects.filter(subject__startswith="Reviews").count() == 2


def test_what_is_needed_to_submit_a_review_is_not_called_optional():
    form = ReviewForm()
    for name in ("summary", "went_well", "went_badly", "control_failed"):
        assert 'class="optional"' not in str(form[name].as_field_group())
    assert "One of the two is needed" in str(form["went_well"].as_field_group())
    assert 'class="optional"' in str(form["control_note"].as_field_group())
