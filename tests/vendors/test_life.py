"""A vendor from somebody's wish to its end, and what may not be skipped."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from controls.findings.actions import close, hand_in, start
from controls.models import Finding
from inventory.models import Person
from tests.vendors.conftest import ANSWERS, SAID
from ui.refusals import ActionRefused
from vendors.keys.actions import note_key, retire_key
from vendors.lifecycle import actions
from vendors.lifecycle.diligence import missing, raise_findings
from vendors.models import Vendor, VendorReview
from vendors.register.actions import edit_vendor, request_vendor
from vendors.reviewing.actions import review
from vendors.reviewing.inbox import about, waiting
from vendors.reviewing.periodic import remind
from workflow.models import OutboxMessage


def proof(name="proof.txt"):
    return SimpleUploadedFile(name, f"{name} shows it".encode())


def test_anybody_asks_and_the_risk_follows(asked, cast):
    vendor = asked()
    assert (vendor.status, vendor.points, vendor.inherent, vendor.tier) == ("requested", 4, "high", 2)
    assert vendor.requested_by == cast.employee
    with pytest.raises(ActionRefused, match="of this name"):
        asked()
    with pytest.raises(ActionRefused, match="Your role"):
        request_vendor(actor=cast.auditor, name="x", service="x", **ANSWERS)


def test_it_is_approved_after_its_review_by_somebody_else(asked, manager, cast, today):
    vendor = asked(actor=manager)
    actions.begin(vendor, actor=manager)
    with pytest.raises(ActionRefused, match="Nobody has reviewed it"):
        actions.approve(vendor, actor=cast.approver, reason="x")
    review(vendor, actor=manager, reviewed_on=today, **SAID)
    with pytest.raises(ActionRefused, match="You asked for it"):
        actions.approve(vendor, actor=manager, reason="x")
    with pytest.raises(ActionRefused, match="Your role"):
        actions.approve(vendor, actor=cast.employee, reason="x")
    actions.approve(vendor, actor=cast.approver, reason="Clean.")
    assert Vendor.objects.get(pk=vendor.pk).decided_by == cast.approver
    assert OutboxMessage.objects.filter(to=manager.email, subject__contains="is approved").exists()


def test_its_owner_does_not_decide(looked_at, cast):
    owner = Person.objects.get(member=cast.approver)
    with pytest.raises(ActionRefused, match="It is with you"):
        actions.approve(looked_at(owner=owner), actor=cast.approver, reason="x")


def test_the_database_refuses_who_asked_as_who_decided(looked_at, cast):
    vendor = looked_at()
    with pytest.raises(IntegrityError), transaction.atomic():
        Vendor.objects.filter(pk=vendor.pk).update(decided_by=cast.employee)


def test_a_review_that_finds_it_not_acceptable_is_no_due_diligence(asked, manager, today):
    vendor = asked()
    actions.begin(vendor, actor=manager)
    review(vendor, actor=manager, reviewed_on=today, **{**SAID, "conclusion": "not_acceptable"})
    assert vendor.refreshed().diligence_on is None
    review(vendor, actor=manager, reviewed_on=today, **SAID)
    assert vendor.refreshed().diligence_on == today
    review(vendor, actor=manager, reviewed_on=today, **{**SAID, "conclusion": "not_acceptable"})
    assert vendor.refreshed().diligence_on is None


def test_a_finding_that_was_closed_too_early_is_followed_by_another(asked, here, manager, cast, today):
    vendor, at = asked(owner=Person.objects.get(member=cast.employee)), dt.datetime.now(dt.UTC)
    actions.use(vendor, actor=manager, since=today, reason="It ran before.")
    first = Finding.objects.get()
    raise_findings(here, at)
    assert Finding.objects.count() == 1
    start(first, actor=cast.employee)
    hand_in(first, actor=cast.employee, done="Nothing.", files=[proof()])
    close(first, actor=manager, note="Looked.")
    raise_findings(here, at)
    assert vendor.refreshed().finding != first
    assert Finding.objects.count() == 2


def test_residual_risk_is_never_above_the_inherent_and_below_it_says_why(asked, manager, today):
    vendor = asked()
    actions.begin(vendor, actor=manager)
    with pytest.raises(ActionRefused, match="do not raise"):
        review(vendor, actor=manager, reviewed_on=today, **{**SAID, "residual": "critical"})
    with pytest.raises(ActionRefused, match="what lowers"):
        review(vendor, actor=manager, reviewed_on=today, **{**SAID, "lowered_by": " "})
    with pytest.raises(ActionRefused, match="which conditions"):
        review(vendor, actor=manager, reviewed_on=today, **{**SAID, "conclusion": "conditions"})
    review(vendor, actor=manager, reviewed_on=today, **SAID)
    assert vendor.refreshed().residual == "medium"
    assert VendorReview.objects.get().inherent == "high"


def test_use_before_due_diligence_needs_a_reason_and_is_a_finding(asked, manager, today):
    vendor = asked(owner=None)
    with pytest.raises(ActionRefused, match="a decision, a data processing agreement, something that"):
        actions.use(vendor, actor=manager, since=today)
    actions.use(vendor, actor=manager, since=today, reason="It ran before the register began.")
    found = Finding.objects.get()
    assert found.title == f"{vendor}: in use without due diligence"
    assert (found.severity, found.link) == ("medium", vendor.get_absolute_url())
    assert vendor.refreshed().finding == found
    assert vendor.refreshed().next_review_on == today + dt.timedelta(days=30)


def test_use_with_everything_is_no_finding_and_sets_the_review_by_tier(used, today):
    vendor = used()
    assert (vendor.status, vendor.next_review_on) == ("in_use", today + dt.timedelta(days=365))
    assert not missing(vendor)
    assert not Finding.objects.exists()


def test_what_goes_missing_later_is_a_finding_once(used, here, manager):
    vendor, at = used(), dt.datetime.now(dt.UTC)
    raise_findings(here, at)
    assert not Finding.objects.exists()
    edit_vendor(vendor, actor=manager, is_ai=True)
    raise_findings(here, at)
    raise_findings(here, at)
    assert "what its AI gets" in Finding.objects.get().risk


def test_an_ai_supplier_that_trains_with_confidential_data_lacks_something(asked):
    told = {"is_ai": True, "ai_sent": "Tickets", "ai_retention": "30 days"}
    assert "No training with our data" in [one.what for one in missing(asked(**told, ai_training="yes"))]
    assert "No training with our data" not in [one.what for one in missing(asked("Two", **told, ai_training="opted_out"))]


def test_graver_answers_make_the_review_due_at_once(used, manager, today):
    vendor = used()
    edit_vendor(vendor, actor=manager, criticality=3, access=3)
    found = vendor.refreshed()
    assert (found.tier, found.next_review_on, found.residual, found.status) == (1, today, "", "in_use")
    said = AuditEvent.objects.filter(verb="vendor.edit", object_id=vendor.pk).latest("at").data
    assert (said["before"]["residual"], said["after"]["residual"]) == ("medium", None)
    assert said["after"]["next_review_on"] == f"{today}"


def test_an_approval_does_not_outlive_what_it_was_about(looked_at, manager, cast):
    vendor = looked_at(data_shared=0, criticality=3)
    actions.approve(vendor, actor=cast.approver, reason="No data.")
    edit_vendor(vendor, actor=manager, service="Sends invoices", criticality=2)
    found = vendor.refreshed()
    assert (found.status, found.inherent, found.residual, bool(found.diligence_on)) == ("approved", "low", "", True)
    edit_vendor(vendor, actor=manager, data_shared=3)
    found = vendor.refreshed()
    assert (found.status, found.diligence_on, found.decided_by, found.decision) == ("due_diligence", None, None, "")
    assert AuditEvent.objects.filter(verb="vendor.reconsider", object_id=vendor.pk).exists()
    with pytest.raises(ActionRefused, match="Nobody has reviewed it"):
        actions.approve(vendor, actor=cast.approver, reason="Still.")


def test_a_graver_answer_after_the_review_wants_another(looked_at, manager, cast):
    vendor = looked_at(data_shared=0, criticality=3, access=0)
    edit_vendor(vendor, actor=manager, data_shared=1)  # high as before, by another way
    assert (vendor.refreshed().inherent, vendor.refreshed().diligence_on, vendor.refreshed().residual) == ("high", None, "medium")


def test_a_late_entry_of_an_older_review_changes_nothing(used, manager, today):
    vendor = used()
    review(vendor, actor=manager, reviewed_on=today - dt.timedelta(days=90), **{**SAID, "residual": "low"})
    assert (vendor.refreshed().residual, vendor.refreshed().reviewed_on) == ("medium", today)


def test_it_has_left_once_access_and_data_are_accounted_for(used, manager, today):
    vendor = used()
    key = note_key(vendor, actor=manager, name="Mail", kept_in="Vault", rotated_on=today)
    with pytest.raises(ActionRefused, match="begin its offboarding"):
        actions.end_access(vendor, actor=manager, ended_on=today, file=proof())
    actions.offboard(vendor, actor=manager, reason="Too dear.", leaving_on=today)
    with pytest.raises(ActionRefused, match="access is not accounted"):
        actions.leave(vendor, actor=manager)
    actions.end_access(vendor, actor=manager, ended_on=today, file=proof())
    with pytest.raises(ActionRefused, match="data is not accounted"):
        actions.leave(vendor, actor=manager)
    with pytest.raises(ActionRefused, match="It got data"):
        actions.end_data(vendor, actor=manager, outcome="none_held", ended_on=today)
    with pytest.raises(ActionRefused, match="Add what shows it"):
        actions.end_data(vendor, actor=manager, outcome="destroyed", ended_on=today)
    actions.end_data(vendor, actor=manager, outcome="destroyed", ended_on=today, file=proof("certificate.txt"))
    with pytest.raises(ActionRefused, match="Keys of it are still in use: Mail"):
        actions.leave(vendor, actor=manager)
    retire_key(key, actor=manager, reason="It leaves.")
    actions.leave(vendor, actor=manager)
    gone = vendor.refreshed()
    assert (gone.status, gone.left_on, gone.next_review_on) == ("left", today, None)
    with pytest.raises(ActionRefused, match="has left"):
        edit_vendor(gone, actor=manager, service="x")
    actions.reopen(gone, actor=manager, reason="We want it back.")
    assert (gone.refreshed().status, gone.refreshed().access_evidence, gone.refreshed().decided_at) == ("requested", None, None)


def test_it_can_stay_after_all(used, manager, today):
    vendor = used()
    actions.offboard(vendor, actor=manager, reason="Too dear.", leaving_on=today)
    actions.keep(vendor, actor=manager, reason="Cheaper now.")
    assert (vendor.refreshed().status, vendor.refreshed().leaving_on) == ("in_use", None)


def test_what_waits_for_whom(looked_at, used, asked, cast, today):
    asked("Asked")
    looked_at("Looked at")
    Vendor.objects.filter(pk=used("Used").pk).update(next_review_on=today - dt.timedelta(days=1))
    titles = {name: [one.title for one in waiting(getattr(cast, name))] for name in ("manager", "approver", "employee")}
    assert titles["manager"] == [
        f"{Vendor.objects.get(name='Asked').reference} is to be looked at",
        f"{Vendor.objects.get(name='Looked at').reference} is to be decided on",
    ]
    assert titles["approver"] == titles["manager"][1:]
    assert titles["employee"] == [f"Review {Vendor.objects.get(name='Used')}"]
    assert all(any(map(bool, about(getattr(cast, name)))) for name in titles)


def test_its_owner_is_reminded_once_a_day(used, here, cast, today):
    vendor = used()
    Vendor.objects.filter(pk=vendor.pk).update(next_review_on=today + dt.timedelta(days=7))
    at = dt.datetime.combine(today, dt.time(12), here.tzinfo)
    OutboxMessage.objects.all().delete()
    remind(here, at)
    remind(here, at)
    assert OutboxMessage.objects.filter(to=cast.employee.email).count() == 1
    assert AuditEvent.objects.filter(verb="vendor.remind", object_id=vendor.pk).count() == 1
