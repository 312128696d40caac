"""Screens of answers to questionnaires."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from ui.forms import DateInput, DropInput
from ui.screens import DetailScreen, ScreenRequest, screen
from vendors.models import QuestionnaireAnswer, VendorQuestionnaire
from vendors.questionnaires.actions import FOLLOWED, follow_answer, keep_answers
from vendors.register.views import LIST, AboutVendor
from vendors.rights import READ
from workflow.once import OnceForm


class AnswersForm(OnceForm):
    """A file of answers."""

    file = forms.FileField(
        label="The answers",
        widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel with the columns Question and Answer"),
        help_text="Also read: Comment, Section, Weight (1 to 3), Expected (No, where no is the good answer).",
    )
    answered_on = forms.DateField(label="Answered on", widget=DateInput())
    title = forms.CharField(required=False, max_length=200)


class QuestionnaireCreate(AboutVendor):
    """Keep answers of a vendor to a questionnaire."""

    form_class = AnswersForm
    verb = "Answers of"
    submit_label = "Read and score it"
    explain = "The file is kept as evidence, as it came. Yes counts full, partly half, no and what is unclear nothing."
    success_message = "The answers are kept and scored."

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"answered_on": self.request.organization.today()}

    def act(self, form: AnswersForm) -> VendorQuestionnaire:
        """Keep it, and show it."""
        return keep_answers(self.object, actor=self.request.member, **form.cleaned_data)


class QuestionnaireDetail(DetailScreen):
    """One file of answers, each with what it came to."""

    permission = READ
    model = VendorQuestionnaire
    template_name = "vendors/questionnaire_detail.html"
    object: VendorQuestionnaire

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the vendor."""
        vendor = self.object.vendor
        return (LIST, (vendor.reference, vendor.get_absolute_url()))

    def get_queryset(self) -> QuerySet[Any]:
        """With its vendor."""
        return VendorQuestionnaire.objects.select_related("vendor", "evidence", "made_by__user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its answers, the worst first."""
        order = {"not_met": 0, "unclear": 1, "partly": 2, "met": 3, "not_applicable": 4}
        answers = list(self.object.answers.select_related("finding"))
        answers.sort(key=lambda one: (order[one.reading], -one.weight, one.place))
        member = self.request.member
        return super().get_context_data(
            answers=answers,
            followed=FOLLOWED,
            may_raise=member.can("findings.write"),
            may_see_finding=member.can("findings.read"),
            may_read_evidence=member.can("evidence.read"),
            **kwargs,
        )


@screen("findings.write", methods=["POST"])
def follow(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Raise a finding of an answer."""
    answer = get_object_or_404(QuestionnaireAnswer.objects.select_related("questionnaire"), pk=pk)
    finding = follow_answer(answer, actor=request.member)
    messages.success(request, f"{finding} was raised.")
    return redirect(answer.questionnaire)
