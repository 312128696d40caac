"""Screens of importing a list that gh has printed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse

from changes.models import ChangeSource
from changes.sources.actions import RUN
from changes.sources.forms import ImportForm, ListForm
from changes.sources.importing import preview, receive, received_for
from changes.sources.listing import LIST
from changes.sources.tasks import start_import
from changes.sources.views import command_of
from evidence.models import StoredFile
from ui.screens import FormScreen

SHOWN = 100


class SourceImport(FormScreen):
    """Bring a list of pull requests."""

    permission = RUN
    model = ChangeSource
    object: ChangeSource
    form_class = ListForm
    template_name = "changes/source_upload.html"
    submit_label = "Read the list"
    explain = "You see first what would be added and brought up to date."

    def get_title(self) -> str:
        """For which."""
        return f"Import pull requests into {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the source."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))

    def act(self, form: ListForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(self.object, actor=self.request.member, upload=form.cleaned_data["file"])
        return reverse("changes:source-preview", args=[stored.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the command that prints it."""
        return super().get_context_data(command=command_of(self.object), **kwargs)


class SourcePreview(FormScreen):
    """What a list would add and bring up to date; importing it."""

    permission = RUN
    model = StoredFile
    object: StoredFile
    source: ChangeSource
    form_class = ImportForm
    template_name = "changes/source_preview.html"
    submit_label = "Import"

    def get_title(self) -> str:
        """For which."""
        return f"Import pull requests into {self.source.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the source."""
        return (LIST, (self.source.name, self.source.get_absolute_url()))

    def load(self) -> None:
        """The file, if it came as such a list, and the source it came for."""
        super().load()
        source = received_for(self.object.pk)
        if source is None:
            raise Http404
        self.source = source
        self.plan = preview(self.object, source)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "wrong": len(self.plan.wrong)}

    def act(self, form: forms.Form) -> str:
        """Import it."""
        leave_out = form.cleaned_data.get("leave_out_wrong", False)
        job = start_import(self.object, self.source, actor=self.request.member, leave_out_wrong=leave_out)
        return reverse("workflow:job", args=[job.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the plan, cut where it is long."""
        plan = self.plan
        parts = [
            ("wrong", "Rows that are wrong", plan.wrong),
            ("left", "Left out", plan.left),
            ("changed", "Brought up to date", plan.changed),
            ("new", "New changes", plan.new),
        ]
        shown = [(key, title, rows[:SHOWN], max(0, len(rows) - SHOWN)) for key, title, rows in parts if rows]
        return super().get_context_data(plan=plan, source=self.source, parts=shown, **kwargs)
