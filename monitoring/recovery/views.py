"""Screens of recovery tests and of reviews of capacity."""

from typing import Any

from django.db.models import Q, QuerySet

from audit.exports import RecordsExports
from evidence.models import Evidence
from monitoring.defining.listing import READ
from monitoring.models import CapacityReview, RecoveryTest
from monitoring.models.check import RECORDS
from monitoring.recovery import actions
from monitoring.recovery.failover import failover_on
from monitoring.recovery.findings import raised_of
from monitoring.recovery.forms import CapacityForm, RecoveryForm
from monitoring.recovery.standing import passed_after
from monitoring.uptime.charts import lasting
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from workflow.once import OnceScreen

TESTS = ("Recovery tests", "monitoring:recovery-list")
REVIEWS = ("Reviews of capacity", "monitoring:capacity-list")
_FAILED = Q(works=False) | Q(rto_minutes=None)


NEVER, UNKNOWN = "did not come back", "not known"


def against(achieved: int | None, target: int, without: str) -> str:
    """`5 h 10 min, target 4 h`; `without` stands for what was not achieved or not told."""
    return f"{reached(achieved, without)}, {aim(target)}"


def reached(minutes: int | None, without: str) -> str:
    """`5 h 10 min`."""
    return without if minutes is None else lasting(minutes * 60)


def aim(minutes: int) -> str:
    """`target 4 h`."""
    return f"target {lasting(minutes * 60)}"


class RecoveryList(RecordsExports, ListScreen):
    """Tests that what is lost comes back."""

    permission = READ
    template_name = "monitoring/recovery_list.html"
    title = "Recovery tests"
    lede = "A backup is worth something only if it can be restored in time: once a quarter, and a fail-over once a year."
    noun = "tests"
    noun_one = "test"
    columns = (
        Column("reference", "Test", sort="reference", link=True),
        Column("what", "What was restored", sort="what"),
        Column("kind", "Kind", sort="kind", hide_below=1300),
        Column("tested_on", "On", sort="tested_on"),
        Column("rto", "Recovery time", value=lambda t: against(t.rto_minutes, t.rto_target_minutes, NEVER), hide_below=1000),
        Column("rpo", "Data lost", value=lambda t: against(t.rpo_minutes, t.rpo_target_minutes, UNKNOWN), hide_below=1000),
        Column("tested_by.name", "By", hide_below=1300),
        Column("result", "Result", value=lambda t: t.result_badge, text=lambda t: t.result_badge.label),
    )
    default_order = ("-tested_on",)
    search_fields = ("reference", "what", "system__name")
    search_hint = "Number, what was restored, or system"
    filters = (
        Filter("kind", "Kind", choices=RecoveryTest.Kind.choices),
        Filter(
            "result", "Result", choices=[("passed", "Passed"), ("missed", "Target missed"), ("failed", "Failed")],
            where={"passed": RecoveryTest.WORKED, "missed": ~RecoveryTest.WORKED & ~_FAILED, "failed": _FAILED},
        ),
    )  # fmt: skip
    empty = Empty(
        "No test is recorded yet",
        "Restore something to a clean place, measure how long it takes and how much is missing, and record it here.",
        action=("Record a test", "monitoring:recovery-create"),
    )
    primary_action = ("Record a test", "monitoring:recovery-create", RECORDS)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with who tested what."""
        return RecoveryTest.objects.select_related("system", "tested_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With when the next fail-over is due."""
        return super().get_context_data(failover=failover_on(self.request.organization.today()), **kwargs)


class RecoveryDetail(DetailScreen):
    """One test, against its targets."""

    permission = READ
    template_name = "monitoring/recovery_detail.html"
    breadcrumbs = (TESTS,)
    object: RecoveryTest

    def get_queryset(self) -> QuerySet[Any]:
        """With who and what."""
        return RecoveryTest.objects.select_related("system", "tested_by__user", "evidence")

    def get_title(self) -> str:
        """Number and what."""
        return f"{self.object.reference}: {self.object.what}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Against its targets, with what shows it."""
        test, member = self.object, self.request.member
        return super().get_context_data(
            words=actions.words_of(test),
            rto=reached(test.rto_minutes, NEVER),
            rto_target=aim(test.rto_target_minutes),
            rpo=reached(test.rpo_minutes, UNKNOWN),
            rpo_target=aim(test.rpo_target_minutes),
            items=Evidence.objects.filter(subject_id=test.pk).order_by("reference"),
            may_see_evidence=member.can("evidence.read"),
            findings=[] if test.passed else list(raised_of(test, member)),
            mended=None if test.passed else passed_after(test),
            **kwargs,
        )


class RecoveryCreate(OnceScreen):
    """Record a recovery test."""

    permission = RECORDS
    form_class = RecoveryForm
    title = "Record a recovery test"
    breadcrumbs = (TESTS,)
    submit_label = "Record it"
    explain = (
        "It is written once and not changed. It performs this quarter's occurrence of the control that tests restoring; "
        "a target that is missed becomes a finding."
    )

    def act(self, form: RecoveryForm) -> RecoveryTest:
        """Record it, and say what came of it."""
        test = actions.record_test(actor=self.request.member, **form.facts())
        self.success_message = "The test is recorded, and stands for its control."
        if not test.passed:
            self.success_message += " It did not do what was promised: that is a finding now."
        return test


class CapacityList(RecordsExports, ListScreen):
    """Whether there is room, quarter by quarter."""

    permission = READ
    title = "Reviews of capacity"
    lede = "Once a quarter somebody looks at what is used, how it grows, and whether it lasts."
    noun = "reviews"
    noun_one = "review"
    columns = (
        Column("reference", "Review", sort="reference", link=True),
        Column("quarter", "Quarter", sort="quarter_starts_on"),
        Column("reviewed_on", "On", sort="reviewed_on"),
        Column("reviewed_by.name", "By", hide_below=1000),
        Column("result", "Result", value=lambda r: r.result_badge, text=lambda r: r.result_badge.label),
    )
    default_order = ("-reviewed_on",)
    search_fields = ("reference", "findings")
    search_hint = "Number or words"
    filters = (
        Filter(
            "result", "Result", choices=[("enough", "Enough"), ("short", "Not enough")],
            where={"enough": Q(enough=True), "short": Q(enough=False)},
        ),
    )  # fmt: skip
    empty = Empty(
        "No review is recorded yet",
        "Collect the peaks of the quarter, forecast the next ones, and record what you decide.",
        action=("Record a review", "monitoring:capacity-create"),
    )
    primary_action = ("Record a review", "monitoring:capacity-create", RECORDS)

    def get_queryset(self) -> QuerySet[Any]:
        """All, with who."""
        return CapacityReview.objects.select_related("reviewed_by__user")


class CapacityDetail(DetailScreen):
    """One review of capacity."""

    permission = READ
    template_name = "monitoring/capacity_detail.html"
    breadcrumbs = (REVIEWS,)
    object: CapacityReview

    def get_queryset(self) -> QuerySet[Any]:
        """With who."""
        return CapacityReview.objects.select_related("reviewed_by__user", "evidence")

    def get_title(self) -> str:
        """Number and quarter."""
        return f"{self.object.reference}: {self.object.quarter}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what shows it."""
        items = Evidence.objects.filter(subject_id=self.object.pk).order_by("reference")
        return super().get_context_data(items=items, may_see_evidence=self.request.member.can("evidence.read"), **kwargs)


class CapacityCreate(OnceScreen):
    """Record a review of capacity."""

    permission = RECORDS
    form_class = CapacityForm
    title = "Record a review of capacity"
    breadcrumbs = (REVIEWS,)
    submit_label = "Record it"
    explain = "It is written once and not changed. It performs its quarter's occurrence of the control that plans capacity."
    success_message = "The review is recorded, and stands for its control."

    def act(self, form: CapacityForm) -> CapacityReview:
        """Record it."""
        return actions.record_review(actor=self.request.member, **form.facts())
