"""Screens of bringing the register of vendors in, and taking it out."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from audit.actions import action
from audit.record import record
from controls.catalogue.cells import guarded
from controls.sheets.plans import UNSEEN
from evidence.models import StoredFile
from ui.forms import DropInput
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.export import FORMATS
from ui.values import exact
from vendors.importing.actions import comes_in_use, import_vendors, preview, receive, was_received
from vendors.importing.columns import COLUMNS, told
from vendors.importing.planning import Plan
from vendors.models import Vendor
from vendors.register.views import LIST
from vendors.rights import READ, WRITE

SHOWN = 100
TITLE = "Vendors, for importing"
SAMPLE = """Vendor,What it does for us,Owner,Data,Criticality,Access,Data it gets,Where it keeps or handles data,Subprocessors,In use since
Northwind Cloud,Runs our servers,,"Data of customers, or personal data",Our service stops,"Administers our systems, or keeps our keys",Customer records,Ireland,,2024-05-01
Papertrail Mail,Sends our mail,,Internal data of ours,Our service suffers within hours,No access to our systems,Addresses,United States,Northwind Cloud: hosting,
"""  # noqa: E501 - rows of a CSV


class UploadForm(forms.Form):
    """A register of vendors."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))


class VendorImport(FormScreen):
    """Bring a register of vendors."""

    permission = WRITE
    form_class = UploadForm
    template_name = "vendors/import_upload.html"
    title = "Import vendors"
    breadcrumbs = (LIST,)
    submit_label = "Read the file"
    explain = "You see first what would be added and changed. Vendors are told apart by number or name; what is not listed stays."

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(actor=self.request.member, upload=form.cleaned_data["file"])
        return reverse("vendors:import-preview", args=[stored.pk])


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = plan.stamp()
        if not (plan.wrong and (plan.new or plan.changes)):
            del self.fields["leave_out_wrong"]


class ImportPreview(FormScreen):
    """What a register would add and change; importing it."""

    permission = WRITE
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "vendors/import_preview.html"
    title = "Import vendors"
    breadcrumbs = (LIST, ("Import", "vendors:import"))
    submit_label = "Import"

    def load(self) -> None:
        """The file, if it came as a register of vendors."""
        super().load()
        if not was_received(self.object.pk):
            raise Http404
        self.plan = preview(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "plan": self.plan}

    def act(self, form: ImportForm) -> str:
        """Import it."""
        leave_out, stamp = form.cleaned_data.get("leave_out_wrong", False), form.cleaned_data["stamp"] or UNSEEN
        plan = import_vendors(self.object, actor=self.request.member, stamp=stamp, leave_out_wrong=leave_out)
        counts = f"{len(plan.new)} added, {len(plan.changes)} changed, {len(plan.same)} as they were"
        messages.success(self.request, f"{counts}, {len(plan.wrong)} left out." if plan.wrong else f"{counts}.")
        return reverse("vendors:list")

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """After a refusal the page shows the plan of now, and its mark."""
        data: Any = form.data
        form.data = {**data.dict(), "stamp": self.plan.stamp()}
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
            in_use=sum(comes_in_use(one.facts) for one in plan.new),
            shown=SHOWN,
            **kwargs,
        )


def table_of() -> Iterator[list[str]]:
    """A row for each vendor, by name, as it can be imported again. Two queries for each 500."""
    rows = Vendor.objects.select_related("owner").prefetch_related("systems__system").order_by("name", "pk")
    for one in rows.iterator(chunk_size=500):
        yield list(told(one).values())


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """The whole register, as a file that can be imported."""
    if kind not in FORMATS:
        raise Http404
    about = [
        ("List", TITLE),
        ("Organization", str(request.organization)),
        ("Exported at", exact(timezone.now())),
        ("Exported by", str(request.member.email)),
    ]
    rows = table_of()
    cells = ([guarded(cell) for cell in row] for row in rows) if kind == "csv" else rows
    made = FORMATS[kind].write(list(COLUMNS.values()), cells, about, ())
    _record(request, {"list": TITLE, "form": FORMATS[kind].label, "rows": made.count, "sha256": made.sha256})
    name = f"vendors-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
    response["X-Table-SHA256"] = made.sha256
    response["X-Table-Rows"] = str(made.count)
    return response


@action
def _record(request: ScreenRequest, facts: dict[str, Any]) -> None:
    record("list.export", request.organization, actor=request.member, metadata=facts)


@screen(WRITE)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small register to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="vendors-sample.csv"'
    return response
