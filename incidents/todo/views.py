"""Screens of tasks."""

from typing import Any

from incidents.about import Act, OfIncident
from incidents.models import IncidentTask
from incidents.todo import actions, forms


class TaskAdd(Act):
    """Give somebody something to do."""

    form_class = forms.TaskForm
    verb = "Add a task to"
    submit_label = "Add it"
    success_message = "They have it, and were told."

    def get_initial(self) -> dict[str, Any]:
        """A link may ask for a preventive measure."""
        kind = self.request.GET.get("kind", "")
        return {"kind": kind if kind in IncidentTask.Kind.values else IncidentTask.Kind.TASK}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only who may have it is offered."""
        return {**super().get_form_kwargs(), "incident": self.object}

    def act(self, form: forms.TaskForm) -> str:
        """Add it."""
        task = actions.add_task(self.object, actor=self.request.member, **form.cleaned_data)
        return task.get_absolute_url()


class _OfTask(OfIncident, abstract=True):
    """A form about a task."""

    model = IncidentTask
    object: IncidentTask


class TaskEdit(_OfTask):
    """Change a task."""

    form_class = forms.TaskForm
    verb = "Change"
    success_message = "The task is changed."

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {name: getattr(self.object, name) for name in ("title", "kind", "owner", "due_on", "details")}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only who may have it is offered."""
        return {**super().get_form_kwargs(), "incident": self.incident}

    def act(self, form: forms.TaskForm) -> str:
        """Change it."""
        return actions.edit_task(self.object, actor=self.request.member, **form.cleaned_data).get_absolute_url()


class TaskFinish(_OfTask):
    """Say that a task is done."""

    form_class = forms.FinishForm
    verb = "Finish"
    submit_label = "It is done"
    success_message = "The task is done."

    def act(self, form: forms.FinishForm) -> str:
        """Finish it."""
        return actions.finish_task(self.object, actor=self.request.member, **form.cleaned_data).get_absolute_url()


class TaskCancel(_OfTask):
    """Say that a task is not done."""

    form_class = forms.CancelForm
    verb = "Cancel"
    submit_label = "Cancel it"
    success_message = "The task is cancelled."

    def act(self, form: forms.CancelForm) -> str:
        """Cancel it."""
        return actions.cancel_task(self.object, actor=self.request.member, **form.cleaned_data).get_absolute_url()


class TaskReopen(_OfTask):
    """Say that a task is to be done after all."""

    form_class = forms.ReopenForm
    verb = "Open again"
    submit_label = "Open it again"
    success_message = "The task is open again."

    def act(self, form: forms.ReopenForm) -> str:
        """Reopen it."""
        return actions.reopen_task(self.object, actor=self.request.member, **form.cleaned_data).get_absolute_url()
