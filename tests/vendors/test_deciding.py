"""Who decides on a vendor, before use and after it began; and use that began too early."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from controls.findings.actions import close, hand_in, start
from controls.models import Finding
from inventory.models import Person
from tests.vendors.conftest import SAID, agree, paper, report
from ui.refusals import ActionRefused
from vendors.importing.actions import import_vendors, receive
from vendors.importing.views import SAMPLE
from vendors.lifecycle import actions
from vendors.lifecycle.diligence import missing, raise_findings, suspects
from vendors.models import Vendor
from vendors.register.actions import edit_vendor
from vendors.reviewing.actions import review
from vendors.reviewing.inbox import waiting


@pytest.fixture
def undecided(asked, manager, cast, today):
    """One that ran before anybody had looked; by now everything is there but a decision."""
    vendor = asked(owner=Person.objects.get(member=cast.employee))
    actions.use(vendor, actor=manager, since=today, reason="It ran before.")
    agree(vendor, manager, today)
    report(vendor, manager, today - dt.timedelta(days=200), today)
    review(vendor, actor=manager, reviewed_on=today, **SAID)
    return vendor.refreshed()


def settled(finding, member, manager):
    """Closed."""
    start(finding, actor=member)
    hand_in(finding, actor=member, done="Looked at and decided on.", files=[paper()])
    close(finding, actor=manager, note="Seen.")


def test_one_in_use_is_decided_on_and_its_finding_ends(undecided, here, manager, cast):
    assert [one.what for one in missing(undecided)] == ["A decision"]
    assert f"{undecided.reference} is to be decided on" in [one.title for one in waiting(cast.approver)]
    with pytest.raises(ActionRefused, match="Your role"):
        actions.confirm(undecided, actor=cast.employee, reason="Fine.")
    actions.confirm(undecided, actor=cast.approver, reason="Its report is clean.")
    decided = undecided.refreshed()
    assert (decided.status, decided.decided_by, decided.decision) == ("in_use", cast.approver, "Its report is clean.")
    assert missing(decided) == []
    assert not any("decided on" in one.title for one in waiting(cast.approver))
    settled(Finding.objects.get(), cast.employee, manager)
    raise_findings(here, dt.datetime.now(dt.UTC))
    assert Finding.objects.count() == 1
    with pytest.raises(ActionRefused, match="decided on already"):
        actions.confirm(undecided, actor=cast.approver, reason="Again.")


def test_it_is_decided_on_after_its_review(asked, manager, cast, today):
    vendor = asked()
    with pytest.raises(ActionRefused, match="cannot be decided on now"):
        actions.confirm(vendor, actor=cast.approver, reason="x")
    actions.use(vendor, actor=manager, since=today, reason="It ran before.")
    with pytest.raises(ActionRefused, match="Nobody has reviewed it"):
        actions.confirm(vendor, actor=cast.approver, reason="x")


def test_the_page_offers_the_decision_to_whom_it_is_for(undecided, cast, manager, client_of):
    path = f"/o/acme/vendors/{undecided.pk}/"
    assert "Decide on it" not in client_of(cast.auditor).get(path).content.decode()
    client = client_of(cast.approver)
    assert "Decide on it" in client.get(path).content.decode()
    assert client.post(f"{path}confirm/", {"reason": "Clean."}).status_code == 303
    assert undecided.refreshed().decided_by == cast.approver
    assert "Decide on it" not in client.get(path).content.decode()


def test_no_second_finding_of_one_that_is_being_left(undecided, manager, cast, today):
    actions.offboard(undecided, actor=manager, reason="Too dear.", leaving_on=today)
    settled(Finding.objects.get(), cast.employee, manager)
    assert not suspects(today).exists()
    Vendor.objects.filter(pk=undecided.pk).update(finding=None)
    assert suspects(today).exists()


def test_whoever_it_was_with_does_not_decide(looked_at, manager, cast):
    bob, ann = (Person.objects.get(member=one) for one in (cast.approver, cast.employee))
    vendor = looked_at(owner=bob)
    edit_vendor(vendor, actor=manager, owner=ann)
    with pytest.raises(ActionRefused, match="it was with you"):
        actions.approve(vendor, actor=cast.approver, reason="x")
    assert not any("decided on" in one.title for one in waiting(cast.approver))
    actions.approve(vendor, actor=manager, reason="Clean.")


def test_words_that_look_like_the_mark_take_nobody_out(looked_at, manager, cast):
    vendor = looked_at()
    edit_vendor(vendor, actor=manager, notes=f'"was_with":"{cast.approver.pk}"')
    assert actions.approve(vendor, actor=cast.approver, reason="Clean.").status == "approved"


def test_whoever_asked_first_does_not_decide_when_it_is_asked_for_again(asked, manager, cast, today):
    vendor = asked(actor=manager)
    actions.reject(vendor, actor=cast.approver, reason="Too dear.")
    actions.reopen(vendor, actor=cast.administrator, reason="Cheaper now.")
    actions.begin(vendor, actor=manager)
    review(vendor, actor=manager, reviewed_on=today, **SAID)
    with pytest.raises(ActionRefused, match="You once asked for it"):
        actions.approve(vendor, actor=manager, reason="x")
    actions.approve(vendor, actor=cast.approver, reason="Clean.")


def test_a_first_day_before_the_decision_is_a_finding(looked_at, manager, cast, today, here):
    vendor = looked_at(owner=Person.objects.get(member=cast.employee))
    agree(vendor, manager, today)
    report(vendor, manager, today - dt.timedelta(days=200), today)
    early = today - dt.timedelta(days=90)
    review(vendor, actor=manager, reviewed_on=early, **SAID)  # typed in today with a day of then
    actions.approve(vendor, actor=cast.approver, reason="Clean.")
    with pytest.raises(ActionRefused, match=r"Say why it was used before: it is used since .* decided on only on"):
        actions.use(vendor, actor=manager, since=early)
    actions.use(vendor, actor=manager, since=early, reason="The team did not wait.")
    finding = Finding.objects.get()
    assert "was decided on only on" in finding.risk
    assert vendor.refreshed().finding == finding
    settled(finding, cast.employee, manager)
    raise_findings(here, dt.datetime.now(dt.UTC))
    assert Finding.objects.count() == 1


def test_what_was_shown_of_an_end_does_not_serve_the_next(used, manager, today):
    vendor = used()
    actions.offboard(vendor, actor=manager, reason="Too dear.", leaving_on=today)
    actions.end_access(vendor, actor=manager, ended_on=today, file=paper())
    actions.end_data(vendor, actor=manager, outcome="destroyed", ended_on=today, file=paper("certificate.txt"))
    actions.keep(vendor, actor=manager, reason="Cheaper now.")
    kept = vendor.refreshed()
    shown = (kept.access_ended_on, kept.access_evidence, kept.data_outcome, kept.data_ended_on, kept.data_evidence)
    assert shown == (None, None, "", None, None)
    actions.offboard(vendor, actor=manager, reason="Dear again.", leaving_on=today)
    with pytest.raises(ActionRefused, match="access is not accounted"):
        actions.leave(vendor, actor=manager)


def test_whoever_brought_it_in_a_file_does_not_decide_when_it_is_asked_for_again(manager, cast, today):
    import_vendors(receive(actor=manager, upload=SimpleUploadedFile("vendors.csv", SAMPLE.encode())), actor=manager)
    vendor = Vendor.objects.get(name="Papertrail Mail")
    actions.reject(vendor, actor=cast.approver, reason="Too dear.")
    actions.reopen(vendor, actor=cast.administrator, reason="Cheaper now.")
    actions.begin(vendor, actor=manager)
    review(vendor, actor=manager, reviewed_on=today, **SAID)
    with pytest.raises(ActionRefused, match="You once asked for it"):
        actions.approve(vendor, actor=manager, reason="x")
