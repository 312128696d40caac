"""The tests of an audit period: each control in scope with its last result, and the figures over all of them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from audit.exports import RecordsExports
from controls.catalogue.listing import in_period, of_state
from controls.models import AuditPeriod, Control, ControlTest
from controls.periods.current import InPeriod
from controls.status.scope import scope_of
from controls.testing.results import collected_in, results_of, with_results
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from evidence.views.lists import EvidenceList
from ui.components import Badge
from ui.screens import Column, Empty, Filter, ListScreen

TESTED, NOT_TESTED = "any", "none"
Result = ControlTest.Result
_TONES = {Result.PASS: "", Result.PARTIAL: "warn", Result.FAIL: "bad", Result.NOT_EVALUABLE: "warn"}


def _result(control: Any) -> Badge:
    return ControlTest(result=control.result).result_badge if control.result else Badge("Not tested", "muted")


class TestResults(InPeriod, RecordsExports, ListScreen):
    """Each control in scope of a period, and how its test in it came out."""

    permission = "controls.read"
    title = "Tests of the period"
    template_name = "controls/test_results.html"
    breadcrumbs = (("Tests", "controls:test-list"),)
    noun = "controls in scope"
    noun_one = "control in scope"
    columns = (
        Column("code", "Control", sort="code", link=True, whole=True),
        Column("title", "Title", sort="title", wide=True),
        Column("owner.name", "Owner", sort="owner__name", hide_below=1000),
        Column("result", "Result", sort="result", value=_result, text=_result, template="controls/cells/test_result.html"),
        Column("tested_on", "Tested", sort="tested_on"),
        Column("tester_name", "Tester", sort="tester_name", hide_below=700),
        Column("tests_made", "Tests", sort="tests_made", numeric=True, hide_below=1000),
        Column(
            "evidence", "Evidence", sort="state__evidence_count", value=of_state("evidence_count"), numeric=True, hide_below=1300
        ),
    )
    default_order = ("code",)
    filters = (
        Filter(
            "result",
            "Result",
            choices=[(TESTED, "Tested"), *Result.choices, (NOT_TESTED, "Not tested")],
            where={
                TESTED: Q(result__isnull=False),
                **{value: Q(result=value) for value in Result.values},
                NOT_TESTED: Q(result__isnull=True),
            },
        ),
    )
    search_fields = ("code", "title", "owner__name")
    search_hint = "Code, title or owner"

    def get_queryset(self) -> QuerySet[Any]:
        """The controls in scope with their last test; none without a period."""
        today = self.request.organization.today()
        if self.period is None:
            return with_results(in_period(Control.objects.none(), None), AuditPeriod(starts_on=today, ends_on=today), today)
        return with_results(in_period(Control.objects.filter(scope_of(self.period)), self.period), self.period, today)

    def get_empty(self) -> Empty:
        """Without a period nothing is in scope."""
        if self.period is None:
            return Empty(
                "No audit period yet",
                "Tests count for the period that they are about.",
                action=("Audit periods", "controls:period-list"),
            )
        return Empty(
            "No control is in scope of this period",
            "Map controls to the criteria that are in scope.",
            action=("Controls", "controls:list"),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the figures."""
        organization, member = self.request.organization, self.request.member
        figures = None
        if self.period is not None:
            figures = results_of(self.period, organization.today(), evidence_seen_by(member), organization)
        return super().get_context_data(period=self.period, tiles=_tiles(self, figures), **kwargs)


def _tiles(screen: Any, figures: Any) -> Sequence[tuple[str, str, str, str, str]]:
    """(label, value, tone, note, address) of each figure that is shown above the list."""
    if figures is None:
        return ()
    counts = [
        (one.label, str(count := figures.by_result[one]), tone if count else "", "", screen.query.address(result=one))
        for one, tone in _TONES.items()
    ]
    untested = ("Not tested", str(figures.untested), "", "", screen.query.address(result=NOT_TESTED))
    tests = "1 test" if figures.tests == 1 else f"{figures.tests:,} tests"
    proofs = (
        f"{reverse('controls:period-evidence')}?period={screen.period.pk}" if screen.request.member.can("evidence.read") else ""
    )
    return (
        ("Tested", str(figures.share), "", tests, screen.query.address(result=TESTED)), *counts, untested,
        ("Evidence collected", f"{figures.evidence:,}", "", "in the period, not withdrawn", proofs),
    )  # fmt: skip


class PeriodEvidence(InPeriod, EvidenceList):
    """What was collected in a period until today and not withdrawn."""

    title = "Evidence of the period"
    breadcrumbs = (("Tests", "controls:test-list"), ("Tests of the period", "controls:test-results"))
    primary_action = None  # it is a list to look at
    empty = Empty("Nothing was collected", "Evidence counts in the period in which it was collected, until it is withdrawn.")

    def get_queryset(self) -> QuerySet[Evidence]:
        """What the tests of the period count."""
        rows, organization = super().get_queryset(), self.request.organization
        return rows.none() if self.period is None else collected_in(self.period, organization.today(), rows, organization)
