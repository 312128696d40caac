"""Screens of importing a scan."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from evidence.models import StoredFile
from ui.screens import FormScreen
from vulnerabilities.models import ScanScope
from vulnerabilities.reading.report import Found
from vulnerabilities.reading.resources import sorted_by_verdict
from vulnerabilities.rights import WRITE
from vulnerabilities.scanning.commands import command_of
from vulnerabilities.scanning.forms import ConfirmForm, ScanFileForm, StatedForm, StorageFileForm
from vulnerabilities.scanning.importing import authorise, preview, receive, received_at, received_for
from vulnerabilities.scanning.stated import Stated
from vulnerabilities.scanning.tasks import start_import

LIST = ("What is scanned", "vulnerabilities:scope-list")
SHOWN = 50


class ScanImport(FormScreen):
    """Bring a scan of a scope."""

    permission = WRITE
    model = ScanScope
    object: ScanScope
    form_class = ScanFileForm
    template_name = "vulnerabilities/scan_upload.html"
    submit_label = "Read the file"
    explain = "You see first what would be new, back again and gone. The file is kept as evidence, as it came."

    def load(self) -> None:
        """Refuse where there is nothing to import. Raises ActionRefused."""
        super().load()
        authorise(self.object, self.request.member)

    def get_title(self) -> str:
        """For which."""
        return f"Import a scan of {self.object.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the scope."""
        return (LIST, (self.object.name, self.object.get_absolute_url()))

    def get_form_class(self) -> Any:
        """Of storage settings, a list that somebody may have made by hand."""
        return StorageFileForm if self.object.is_storage else self.form_class

    def act(self, form: ScanFileForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(self.object, actor=self.request.member, upload=form.cleaned_data["file"])
        said = {name: value for name, value in form.cleaned_data.items() if name != "file"}
        said["scope"] = self.object.pk
        given = {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in said.items()}
        address = reverse("vulnerabilities:scan-preview", args=[stored.pk])
        return f"{address}?{urlencode({name: value for name, value in given.items() if value not in (None, '')})}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the command that writes such a file."""
        return super().get_context_data(command=command_of(self.object), **kwargs)


class ScanPreview(FormScreen):
    """What a file would do; importing it."""

    permission = WRITE
    model = StoredFile
    object: StoredFile
    scope: ScanScope
    form_class = ConfirmForm
    template_name = "vulnerabilities/scan_preview.html"
    submit_label = "Import"

    def get_title(self) -> str:
        """For which."""
        return f"Import a scan of {self.scope.name}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the scope."""
        return (LIST, (self.scope.name, self.scope.get_absolute_url()))

    def load(self) -> None:
        """The file, if it came as a scan, the scope it came for, and what was said with it."""
        super().load()
        scope = received_for(self.object.pk, self.request.GET.get("scope", ""))
        if scope is None:
            raise Http404
        self.scope, self.stated = scope, replace(self._stated(), received_at=received_at(self.object.pk, scope))
        self.plan = preview(self.object, scope, self.stated)

    def _stated(self) -> Stated:
        said = StatedForm(data={name: self.request.GET.get(name, "") for name in StatedForm.base_fields})
        if not said.is_valid():
            raise Http404
        return said.stated()

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "asks": self.plan.may_be_narrower, "elsewhere": self.plan.may_have_moved}

    def act(self, form: forms.Form) -> str:
        """Import it."""
        given = form.cleaned_data
        stated = replace(self.stated, narrower=bool(given.get("narrower")), moved=given.get("moved") or "")
        job = start_import(self.object, self.scope, actor=self.request.member, stated=stated)
        return reverse("workflow:job", args=[job.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the plan, cut where it is long."""
        compared = self.plan.compared
        found = [*compared.new, *(one for _, one in compared.again)]
        parts = [
            ("new", "New", [(one.names[0], one.package or one.location, one.severity.label) for one in found]),
            ("back", "Back again", [_row(one) for one, _ in compared.back]),
            ("gone", "Gone", [_row(one) for one in compared.gone]),
            (
                "suppressed",
                "Suppressed by rules of the tool",
                [_ignored(one) for one in self.plan.report.found if one.suppressed],
            ),
        ]
        shown = [(key, title, rows[:SHOWN], max(0, len(rows) - SHOWN)) for key, title, rows in parts if rows]
        resources = sorted_by_verdict(self.plan.report.resources)
        return super().get_context_data(
            plan=self.plan,
            scope=self.scope,
            parts=shown,
            resources=resources[:SHOWN],
            more_resources=max(0, len(resources) - SHOWN),
            **kwargs,
        )


def _ignored(one: Found) -> tuple[str, str, str]:
    """With why, as far as the file says."""
    return (one.names[0], one.package or one.location, f"{one.severity.label}: {one.reason or 'no reason in the file'}")


def _row(one: Any) -> tuple[str, str, str]:
    return (f"{one.reference} {one.identifier}", one.package or one.location, one.get_severity_display())
