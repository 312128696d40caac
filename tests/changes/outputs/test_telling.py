"""What the binder, the monthly report and paper tell of changes and deployments: from what was reported, or that nothing was."""

import datetime as dt
import io
from typing import Any

import pypdfium2
import pytest

from changes.deployments.actions import report
from changes.lifecycle import actions
from changes.models import Deployment
from changes.outputs import facts
from changes.outputs.kept import pdf_of
from changes.outputs.population import carried_out, events
from changes.outputs.printing import ask_pdf
from controls.binder.facts import Outcome
from controls.models import AuditPeriod
from evidence.files import open_file
from reports.monthly.areas import changes as area
from reports.monthly.span import Span
from tenancy.scope import now, tenant
from tests.cast import signed_in
from tests.changes.making import approved

pytestmark = pytest.mark.usefixtures("in_acme")
COMMIT = "c" * 40


@pytest.fixture
def period(acme):
    today = acme.today()
    return AuditPeriod(starts_on=today - dt.timedelta(days=30), ends_on=today, name="Now")


@pytest.fixture
def span(acme):
    today = acme.today()
    return Span(acme, today - dt.timedelta(days=1), today, now() + dt.timedelta(minutes=1))


def deployed(manager, via="api", **facts_):
    """One that the pipeline reports as of now."""
    given = {"id": f"d-{len(facts_)}-{facts_.get('change', '')}", "environment": "production", "deployed_at": now(), **facts_}
    (outcome,) = report([given], source="pipeline", actor=manager, via=via)
    assert outcome.status == "accepted", outcome.errors


def outcomes(provider, period):
    return [one.outcome for one in provider(period, period.ends_on)]


def test_without_data_nothing_could_be_evaluated(period, span):
    for provider in (facts.deployments_approved, facts.by_pull_request, facts.reviewed_by_another, facts.checks_passed):
        assert outcomes(provider, period) == [Outcome.UNKNOWN]
    (figure,) = area.told(span).figures
    assert not figure.measured


def test_deployments_are_told_by_whether_they_were_approved(billing, cast, period, span):
    manager, change = cast.manager, approved(cast.employee, cast.approver, [billing])
    deployed(manager, change=change.reference)
    assert outcomes(facts.deployments_approved, period) == [Outcome.HOLDS]
    deployed(manager, commit=COMMIT, deployed_by="ci-bot")
    assert outcomes(facts.deployments_approved, period) == [Outcome.BROKEN]
    assert outcomes(facts.by_pull_request, period) == [Outcome.BROKEN]
    told = area.told(span)
    (figure,) = told.figures
    assert (figure.part, figure.whole, figure.note) == (1, 2, "1 without a change")
    assert [one.text for one in told.matters] == ["one deployment had no approval"]
    assert "ci-bot" in told.decisions[0].what
    change.refresh_from_db()
    assert change.status == "implemented"


def marked(**marks):
    """What was reported, as if the pipeline or a file had stated its moment."""
    Deployment.objects.update(**marks)


def sentences(provider, period):
    return [one.sentence for one in provider(period, period.ends_on)]


def test_what_rests_on_the_word_of_a_pipeline_holds_for_no_line_of_the_binder(billing, cast, period):
    change = approved(cast.employee, cast.approver, [billing])
    deployed(cast.manager, change=change.reference)
    marked(notes=["late", "on_word"])
    for provider in (facts.deployments_approved, facts.none_unapproved):
        assert outcomes(provider, period) == [Outcome.UNKNOWN]
        assert sentences(provider, period) == ["That 1 of 1 deployment went while approved rests on the pipeline's word."]
    (fact,) = facts.deployments_approved(period, period.ends_on)
    rows = signed_in(cast.manager).get(f"{fact.url}&export=csv")
    assert rows["X-Table-Rows"] == "1"
    assert rows.getvalue()
    with tenant(period.tenant):
        deployed(cast.manager, commit=COMMIT)
        assert outcomes(facts.deployments_approved, period) == [Outcome.BROKEN, Outcome.UNKNOWN]


def test_the_rule_is_silent_as_long_as_no_deployment_was_reported(period):
    assert outcomes(facts.none_unapproved, period) == []


def test_that_deployments_came_in_files_is_said_where_all_is_well(billing, cast, period):
    change = approved(cast.employee, cast.approver, [billing])
    deployed(cast.manager, via="file", change=change.reference)
    assert outcomes(facts.deployments_approved, period) == [Outcome.HOLDS]
    assert sentences(facts.deployments_approved, period) == [
        "Each of 1 deployment was approved beforehand. 1 of them came in imported files: when these were deployed is what their "
        "files say."
    ]


def test_the_report_says_beside_its_figure_what_that_rests_on(billing, cast, span):
    change = approved(cast.employee, cast.approver, [billing])
    deployed(cast.manager, change=change.reference)
    (figure,) = area.told(span).figures
    assert (figure.note, figure.rests_on) == ("all approved", {"on_word": 0, "from_files": 0})
    marked(notes=["late", "on_word"])
    told = area.told(span)
    (figure,) = told.figures
    assert (figure.part, figure.whole, figure.note) == (1, 1, "all approved, 1 on the pipeline's word")
    assert figure.rests_on == {"on_word": 1, "from_files": 0}
    assert "deployments were approved beforehand, 1 of them on the pipeline's word." in told.sections[0].sentence
    deployed(cast.manager, via="file", change=change.reference, service="other")
    marked(classification="approved_before")
    told = area.told(span)
    assert told.figures[0].rests_on == {"on_word": 1, "from_files": 1}
    assert told.figures[0].note == "all approved, 1 on the pipeline's word, 1 from files"
    assert "1 of them came in imported files: when these were deployed is what their files say." in told.sections[0].sentence


def test_a_change_of_code_without_a_reviewer_is_named(billing, employee, approver, period):
    change = approved(employee, approver, [billing], kind="code")
    actions.implement(change, actor=employee)
    assert outcomes(facts.reviewed_by_another, period) == [Outcome.HOLDS]
    assert outcomes(facts.checks_passed, period) == [Outcome.UNKNOWN]


def test_what_was_carried_out_is_a_population_and_an_event(acme, done):
    today = acme.today()
    (row,) = carried_out(today, today).rows
    assert row[0] == done.reference
    (event,) = events(today, today)
    assert (event.key, event.subject_id) == (done.pk.hex, done.pk)
    assert list(events(today - dt.timedelta(days=9), today - dt.timedelta(days=1))) == []


def test_a_change_is_printed_once_as_it_stands_for_whoever_sees_it(done, employee, approver, django_capture_on_commit_callbacks):
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            ask_pdf(done, actor=employee)
    kept = pdf_of(done)
    assert kept is not None
    assert kept.evidence.revisions.count() == 1
    with open_file(kept.file) as file:
        pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(file.read()))]
    assert approver.name in "".join(pages)
    assert done.content_hash[:30] in "".join(pages)
    assert "Page 1 of" in pages[0]
    for member in (employee, approver):
        answer: Any = signed_in(member).get(f"/o/acme/changes/{done.pk}/change.pdf")
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
