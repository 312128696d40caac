"""What the figures count, by hand, on the programme of tests/reports/world.py as of 20 May 2026."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit.actors import SCHEDULE
from controls.findings.actions import raise_finding
from controls.models import AuditPeriod, ControlTest, Finding, Occurrence
from controls.periods.actions import close_period
from controls.status.readiness import readiness
from evidence.models import Evidence
from evidence.standing import withdraw_evidence
from reports.models import MonthlyReport
from reports.monthly.actions import ask_month, take_figures
from reports.monthly.areas import access, controls, evidence, findings, operation
from reports.monthly.data import Figure, Matter
from reports.monthly.registry import Area
from reports.monthly.span import Span, month_end
from tenancy.scope import now
from tests.controls.status import rows
from tests.controls.status.world import Expected
from tests.reports.monthly.conftest import read
from tests.reports.world import TODAY, Programme, at, make_programme

NOON = at("2026-05-20")


@pytest.fixture
def made(in_acme, manager, on_the_day) -> Programme:
    """The programme in May."""
    return make_programme(manager)


@pytest.fixture
def month(made, acme) -> Any:
    """`month(5)`: a month of 2026 as of 20 May."""

    def span(number: int) -> Span:
        first = dt.date(2026, number, 1)
        return Span(acme, first, month_end(first), NOON, made.period)

    return span


def figure(area: Area) -> Figure:
    (one,) = area.figures
    return one


def test_readiness_is_the_one_of_the_dashboard(made, month):
    kept = readiness(made.period)
    told = figure(controls.told(month(5)))
    assert (told.part, told.whole) == (kept.implemented, kept.in_scope) == (2, 7)
    families = controls.told(month(5)).sections[0].tables[1].rows
    kept_families = [str(one.share) for one in kept.by_family if one.share.whole]
    assert [row[1] for row in families] == kept_families


def test_of_a_closed_period_it_is_what_was_kept(made, month, manager):
    close_period(made.period, actor=manager)
    closed = AuditPeriod.objects.get(pk=made.period.pk)
    rows.link(made.controls["bare"], rows.evidence(), "policy")
    span = month(5)
    told = figure(controls.told(Span(span.organization, span.first, span.last, NOON, closed)))
    assert (told.part, told.whole) == (2, 7)


def test_the_others_are_named_by_their_states(month):
    assert controls.others(month(5).controls) == (
        "The other 5 controls: 2 partly in place, 2 missing, 1 could not be evaluated (“A control”). "
        "What could not be evaluated counts against us, not for us."
    )


def texts(found: list[Matter]) -> list[str]:
    return [one.text for one in found]


def test_what_an_auditor_could_report_of_the_controls(month):
    assert sorted(texts(controls.told(month(5)).matters)) == [
        "the critical control “A control” is missing",
        "“A control” could not be evaluated",
        "“A control” failed its last test",
    ]


def test_activities_count_in_the_month_in_which_they_were_due(month):
    """January: one missed. April: one performed a day early, one late. May: one due today and one later, not to be judged yet."""
    found = [figure(operation.told(month(number))) for number in (1, 4, 5)]
    assert [(one.part, one.whole, one.note) for one in found] == [(0, 1, "1 missed"), (1, 2, "1 late"), (0, 0, "")]
    notes = operation.told(month(5)).sections[0].notes
    assert notes == ["2 occurrences were not past due when the data was taken, and cannot be judged."]


def test_an_activity_that_did_not_occur_is_in_neither_number(made, month):
    before = figure(operation.told(month(4)))
    rows.occurrence(made.controls["whole"], Expected(dt.date(2026, 4, 12), status="did_not_occur"))
    area = operation.told(month(4))
    assert (figure(area).part, figure(area).whole) == (before.part, before.whole)
    assert "1 expected occurrence did not occur, as their owners have stated." in area.sections[0].notes


def test_no_activity_is_not_100_percent(month):
    told = figure(operation.told(month(2)))
    assert (told.whole, told.none, told.note) == (0, "None was due", "")


def test_withdrawn_evidence_leaves_and_never_helps(month, manager):
    before = figure(evidence.told(month(5)))
    withdraw_evidence(Evidence.objects.filter(status="current")[0], actor=manager, reason="Wrong.")
    after = figure(evidence.told(month(5)))
    assert (after.part, after.whole) == (before.part - 1, before.whole - 1)


def test_evidence_counts_in_its_local_month(month):
    """The last evening of March in New York is April elsewhere."""
    collected = {number: evidence.told(month(number)).sections[0].sentence for number in (1, 2, 3, 4)}
    assert collected[3].startswith("3 items were collected")
    assert collected[4].startswith("1 item was collected")


def test_a_file_that_is_missing_is_the_gravest_matter(made, month):
    item = rows.evidence(collected_at=at("2026-05-01"))
    item.file.checks.update(result="missing")
    assert texts(evidence.told(month(5)).matters) == ["1 item of evidence has a file that is missing, altered or unreadable"]


def test_findings_are_past_due_of_those_open_with_the_oldest(made, acme):
    moment = now()
    today = moment.astimezone(acme.tzinfo).date()
    told = findings.told(Span(acme, today, today, moment, made.period))
    late = [one for one in Finding.objects.all() if one.due_on < today]
    assert (figure(told).part, figure(told).whole) == (len(late), 4)
    assert figure(told).note == f"oldest {(today - dt.date(2026, 4, 1)).days} days"
    assert told.sections[0].sentence.startswith("4 findings were raised in these days and 0 closed.")


def test_what_was_found_later_is_not_told(month):
    assert figure(findings.told(month(5))).whole == 0


def test_without_reviews_and_removals_nothing_is_claimed(month):
    told = access.told(month(5))
    assert (figure(told).whole, figure(told).none) == (0, "None was due")
    assert told.sections[0].sentence == "No access review ran in these days. No access removal was due."


def test_without_a_period_nothing_is_measured_and_the_report_says_so(in_acme, acme):
    report = ask_month(dt.date(2026, 4, 1), actor=SCHEDULE)
    assert report is not None
    said = read(take_figures(report))
    assert said.sentence == "Readiness was not measured, as no audit period is set."
    assert [(one.key, one.measured) for one in said.figures][:2] == [("readiness", False), ("activities", False)]
    assert (report.implemented, said.decisions, said.others) == (None, [], "")


def test_the_month_before_is_quoted_from_its_kept_report(made, acme, manager):
    march, april = (ask_month(dt.date(2026, number, 1), actor=SCHEDULE) for number in (3, 4))
    assert march is not None
    assert april is not None
    earlier = read(take_figures(march, at=NOON))
    raise_finding(actor=manager, title="Later", severity="low", due_on=TODAY)
    later = read(take_figures(april, at=NOON))
    assert later.before["reference"] == march.reference
    assert later.before["figures"]["readiness"] == [earlier.figures[0].part, earlier.figures[0].whole]
    assert [point.month for point in later.trend] == ["2026-03", "2026-04"]


def test_a_kept_report_that_was_altered_is_not_quoted(made, acme):
    march, april = (ask_month(dt.date(2026, number, 1), actor=SCHEDULE) for number in (3, 4))
    assert march is not None
    assert april is not None
    kept = take_figures(march, at=NOON)
    assert kept.snapshot is not None
    default_storage.delete(kept.snapshot.path)
    default_storage.save(kept.snapshot.path, ContentFile(b'{"format": "plumbline.monthly-report/1"}'))
    later = read(take_figures(april, at=NOON))
    assert (later.before["reference"], later.before["figures"]) == ("", {})
    assert MonthlyReport.objects.count() == 2


def test_everything_that_is_decided_has_a_person_and_a_day(month):
    for area in (controls, findings, access):
        for one in area.told(month(5)).decisions:
            assert one.who
            assert dt.date.fromisoformat(one.by) > TODAY


def test_nothing_is_done_by_reading(made, month):
    before = (Occurrence.objects.count(), ControlTest.objects.count(), Evidence.objects.count())
    for area in (controls, operation, evidence, access, findings):
        area.told(month(5))
    assert (Occurrence.objects.count(), ControlTest.objects.count(), Evidence.objects.count()) == before
