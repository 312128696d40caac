"""Screens of bringing changes in from a table."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse

from changes.drafting.about import LIST
from changes.drafting.importing import import_changes, preview, receive, was_imported, was_received
from changes.rights import RUN
from evidence.models import StoredFile
from ui.forms import DropInput
from ui.screens import FormScreen, ScreenRequest, screen

SHOWN = 100
SAMPLE = """Title,Type,Kind,Priority,Systems,What will change,"Who notices, and how",Environments,Planned from,Planned until,How it is undone,When it is stopped or undone,How it is tested,Links
Rotate the database password,Normal,Configuration,Medium,,"Make a new password, put it into the secret store, restart the services one by one.",Nobody: services restart in turn.,production,2026-11-17 18:00,2026-11-17 19:00,Put the old password back and restart.,A service does not come up within 5 minutes.,In staging the day before.,https://tickets.example/OPS-12 Ticket
Open port 8443 to the new partner,Normal,Infrastructure,Low,,One rule in the firewall of the load balancer.,Only the partner.,production,,,Remove the rule.,,Connection test by the partner.,
"""  # noqa: E501 - rows of a CSV


class UploadForm(forms.Form):
    """A table of changes."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))


class ChangeImport(FormScreen):
    """Bring a table of changes."""

    permission = RUN
    form_class = UploadForm
    template_name = "changes/change_upload.html"
    title = "Import changes"
    breadcrumbs = (LIST,)
    submit_label = "Read the file"
    explain = "Each row becomes a draft. You see first what would be made. Times are those of your organization's zone."

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(actor=self.request.member, upload=form.cleaned_data["file"])
        return reverse("changes:preview", args=[stored.pk])


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)


class ChangePreview(FormScreen):
    """The drafts that a table of changes would make; importing it."""

    permission = RUN
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "changes/change_preview.html"
    title = "Import changes"
    breadcrumbs = (LIST, ("Import", "changes:import"))
    submit_label = "Make the drafts"

    def load(self) -> None:
        """The file, if it came as a table of changes."""
        super().load()
        if not was_received(self.object.pk):
            raise Http404
        self.sheet = preview(self.object)

    def act(self, form: ImportForm) -> str:
        """Import it."""
        made = import_changes(self.object, actor=self.request.member, **form.cleaned_data)
        drafts = "1 draft was made" if len(made) == 1 else f"{len(made):,} drafts were made"
        left = len(self.sheet.wrong)
        messages.success(self.request, f"{drafts}, {left} rows were left out." if left else f"{drafts}.")
        return f"{reverse('changes:list')}?view=mine&state=is-draft"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the rows, cut where they are many."""
        sheet = self.sheet
        return super().get_context_data(
            sheet=sheet,
            good=sheet.good[:SHOWN],
            wrong=sheet.wrong[:SHOWN],
            more_good=max(len(sheet.good) - SHOWN, 0),
            more_wrong=max(len(sheet.wrong) - SHOWN, 0),
            done=was_imported(self.object.pk),
            **kwargs,
        )


@screen(RUN)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small table to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="changes-sample.csv"'
    return response
