"""Forms that take a request in and bring it to its end."""

from typing import Any

from django.db.models import QuerySet

from accounts.factors import FactorScreenMixin
from privacy.models import RequestTask, SubjectRequest
from privacy.rights import SUBJECTS
from privacy.screens import AboutScreen, CreateScreen, MoveScreen
from privacy.subjects import actions, forms
from privacy.subjects.erasing import KEPT, erase
from privacy.subjects.views import LIST, said
from ui.refusals import ActionRefused
from workflow.once import OnceScreen


class RequestCreate(CreateScreen):
    """Take a request in."""

    permission = SUBJECTS
    form_class = forms.IntakeForm
    title = "Take a request in"
    breadcrumbs = (LIST,)
    submit_label = "Take it in"
    success_message = "The request is taken in. Check the identity next."

    def get_initial(self) -> dict[str, Any]:
        """Received today."""
        return {"received_on": self.request.organization.today()}

    def act(self, form: Any) -> SubjectRequest:
        """Take it in."""
        return actions.take_in(actor=self.request.member, **form.facts())


class _AboutRequest(MoveScreen, abstract=True):
    model: Any = SubjectRequest
    up = LIST

    def refuse_over(self) -> None:
        """Nothing is done about one that is over."""
        if not self.object.is_pending:
            raise ActionRefused(f"{self.object} is {self.object.get_status_display().lower()}.")

    def given(self, form: Any) -> dict[str, Any]:
        """What was filled in."""
        return {name: value for name, value in form.cleaned_data.items() if name != "once"}


class RequestVerify(_AboutRequest):
    """Note how the identity was checked."""

    permission = SUBJECTS
    transition = SubjectRequest.VERIFY
    form_class = forms.VerifyForm
    verb = "Check the identity:"
    success_message = "The identity is checked."

    def act(self, form: Any) -> SubjectRequest:
        """Note it."""
        return actions.verify(self.object, actor=self.request.member, **self.given(form))


class RequestExtend(_AboutRequest):
    """Take longer, once."""

    permission = SUBJECTS
    form_class = forms.ExtendForm
    verb = "Take longer for"
    success_message = "It is due later now."

    def act(self, form: Any) -> SubjectRequest:
        """Extend it."""
        return actions.extend(self.object, actor=self.request.member, **self.given(form))


class RequestAssign(_AboutRequest):
    """Say who answers it."""

    permission = SUBJECTS
    form_class = forms.OwnerForm
    verb = "Hand on"
    success_message = "It was handed on."

    def act(self, form: Any) -> SubjectRequest:
        """Hand it on."""
        return actions.assign(self.object, actor=self.request.member, **self.given(form))


class RequestAnswer(_AboutRequest):
    """Answer it."""

    permission = SUBJECTS
    transition = SubjectRequest.ANSWER
    form_class = forms.AnswerForm
    verb = "Answer"
    submit_label = "Answer and print the letter"
    success_message = "It is answered. The letter is being printed."

    def act(self, form: Any) -> SubjectRequest:
        """Answer it."""
        return actions.answer(self.object, actor=self.request.member, **self.given(form))


class RequestRefuse(_AboutRequest):
    """Refuse it, with the reason."""

    permission = SUBJECTS
    transition = SubjectRequest.REFUSE
    form_class = forms.AnswerForm
    verb = "Refuse"
    submit_label = "Refuse and print the letter"
    tone = "danger"
    explain = "Say why. The letter tells them where they can complain (GDPR, Article 12(4))."
    success_message = "It is refused. The letter is being printed."

    def act(self, form: Any) -> SubjectRequest:
        """Refuse it."""
        return actions.refuse(self.object, actor=self.request.member, **self.given(form))


class RequestWithdraw(_AboutRequest):
    """They do not ask any more."""

    permission = SUBJECTS
    transition = SubjectRequest.WITHDRAW
    verb = "Withdrawn:"
    success_message = "It is closed, as they withdrew it."

    def act(self, form: Any) -> SubjectRequest:
        """Close it."""
        return actions.withdraw(self.object, actor=self.request.member, **self.given(form))


class RequestCorrect(_AboutRequest):
    """Correct what the roster says of them."""

    permission = SUBJECTS
    form_class = forms.CorrectForm
    verb = "Correct for"
    explain = "It changes the roster. What was recorded before stays in the audit trail."
    success_message = "The roster is corrected."

    def check(self) -> None:
        """Only for somebody on the roster, once their identity is checked."""
        super().check()
        actions.refuse_correction(self.object)

    def get_initial(self) -> dict[str, Any]:
        """As the roster has it."""
        person = self.object.person
        return {name: getattr(person, name) for name in ("name", "email", "title", "department")} if person else {}

    def act(self, form: Any) -> SubjectRequest:
        """Correct it."""
        return actions.correct(self.object, actor=self.request.member, **self.given(form))


class RequestErase(FactorScreenMixin, _AboutRequest):
    """Erase who asks: a pseudonym takes their place. Asks for a recent second factor."""

    permission = SUBJECTS
    form_class = forms.EraseForm
    verb = "Erase for"
    submit_label = "Erase"
    tone = "danger"
    explain = KEPT
    success_message = "They are erased here. Answer the request when it is done elsewhere too."

    def act(self, form: Any) -> SubjectRequest:
        """Erase."""
        said(self.request, erase(self.object, actor=self.request.member))
        return self.object.refreshed()  # type: ignore[no-any-return]


class TaskAdd(_AboutRequest):
    """Give somebody something to do for it."""

    permission = SUBJECTS
    form_class = forms.TaskForm
    verb = "Add a task to"
    success_message = "The task was added."

    def get_initial(self) -> dict[str, Any]:
        """Due with the request."""
        return {"due_on": self.object.due_on}

    def act(self, form: Any) -> SubjectRequest:
        """Add it."""
        actions.add_task(self.object, actor=self.request.member, **self.given(form))
        return self.object  # type: ignore[no-any-return]


class TaskDo(AboutScreen, OnceScreen):
    """Say what came of a task."""

    permission = "home.read"
    form_class = forms.OutcomeForm
    verb, up = "Done:", LIST
    success_message = "It is done."
    queryset = RequestTask.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        """One's own; all of them for those who answer requests."""
        rows = RequestTask.objects.select_related("owner", "request")
        return rows if self.request.member.can(SUBJECTS) else rows.filter(owner__member_id=self.request.member.pk)

    def get_breadcrumbs(self) -> list[tuple[str, str]]:
        """Back to the task."""
        return [(str(self.object), self.object.get_absolute_url())]

    def act(self, form: Any) -> RequestTask:
        """Note it."""
        return actions.do_task(self.object, actor=self.request.member, outcome=form.cleaned_data["outcome"])
