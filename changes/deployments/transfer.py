"""Screens of bringing a file with deployments in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from changes.deployments.actions import REPORT
from changes.deployments.forms import ImportForm, UploadForm
from changes.deployments.importing import Asked, import_deployments, preview, receive, was_received
from evidence.models import StoredFile
from ui.screens import FormScreen, ScreenRequest, screen

SHOWN = 100
LIST = ("Deployments", "changes:deployment-list")
SAMPLE = """Its id there,Deployed,Environment,Service,Repository,Commit,By,Outcome,Change
run-1041,2026-10-14 09:30:00+00:00,production,billing,larkfield/billing,2c26b46b68ffc68ff99b453c1d30413413422d70,dana@larkfield.example,succeeded,
run-1042,2026-10-14 15:10:00+00:00,production,billing,larkfield/billing,fcde2b2edba56bf408601fb721fe9b5c338d10ee,deploy-bot,succeeded,
run-1043,2026-10-15 08:00:00+00:00,production,gateway,,,sam@larkfield.example,succeeded,CHG-2026-0012
"""  # noqa: E501 - rows of a CSV


class DeploymentImport(FormScreen):
    """Bring a file with deployments."""

    permission = REPORT
    form_class = UploadForm
    template_name = "changes/deployment_upload.html"
    title = "Import deployments"
    breadcrumbs = (LIST,)
    submit_label = "Read the file"
    explain = "You see first what would be added. What is here already stays as it is."

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        given = {name: form.cleaned_data[name] for name in ("source", "environment", "dates")}
        stored = receive(actor=self.request.member, upload=form.cleaned_data["file"], asked=Asked(**given))
        return f"{reverse('changes:deployment-preview', args=[stored.pk])}?{urlencode(given)}"


class DeploymentPreview(FormScreen):
    """What a file with deployments would add; importing it."""

    permission = REPORT
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "changes/deployment_preview.html"
    title = "Import deployments"
    breadcrumbs = (LIST, ("Import", "changes:deployment-import"))
    submit_label = "Import"

    def load(self) -> None:
        """The file, if it came as a list of deployments, and what was said with it."""
        super().load()
        if not was_received(self.object.pk):
            raise Http404
        given = {name: self.request.GET.get(name, "") for name in ("source", "environment", "dates")}
        said = UploadForm(data=given)
        said.fields.pop("file")
        if not said.is_valid():
            raise Http404
        self.asked = Asked(**said.cleaned_data)
        self.plan = preview(self.object, self.asked)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "wrong": len(self.plan.wrong)}

    def act(self, form: forms.Form) -> str:
        """Import it."""
        leave_out = form.cleaned_data.get("leave_out_wrong", False)
        found = import_deployments(self.object, actor=self.request.member, asked=self.asked, leave_out_wrong=leave_out)
        added = sum(one.status == "accepted" for one in found)
        counts = f"{added:,} added, {len(self.plan.same):,} were here"
        wrong = len(self.plan.wrong)
        messages.success(self.request, f"{counts}, {wrong:,} left out." if wrong else f"{counts}.")
        return reverse("changes:deployment-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the plan, cut where it is long."""
        plan = self.plan
        return super().get_context_data(
            plan=plan,
            asked=self.asked,
            new=plan.new[:SHOWN],
            more_new=max(0, len(plan.new) - SHOWN),
            wrong=plan.wrong[:SHOWN],
            more_wrong=max(0, len(plan.wrong) - SHOWN),
            **kwargs,
        )


@screen(REPORT)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small file to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="deployments-sample.csv"'
    return response
