"""Screens of one penetration test."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from vulnerabilities.models import PENDING, PenetrationTest, Vulnerability
from vulnerabilities.penetration import actions, forms
from vulnerabilities.rights import READ, WRITE
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen

LIST = ("Penetration tests", "vulnerabilities:test-list")
Status = PenetrationTest.Status


class TestDetail(DetailScreen):
    """One penetration test: who tested what, its report, and what it found."""

    permission = READ
    template_name = "vulnerabilities/test_detail.html"
    breadcrumbs = (LIST,)
    object: PenetrationTest

    def get_queryset(self) -> QuerySet[Any]:
        """With whose it is, and its report."""
        return PenetrationTest.objects.select_related("owner", "system", "report", "made_by__user")

    def get_title(self) -> str:
        """Number and title."""
        return f"{self.object.reference}: {self.object.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its findings, the next step, and what this member may do."""
        test, member = self.object, self.request.member
        found = list(Vulnerability.objects.filter(engagement=test).select_related("owner").order_by("due_on", "reference"))
        pending = [one for one in found if one.status in PENDING]
        writes = member.can(WRITE)
        return super().get_context_data(
            found=found,
            pending=len(pending),
            next_step=_next(test, len(found), len(pending)),
            may_read_evidence=member.can("evidence.read"),
            may_edit=writes and test.status in (Status.PLANNED, Status.REPORTED),
            may_report=writes and test.status == Status.PLANNED,
            may_add=writes and test.status == Status.REPORTED,
            may_close=writes and test.status == Status.REPORTED and not pending,
            may_reopen=writes and test.status == Status.CLOSED,
            **kwargs,
        )


def _next(test: PenetrationTest, found: int, pending: int) -> str:
    """What happens next, in a sentence."""
    if test.status == Status.PLANNED:
        return "The firm tests. When its report is here, it is kept as evidence, and what it found is entered one by one."
    if test.status == Status.REPORTED and pending:
        how = "each is fixed, handed in, and retested by somebody else, or accepted by name"
        return f"{pending} of {found} findings {'is' if pending == 1 else 'are'} open: {how}."
    if test.status == Status.REPORTED:
        return "Enter what the report names. When nothing of it is open, close the test."
    return "Nothing: it is over." if test.status == Status.CLOSED else "Nothing: it does not take place."


class TestCreate(OnceScreen):
    """Plan a penetration test."""

    permission = WRITE
    form_class = forms.TestForm
    title = "Plan a penetration test"
    breadcrumbs = (LIST,)
    submit_label = "Plan it"
    success_message = "The test is planned."

    def act(self, form: forms.TestForm) -> PenetrationTest:
        """Plan it."""
        return actions.plan_test(actor=self.request.member, **form.facts())


class _AboutTest(FormScreen, abstract=True):
    permission = WRITE
    model = PenetrationTest
    object: PenetrationTest
    verb = ""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.reference}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the test."""
        return (LIST, (self.object.reference, self.object.get_absolute_url()))


class TestEdit(_AboutTest, OnceScreen):
    """Change what is written about it."""

    form_class = forms.TestForm
    verb = "Change"
    success_message = "The test was changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With what it has."""
        return {**super().get_form_kwargs(), "test": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in actions.FIELDS}

    def act(self, form: forms.TestForm) -> PenetrationTest:
        """Change it."""
        return actions.edit_test(self.object, actor=self.request.member, **form.facts())


class TestReport(TransitionScreen, _AboutTest, OnceScreen):
    """Keep its report."""

    transition = PenetrationTest.REPORT
    form_class = forms.ReportForm
    verb = "Report of"
    submit_label = "Keep the report"
    explain = "It is kept as evidence, as it came. Then enter what it found, one by one."
    success_message = "The report is kept. Enter what it found."

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"reported_on": self.request.organization.today()}

    def act(self, form: forms.ReportForm) -> PenetrationTest:
        """Keep it."""
        return actions.report_test(self.object, actor=self.request.member, **form.cleaned_data)


class TestFinding(_AboutTest, OnceScreen):
    """Enter something that it found."""

    form_class = forms.NewFindingForm
    verb = "Finding of"
    submit_label = "Enter it"
    success_message = "The finding was entered."

    def act(self, form: forms.NewFindingForm) -> PenetrationTest:
        """Enter it; the next one is entered from the test's page."""
        actions.add_finding(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class TestReopen(TransitionScreen, _AboutTest, OnceScreen):
    """Open it again."""

    transition = PenetrationTest.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    success_message = "It is open again."

    def act(self, form: OnceReasonForm) -> PenetrationTest:
        """Open it."""
        return actions.reopen_test(self.object, actor=self.request.member, **form.cleaned_data)


class TestCancel(TransitionScreen, _AboutTest, OnceScreen):
    """It does not take place."""

    transition = PenetrationTest.CANCEL
    form_class = OnceReasonForm
    verb = "Cancel"
    submit_label = "Cancel it"
    tone = "danger"
    success_message = "It is cancelled."

    def act(self, form: OnceReasonForm) -> PenetrationTest:
        """Cancel it."""
        return actions.cancel_test(self.object, actor=self.request.member, **form.cleaned_data)


@screen(WRITE, methods=["POST"])
def close(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Close it."""
    test = actions.close_test(get_object_or_404(PenetrationTest, pk=pk), actor=request.member)
    messages.success(request, f"{test} is closed.")
    return redirect(test)
