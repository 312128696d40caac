"""Screens of bringing a register in, and of taking it out."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from audit.actions import action
from audit.record import record
from controls.catalogue.cells import guarded
from controls.sheets.importing import IMPORTED, import_rows, preview, receive, was_imported, was_received
from controls.sheets.planning import Plan
from controls.sheets.plans import UNSEEN
from controls.sheets.register import Register
from evidence.models import StoredFile
from ui.forms import DropInput
from ui.refusals import ActionRefused
from ui.screens import FormScreen, ScreenRequest
from ui.screens.export import CELL_LIMIT, FORMATS
from ui.values import exact

SHOWN = 100


class UploadForm(forms.Form):
    """A register."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))


class SheetImport(FormScreen, abstract=True):
    """Bring a register."""

    register: ClassVar[Register]
    form_class = UploadForm
    template_name = "controls/sheets/upload.html"
    submit_label = "Read the file"
    explain = "You see first what would be added and changed. What is not listed stays."

    def get_title(self) -> str:
        """Which."""
        return f"Import {self.register.title.lower()}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list."""
        return ((self.register.title, self.register.list_url),)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the register."""
        return super().get_context_data(register=self.register, **kwargs)

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(self.register, actor=self.request.member, upload=form.cleaned_data["file"])
        return reverse(self.register.preview_url, args=[stored.pk])


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = plan.stamp()
        if not (plan.wrong and (plan.new or plan.changes)):
            del self.fields["leave_out_wrong"]


class SheetPreview(FormScreen, abstract=True):
    """What a file would add and change; importing it."""

    register: ClassVar[Register]
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "controls/sheets/preview.html"
    submit_label = "Import"

    def get_title(self) -> str:
        """Which."""
        return f"Import {self.register.title.lower()}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the list."""
        return ((self.register.title, self.register.list_url), ("Import", self.register.import_url))

    def load(self) -> None:
        """The file, if it came as this register."""
        super().load()
        if not was_received(self.register, self.object.pk):
            raise Http404
        if was_imported(self.register, self.object):
            raise ActionRefused(IMPORTED)
        self.plan = preview(self.register, self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "plan": self.plan}

    def act(self, form: ImportForm) -> str:
        """Import it."""
        leave_out, stamp = form.cleaned_data.get("leave_out_wrong", False), form.cleaned_data["stamp"] or UNSEEN
        plan = import_rows(self.register, self.object, actor=self.request.member, stamp=stamp, leave_out_wrong=leave_out)
        counts = f"{len(plan.new)} added, {len(plan.changes)} changed, {len(plan.same)} as they were"
        messages.success(self.request, f"{counts}, {len(plan.wrong)} left out." if plan.wrong else f"{counts}.")
        return reverse(self.register.list_url)

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """After a refusal the page shows the plan of now, and its mark."""
        data: Any = form.data
        form.data = {**data.dict(), "stamp": self.plan.stamp()}
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the plan, cut where it is long."""
        plan = self.plan
        return super().get_context_data(
            register=self.register,
            plan=plan,
            new=[(one, self.register.told(one)) for one in plan.new[:SHOWN]],
            changes=plan.changes[:SHOWN],
            wrong=plan.wrong[:SHOWN],
            noticed=plan.noticed[:SHOWN],
            shown=SHOWN,
            **kwargs,
        )


class SheetList:
    """Mixin of the list of a register: `Import` beside what else is done there, and the whole register at its foot."""

    register: ClassVar[Register]
    request: Any
    template_name = "controls/sheets/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """For those who may."""
        member = self.request.member
        may = {"may_import": member.can(self.register.write), "may_take_out": member.can(self.register.read)}
        context: dict[str, Any] = super().get_context_data(register=self.register, **may, **kwargs)  # type: ignore[misc] # a mixin
        return context


def table_of(register: Register) -> Iterator[list[str]]:
    """Each row as its cells, as it can be imported again."""
    for one in register.each():
        yield [cell.write(one) for cell in register.cells]


def export_of(register: Register, request: ScreenRequest, kind: str) -> HttpResponseBase:
    """The whole register, as a file that can be imported; noted in the trail. Raises Http404."""
    if kind not in FORMATS:
        raise Http404
    title = f"{register.title}, for importing"
    about = [
        ("List", title),
        ("Organization", str(request.organization)),
        ("Exported at", exact(timezone.now())),
        ("Exported by", str(request.member.email)),
    ]
    rows = table_of(register)
    cells = ([guarded(cell) for cell in row] for row in rows) if kind == "csv" else map(_fitting, rows)
    made = FORMATS[kind].write([cell.heading for cell in register.cells], cells, about, ())
    _record(register, request, {"list": title, "form": FORMATS[kind].label, "rows": made.count, "sha256": made.sha256})
    name = f"{register.title.lower().replace(' ', '-')}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
    response["X-Table-SHA256"] = made.sha256
    response["X-Table-Rows"] = str(made.count)
    return response


def _fitting(row: list[str]) -> list[str]:
    """What a workbook can hold: it would cut the rest off. Raises ActionRefused."""
    if any(len(cell) > CELL_LIMIT for cell in row):
        raise ActionRefused("A cell of a workbook cannot hold the longest of these texts. Take it as CSV.")
    return row


@action
def _record(register: Register, request: ScreenRequest, facts: dict[str, Any]) -> None:
    register.taken(request.member)
    record("list.export", request.organization, actor=request.member, metadata=facts)


def sample_of(register: Register) -> HttpResponse:
    """A small register to begin with."""
    response = HttpResponse(register.sample, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{register.title.lower().replace(" ", "-")}-sample.csv"'
    return response
