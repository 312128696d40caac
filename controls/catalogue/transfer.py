"""Screens of taking controls out and bringing them in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from audit.actions import action
from audit.record import record
from controls.catalogue.detail import CRUMBS
from controls.catalogue.export import export_controls
from controls.catalogue.importing import import_controls, preview, receive, was_received
from controls.catalogue.planning import Plan
from evidence.models import StoredFile
from ui.forms import DropInput
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.export import FORMATS
from ui.values import exact

SHOWN = 100
SAMPLE = """Code,Title,Owner,Role that owns it,Frequency,In scope since,Priority,Criteria,Systems,Needs,Why the others are not needed,Objective,How it operates,Evidence expected,How it is tested
AC-101,Access is reviewed every quarter,,Security lead,Quarterly,2026-01-01,High,"CC6.2: Rights that nobody needs are found.
CC6.3: Roles are checked against the duties of today.",,"Documented policy, Evidence of operation, Monitoring or alerting",The review is done by people.,Rights that are no longer needed are taken away.,Each quarter the owner of every system decides who keeps access.,Report of the review with its population.,Compare the report with an export of the system.
AC-102,A leaver's access is removed,,IT lead,"Per event: Leavers, within 1 business day",2026-01-01,Critical,CC6.2; CC6.3,,"Documented policy, Technical implementation, Evidence of operation, Monitoring or alerting",,Nobody who has left can enter.,Accounts are closed from the last working day on.,Tickets with their times.,Take leavers from the roster and look for their accounts.
"""  # noqa: E501 - rows of a CSV


class UploadForm(forms.Form):
    """A file of controls."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))


class ImportUpload(FormScreen):
    """Bring a file of controls."""

    permission = "controls.write"
    form_class = UploadForm
    template_name = "controls/import_upload.html"
    title = "Import controls"
    breadcrumbs = CRUMBS
    submit_label = "Read the file"
    explain = "You see first what would be added and changed. Controls are told apart by their code; what it does not list stays."

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(actor=self.request.member, upload=form.cleaned_data["file"])
        return reverse("controls:import-preview", args=[stored.pk])


class ImportForm(forms.Form):
    """What to do with corrections that are offered, and with rows that are wrong."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    accepted = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(line.number), f"Take the correction of row {line.number}") for line in plan.offers]
        self.fields["accepted"].choices = offered  # type: ignore[attr-defined]
        self.initial["stamp"] = plan.stamp()
        if not plan.wrong:
            del self.fields["leave_out_wrong"]


class ImportPreview(FormScreen):
    """What a file would add and change; importing it."""

    permission = "controls.write"
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "controls/import_preview.html"
    title = "Import controls"
    breadcrumbs = (*CRUMBS, ("Import", "controls:import"))
    submit_label = "Import"

    def load(self) -> None:
        """The file, if it came as a file of controls."""
        super().load()
        if not was_received(self.object.pk):
            raise Http404
        self.plan = preview(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "plan": self.plan}

    def act(self, form: ImportForm) -> str:
        """Import it."""
        given = form.cleaned_data
        plan = import_controls(
            self.object,
            actor=self.request.member,
            stamp=given["stamp"],
            accepted=[int(number) for number in given["accepted"]],
            leave_out_wrong=given.get("leave_out_wrong", False),
        )
        messages.success(self.request, f"{len(plan.new)} added, {len(plan.changes)} changed, {len(plan.same)} as they were.")
        return reverse("controls:list")

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """After a refusal the page shows the plan of now, and its mark."""
        data: Any = form.data
        form.data = {**data.dict(), "accepted": data.getlist("accepted"), "stamp": self.plan.stamp()}
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the plan, cut where it is long."""
        plan = self.plan
        return super().get_context_data(
            plan=plan,
            new=plan.new[:SHOWN],
            changes=plan.changes[:SHOWN],
            wrong=plan.wrong[:SHOWN],
            noticed=plan.noticed[:SHOWN],
            shown=SHOWN,
            **kwargs,
        )


@screen("controls.read")
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """All controls, as a file that can be imported."""
    if kind not in FORMATS:
        raise Http404
    about = [
        ("List", "Controls, for importing"),
        ("Organization", str(request.organization)),
        ("Exported at", exact(timezone.now())),
        ("Exported by", str(request.member.email)),
    ]
    made = export_controls(kind, about)
    _record(request, FORMATS[kind].label, made.count, made.sha256)
    name = f"controls-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
    response["X-Table-SHA256"] = made.sha256
    response["X-Table-Rows"] = str(made.count)
    return response


@action
def _record(request: ScreenRequest, form: str, rows: int, sha256: str) -> None:
    facts = {"list": "Controls, for importing", "form": form, "filter": "none", "rows": rows, "sha256": sha256}
    record("list.export", request.organization, actor=request.member, metadata=facts)


@screen("controls.write")
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small file to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="controls-sample.csv"'
    return response
