"""The annual assessment: what it lacks, what it freezes, who approves it, and how it differs from the one before."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from controls.binder.own_documents import FRAUD, VENDOR
from controls.binder.own_documents import risk as documents_of_risk
from controls.models import AuditPeriod
from evidence.files import open_file
from evidence.printing.making import file_of
from reports.dashboard.programme import programme_rows
from reports.dashboard.waiting import gathered
from risks.assessing import actions
from risks.assessing.content import missing
from risks.assessing.difference import difference
from risks.assessing.due import next_due
from risks.assessing.kept import pdf_of
from risks.assessing.printing import approved_content
from risks.models import Risk, RiskAssessment, RiskAssessmentVersion
from risks.register.actions import edit_risk, rate_risk
from risks.register.inbox import waiting
from risks.register.treating import accept, close, lapse
from tenancy.scope import tenant
from tests.risks.making import ASSESSED, a_rated, a_risk, steps
from tests.risks.test_register import AREA, soon
from ui.refusals import ActionRefused
from workflow.binding import hash_of


def approved(assessment, manager, executive):
    actions.submit_assessment(assessment, actor=manager)
    actions.approve_assessment(assessment, actor=executive, content_hash=assessment.content_hash, note="Agreed.")
    return assessment


def test_it_says_what_is_missing(acme, cast, manager):
    with tenant(acme):
        assessment = actions.begin_assessment(actor=manager, year=2026, **ASSESSED)
        risk = a_risk(manager, cast.employee)
        said = ["The register needs at least one risk of fraud.", "The register needs at least one risk of a vendor."]
        assert missing() == [*said, f"{risk.reference} is to be rated."]
        with pytest.raises(ActionRefused, match="Not yet: The register needs at least one risk of fraud"):
            actions.submit_assessment(assessment, actor=manager)
        rate_risk(risk, actor=manager, reasoning="x", **steps(5, 5, 5, 5, 0, 0))
        assert missing() == [*said, f"{risk.reference} is high or critical and without a treatment."]
        with pytest.raises(ActionRefused, match="an assessment of this year already"):
            actions.begin_assessment(actor=manager, year=2026, **ASSESSED)


def test_what_was_submitted_is_frozen_and_bound_by_its_hash(begun, cast, manager):
    actions.submit_assessment(begun, actor=manager)
    content = approved_content(begun)
    assert len(content["risks"]) == 2
    assert begun.content_hash == hash_of(content)
    seen = begun.content_hash
    reference = next(iter(content["risks"]))
    content["risks"][reference]["owner"] = "Somebody else"
    assert hash_of(content) != seen
    with pytest.raises(Exception, match="is immutable"), transaction.atomic():
        RiskAssessmentVersion.objects.update(content=content)
    a_rated(manager, cast.employee, statement="Later")
    assert len(approved_content(begun)["risks"]) == 2
    with pytest.raises(ActionRefused, match="not what you saw"):
        actions.approve_assessment(begun, actor=cast.executive, content_hash="0" * 64)


def test_it_may_speak_of_a_day_before_but_not_of_one_before_what_it_holds(begun, cast, manager, acme):
    with pytest.raises(ActionRefused, match="today or a day before"):
        actions.submit_assessment(begun, actor=manager, as_of=acme.today() + dt.timedelta(days=1))
    day = acme.today() - dt.timedelta(days=400)
    fraud, gone = Risk.objects.get(category="fraud"), a_rated(manager, cast.employee)

    def refused(why):
        with pytest.raises(ActionRefused, match=rf"{why} on .*: the register of .* was another") as refusal:
            actions.submit_assessment(begun, actor=manager, as_of=day)
        return refusal.value.field == "as_of"

    assert refused("was rated")
    Risk.objects.update(rated_on=day)  # as of a register that was kept elsewhere
    accept(fraud, actor=cast.executive, reason="x", until=soon(acme))
    assert refused(f"{fraud} was accepted")
    lapse(fraud, actor=manager, reason="x")
    close(gone, actor=manager, reason="Gone.")
    assert refused("A risk was closed")
    Risk.objects.filter(pk=gone.pk).update(closed_at=acme.end_of(day - dt.timedelta(days=1)))
    actions.submit_assessment(begun, actor=manager, as_of=day)
    actions.approve_assessment(begun, actor=cast.executive, content_hash=begun.content_hash)
    assert (begun.as_of, approved_content(begun)["asOf"]) == (day, day.isoformat())
    assert (begun.evidence.collected_at, begun.evidence.period_to) == (begun.submitted_at, day)
    assert {one.presence for one in documents_of_risk(AuditPeriod(), acme.today())} == {"stale"}
    assert next_due(acme.today()) == day + dt.timedelta(days=365)


def test_whoever_prepared_it_does_not_approve_it(begun, cast, manager):
    with pytest.raises(ActionRefused, match="it cannot be approved now"):
        actions.approve_assessment(begun, actor=cast.executive, content_hash="")
    actions.submit_assessment(begun, actor=manager)
    with pytest.raises(ActionRefused, match="You had a part in preparing it"):
        actions.approve_assessment(begun, actor=manager, content_hash=begun.content_hash)
    with pytest.raises(ActionRefused, match="Your role"):
        actions.approve_assessment(begun, actor=cast.reviewer, content_hash=begun.content_hash)
    with pytest.raises(IntegrityError, match="risk_assessment_not_by_preparer"), transaction.atomic():
        RiskAssessment.objects.update(approved_by=manager)
    assert any(begun.reference in entry.title for entry in waiting(cast.executive))
    assert not any(begun.reference in entry.title for entry in waiting(manager))
    actions.return_assessment(begun, actor=cast.executive, reason="Fraud is higher.")
    assert (begun.status, begun.remark) == ("draft", "Fraud is higher.")
    with pytest.raises(ActionRefused, match="Nothing was changed"):
        actions.edit_assessment(begun, actor=manager, **ASSESSED)
    actions.submit_assessment(begun, actor=manager)
    actions.recall_assessment(begun, actor=manager, reason="One more.")
    approved(begun, manager, cast.executive)
    assert (begun.status, begun.approved_by, begun.approved_hash) == ("approved", cast.executive, begun.content_hash)
    assert begun.versions.count() == 3


def test_an_approved_one_is_evidence_that_the_binder_finds_and_is_printed(
    begun, cast, manager, client_of, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        approved(begun, manager, cast.executive)
    assert set(begun.evidence.tags) >= {FRAUD, VENDOR}
    with open_file(begun.evidence.file) as file:
        assert file.read() == file_of(approved_content(begun))
    printed = pdf_of(begun)
    assert printed is not None
    with open_file(printed.file) as file:
        assert file.read(5) == b"%PDF-"
    client = client_of(cast.auditor)
    url = f"{AREA}assessments/{begun.pk}/"
    page = client.get(url).content.decode()
    assert "The register as it was frozen: 2 risks" in page
    for name, begins in (("pdf", b"%PDF-"), ("json", b'{"asOf"')):
        assert b"".join(client.get(f"{url}{name}/").streaming_content).startswith(begins)


def test_the_next_one_says_how_it_differs(begun, cast, manager, acme, client_of):
    approved(begun, manager, cast.executive)
    fraud, vendor = begun_risks(begun)
    rate_risk(fraud, actor=manager, reasoning="x", **steps(4, 5, 3, 5, 1, 5))
    close(vendor, actor=manager, reason="The vendor is gone.")
    new = a_rated(manager, cast.employee, category="vendor", statement="Another vendor")
    edit_risk(new, actor=manager, cause="x")
    after = actions.begin_assessment(actor=manager, year=acme.today().year + 1, **ASSESSED)
    actions.submit_assessment(after, actor=manager)
    found = difference(approved_content(begun), approved_content(after))
    assert [row[0] for row in found.new] == [new.reference]
    assert [row[0] for row in found.gone] == [vendor.reference]
    assert [row.reference for row in found.higher] == [fraud.reference]
    assert found.sentence == "1 new, 1 gone, 1 higher, 0 as before."
    page = client_of(cast.executive).get(f"{AREA}assessments/{after.pk}/").content.decode()
    assert "1 new, 1 gone, 1 higher, 0 as before." in page
    assert difference(approved_content(after), approved_content(after)).unchanged == 2


def test_a_year_is_no_amount_and_the_dashboard_knows_how_old_the_last_one_is(begun, cast, manager, acme, client_of):
    with tenant(acme):
        approved(begun, manager, cast.executive)
        found = gathered(programme_rows(manager, acme.today()))["assessment"]
        assert (found.number, found.oldest) == (0, begun.as_of)
    page = client_of(manager).get("/o/acme/risks/assessments/").content.decode()
    assert f"{begun.year:,}" not in page
    assert str(begun.year) in page


def begun_risks(assessment):
    return [Risk.objects.get(reference=key) for key in approved_content(assessment)["risks"]]


def test_one_that_is_withdrawn_leaves_its_year_to_another(begun, cast, manager, acme):
    actions.withdraw_assessment(begun, actor=manager, reason="The wrong year.")
    assert begun.status == "withdrawn"
    assert AuditEvent.objects.filter(object_id=begun.pk, verb="risk_assessment.withdraw").count() == 1
    assert actions.begin_assessment(actor=manager, year=begun.year, **ASSESSED).year == begun.year
