"""Screens of load tests."""

from typing import Any

from django.db.models import QuerySet

from audit.exports import RecordsExports
from evidence.models import Evidence
from monitoring.defining.listing import READ
from monitoring.load import words
from monitoring.load.actions import record_load_test
from monitoring.load.forms import LoadForm
from monitoring.load.standing import passed_after
from monitoring.models import LoadTest
from monitoring.models.check import RECORDS
from monitoring.recovery.findings import raised_of
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from workflow.once import OnceScreen

TESTS = ("Load tests", "monitoring:load-list")
TONES = {True: "ok", False: "bad", None: "warn"}


def load(test: LoadTest) -> str:
    """`900 of 1,000 users`."""
    reached = words.UNKNOWN if test.load_reached is None else f"{test.load_reached:,}"
    return f"{reached} of {words.load_of(test.load_aimed, test.unit)}"


def answers(test: LoadTest) -> str:
    """`480 ms, 500 ms allowed`."""
    return f"{words.milliseconds(test.answer_ms)}, {words.milliseconds(test.answer_limit_ms)} allowed"


def errors(test: LoadTest) -> str:
    """`0.2 %, 1 % allowed`."""
    return f"{words.percent(test.errors_seen)}, {words.percent(test.errors_allowed)} allowed"


class LoadList(RecordsExports, ListScreen):
    """Tests that the product carries what is expected of it."""

    permission = READ
    title = "Load tests"
    lede = (
        "A major release is tested under load before it goes out: how much it carries, how fast it answers, how often it fails."
    )
    noun = "tests"
    noun_one = "test"
    columns = (
        Column("reference", "Test", sort="reference", link=True),
        Column("before", "Before", sort="before"),
        Column("system.name", "System", sort="system__name", hide_below=1300),
        Column("tested_on", "On", sort="tested_on"),
        Column("load", "Load", value=load, hide_below=1000),
        Column("answers", "95th percentile", value=answers, hide_below=1000),
        Column("errors", "Errors", value=errors, hide_below=1300),
        Column("result", "Result", value=lambda t: t.result_badge, text=lambda t: t.result_badge.label),
    )
    default_order = ("-tested_on",)
    search_fields = ("reference", "before", "system__name")
    search_hint = "Number, release, or system"
    filters = (
        Filter(
            "result", "Result", choices=LoadTest.Result.choices,
            where={"passed": LoadTest.HELD, "failed": LoadTest.BROKE, "not_evaluable": LoadTest.UNTOLD},
        ),
    )  # fmt: skip
    empty = Empty(
        "No load test is recorded yet",
        "Before a major release, put the load on it that you expect, measure answers and errors, and record it here.",
        action=("Record a load test", "monitoring:load-create"),
    )
    primary_action = ("Record a load test", "monitoring:load-create", RECORDS)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with what was tested."""
        return LoadTest.objects.select_related("system")


class LoadDetail(DetailScreen):
    """One load test, against its limits."""

    permission = READ
    template_name = "monitoring/load_detail.html"
    breadcrumbs = (TESTS,)
    object: LoadTest

    def get_queryset(self) -> QuerySet[Any]:
        """With who and what."""
        return LoadTest.objects.select_related("system", "tested_by__user", "evidence")

    def get_title(self) -> str:
        """Number and before what."""
        return f"{self.object.reference}: {self.object.before}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Against its limits, with what shows it and what followed."""
        test, member = self.object, self.request.member
        return super().get_context_data(
            words=words.words_of(test),
            figures=_figures(test),
            items=Evidence.objects.filter(subject_id=test.pk).order_by("reference"),
            may_see_evidence=member.can("evidence.read"),
            findings=list(raised_of(test, member)) if test.failed else [],
            mended=passed_after(test) if test.failed else None,
            **kwargs,
        )


class LoadCreate(OnceScreen):
    """Record a load test."""

    permission = RECORDS
    form_class = LoadForm
    title = "Record a load test"
    breadcrumbs = (TESTS,)
    submit_label = "Record it"
    explain = (
        "It is written once and not changed. Its result follows from what was measured; one that failed becomes a finding. "
        "It is evidence of the control that plans capacity, and does not stand for the quarter's review."
    )

    def act(self, form: LoadForm) -> LoadTest:
        """Record it, and say what came of it."""
        test = record_load_test(actor=self.request.member, **form.facts())
        self.success_message = "The test is recorded, as evidence of its control."
        if test.failed:
            self.success_message += " It failed: that is a finding now."
        return test


def _figures(test: LoadTest) -> list[tuple[str, str, str, str]]:
    """Label, value, limit and tone of what was measured."""
    return [
        ("Load", words.load_of(test.load_reached, test.unit), f"aim {test.load_aimed:,}", TONES[test.met_load]),
        (
            "95th percentile", words.milliseconds(test.answer_ms), f"{words.milliseconds(test.answer_limit_ms)} allowed",
            TONES[test.met_answers],
        ),
        ("Errors", words.percent(test.errors_seen), f"{words.percent(test.errors_allowed)} allowed", TONES[test.met_errors]),
    ]  # fmt: skip
