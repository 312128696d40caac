"""Screens of a risk's tasks."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from risks.models import Risk, RiskTask
from risks.register.views import LIST, AboutRisk
from risks.rights import EVERYBODY, may_work, visible_to
from risks.tasks import actions, forms
from workflow.once import OnceReasonForm, OnceScreen
from workflow.screens import TransitionScreen


class TaskAdd(AboutRisk, OnceScreen):
    """Give somebody a part of the treatment."""

    form_class = forms.TaskForm
    verb = "Add a task to"
    submit_label = "Add the task"
    success_message = "The task was added."

    def act(self, form: forms.TaskForm) -> Risk:
        """Add it."""
        actions.add_task(self.object, actor=self.request.member, **form.cleaned_data)
        return self.object


class AboutTask(TransitionScreen, OnceScreen, abstract=True):
    """A form about one task of a risk that the member may see."""

    permission = EVERYBODY
    model = RiskTask
    object: RiskTask
    verb = ""

    def get_queryset(self) -> QuerySet[Any]:
        """Those of risks that this member may see."""
        seen = visible_to(self.request.member).order_by().values("pk")
        return RiskTask.objects.filter(risk__in=seen).select_related("risk__owner", "owner")

    def allowed(self) -> bool:
        """Whoever works on the risk."""
        return may_work(self.request.member, self.object.risk.owner)

    def refuse_over(self) -> None:
        """Nothing: the action says it."""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb}: {self.object.title}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the risk."""
        return (LIST, (self.object.risk.reference, self.object.risk.get_absolute_url()))


class TaskEdit(AboutTask):
    """Change what, by whom or by when."""

    form_class = forms.TaskForm
    verb = "Change"
    submit_label = "Save"
    success_message = "The task was changed."

    def get_form_kwargs(self) -> dict[str, Any]:
        """With whoever has it."""
        return {**super().get_form_kwargs(), "task": self.object}

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"title": self.object.title, "owner": self.object.owner, "due_on": self.object.due_on}

    def act(self, form: forms.TaskForm) -> RiskTask:
        """Change it."""
        return actions.edit_task(self.object, actor=self.request.member, **form.cleaned_data)


class TaskFinish(AboutTask):
    """Say that it is done."""

    transition = RiskTask.FINISH
    form_class = forms.FinishForm
    verb = "Done"
    submit_label = "It is done"
    success_message = "The task is done."

    def allowed(self) -> bool:
        """Whoever has it, too."""
        return actions.may_end(self.request.member, self.object)

    def act(self, form: forms.FinishForm) -> RiskTask:
        """End it."""
        return actions.finish_task(self.object, actor=self.request.member, **form.cleaned_data)


class TaskCancel(AboutTask):
    """Say that it is not done."""

    transition = RiskTask.CANCEL
    form_class = OnceReasonForm
    verb = "Cancel"
    submit_label = "Cancel the task"
    success_message = "The task is cancelled."

    def act(self, form: OnceReasonForm) -> RiskTask:
        """Cancel it."""
        return actions.cancel_task(self.object, actor=self.request.member, **form.cleaned_data)


class TaskReopen(AboutTask):
    """Say that it is to be done after all."""

    transition = RiskTask.REOPEN
    form_class = OnceReasonForm
    verb = "Open again"
    submit_label = "Open it again"
    success_message = "The task is open again."

    def act(self, form: OnceReasonForm) -> RiskTask:
        """Open it."""
        return actions.reopen_task(self.object, actor=self.request.member, **form.cleaned_data)
