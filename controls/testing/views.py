"""Screens of the tests of controls: the list, one test, and the form that records one."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from audit.exports import RecordsExports
from controls.findings.rights import raised_about
from controls.models import Control, ControlEvidence, ControlTest
from controls.testing.actions import PERMISSION, record_test
from controls.testing.due import OVERDUE, SOON, due_soon, overdue
from controls.testing.forms import TestForm
from controls.testing.independence import may_test, why_not_independent
from evidence.hiding import evidence_seen_by
from evidence.models import Evidence
from inventory.models import Person
from ui.refusals import ActionRefused
from ui.screens import Column, DetailScreen, Empty, Filter, ListScreen
from workflow.once import OnceScreen

CRUMBS = (("Tests", "controls:test-list"),)
OFFERED = 20  # items of evidence to choose from


class _OneControl(Filter):
    """The one control that the address names: its page links here with it."""

    counted = False

    def options(self, screen: Any) -> list[tuple[str, str]]:
        """The control named, if there is one."""
        return screen.named_control()  # type: ignore[no-any-return] # of the list below


class TestList(RecordsExports, ListScreen):
    """Every test of every control."""

    permission = "controls.read"
    title = "Tests"
    lede = "What testers found, who neither own nor perform the control. A later test supersedes an earlier one."
    template_name = "controls/test_list.html"
    noun = "tests"
    noun_one = "test"
    columns = (
        Column("control.code", "Control", sort="control__code", link=True, whole=True),
        Column("control.title", "Title", sort="control__title", hide_below=1000),
        Column("tested_on", "Tested", sort="tested_on"),
        Column("result", "Result", sort="result", value=lambda one: one.result_badge),
        Column("tester", "Tester", value=lambda one: one.tester.name if one.tester else "", hide_below=700),
        Column("items_tested", "Items", numeric=True, hide_below=1300),
        Column("exceptions_found", "Exceptions", numeric=True, hide_below=1000),
        Column("status", "State", sort="status", hide_below=1300),
        Column("next_due_on", "Next due", sort="next_due_on", hide_below=700),
    )
    default_order = ("-tested_on", "-recorded_at")
    search_fields = ("control__code", "control__title", "tester__user__name")
    search_hint = "Control or tester"
    empty = Empty(
        "No control was tested yet",
        "A test is recorded on the page of its control, by somebody who neither owns nor performs it.",
        action=("Controls", "controls:list"),
    )

    def get_queryset(self) -> QuerySet[Any]:
        """With control and tester."""
        return ControlTest.objects.select_related("control", "tester__user")

    def get_filters(self) -> Sequence[Filter]:
        """By result, by what is due, by state, and by the control that the address names."""
        today = self.request.organization.today()
        due = {OVERDUE: overdue(today), SOON: due_soon(today)}
        return (
            Filter("result", "Result", choices=ControlTest.Result.choices),
            Filter("due", "Next test", choices=[(OVERDUE, "Overdue"), (SOON, "Due within 30 days")], where=due),
            Filter("status", "State", choices=ControlTest.Status.choices),
            _OneControl("control", "Control", choices=()),
        )

    def named_control(self) -> list[tuple[str, str]]:
        """The control that the address names."""
        try:
            key = uuid.UUID(self.request.GET.get("control", ""))
        except ValueError:
            return []
        return [(str(one.pk), str(one)) for one in Control.objects.filter(pk=key)]


class TestDetail(DetailScreen):
    """One test: what was tested, how, by whom, and what was found."""

    permission = "controls.read"
    template_name = "controls/test_detail.html"
    breadcrumbs = CRUMBS
    object: ControlTest

    def get_queryset(self) -> QuerySet[Any]:
        """With everything the page names."""
        related = ("control__owner", "tester__user", "owner_person", "population", "sample__population", "superseded_by__control")
        return ControlTest.objects.select_related(*related)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Facts and what it rests on."""
        test, member = self.object, self.request.member
        return super().get_context_data(
            facts=_facts(test),
            proofs=[row.evidence for row in test.proofs.select_related("evidence__file").order_by("evidence__reference")],
            may_read_evidence=member.can("evidence.read"),
            may_test=may_test(member, test.control),
            may_raise=member.can("findings.write") and test.result in (ControlTest.Result.FAIL, ControlTest.Result.PARTIAL),
            findings=raised_about(member, test),
            **kwargs,
        )


class TestRecord(OnceScreen):
    """Record a test of one control."""

    permission = PERMISSION
    model = Control
    form_class = TestForm
    submit_label = "Record the test"
    explain = "It is kept under your name and cannot be changed; a later test supersedes it. The status follows by itself."
    success_message = "The test is recorded, and the control's status was derived anew."
    object: Control

    def get_queryset(self) -> QuerySet[Any]:
        """With its owner, who may not test it."""
        return Control.objects.select_related("owner")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override] # or a refusal
        """No form for who cannot test this control."""
        self.load()
        today = self.request.organization.today()
        if refusal := why_not_independent(self.request.member, self.object, tested_on=today):
            raise ActionRefused(refusal)
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """Of which control."""
        return f"Test of {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the control."""
        return (("Controls", "controls:list"), (self.object.code, self.object.get_absolute_url()))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The procedure that the control names, and what is linked to it."""
        linked = ControlEvidence.objects.filter(control=self.object, status=ControlEvidence.Status.LINKED)
        current = evidence_seen_by(self.request.member).filter(pk__in=linked.values("evidence"), status=Evidence.Status.CURRENT)
        latest = current.order_by("-collected_at").values("pk")[:OFFERED]
        return {
            **super().get_form_kwargs(),
            "today": self.request.organization.today(),
            "procedure": self.object.test_procedure,
            "items": Evidence.objects.filter(pk__in=latest),
        }

    def act(self, form: TestForm) -> ControlTest:
        """Record it."""
        papers = {"evidence": form.cleaned_data["evidence"], "uploads": form.cleaned_data["uploads"]}
        return record_test(self.object, form.findings(), actor=self.request.member, **papers)


def _facts(test: ControlTest) -> list[tuple[str, Any]]:
    owner: Person | None = test.owner_person
    rows = [
        ("Result", test.result_badge),
        ("Tested on", test.tested_on),
        ("Tester", test.tester.name if test.tester else ""),
        ("Owner at that time", owner.name if owner else "Nobody"),
        ("Items tested", test.items_tested),
        ("Exceptions found", test.exceptions_found),
        ("Next test due", test.next_due_on if test.status == ControlTest.Status.CURRENT else ""),
        ("Recorded", test.recorded_at),
    ]
    return [(label, value) for label, value in rows if value not in (None, "")]
