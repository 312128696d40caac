"""Screens of bringing an auditor's list in, and taking it out."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from audit.actions import action
from audit.record import record
from controls.catalogue.cells import guarded
from controls.models import AuditPeriod, AuditRequest
from controls.periods.current import period_of
from controls.requests.about import LIST
from controls.requests.importing import import_requests, preview, receive, was_received
from controls.requests.planning import Plan
from controls.requests.reading import COLUMNS
from controls.requests.rights import RUN
from evidence.models import StoredFile
from evidence.tables.moments import DATE_ORDERS
from ui.forms import DropInput
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.export import FORMATS
from ui.values import exact

SHOWN = 100
READ = "requests.read"
SAMPLE = """No.,Request,Details,Section,Control,Criteria,Due date,Owner
PBC-1,Listing of all employees who left in the period,"From the HR system, with the last working day of each.",Access control,AC-002,CC6.2; CC6.3,2026-11-06,
PBC-2,Report of the access review of the third quarter,With its population and sign-off.,Access control,AC-005,CC6.2,2026-11-06,
PBC-3,Minutes of the last meeting of the board,,Governance,,CC1.2,2026-11-13,
"""  # noqa: E501 - rows of a CSV


class UploadForm(forms.Form):
    """An auditor's list, and which audit it is for."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))
    period = forms.ModelChoiceField(AuditPeriod.objects.none(), required=False, label="Audit period", empty_label="None")

    dates = forms.ChoiceField(
        choices=[("", "Named by their own form"), ("mdy", "Month, day, year"), ("dmy", "Day, month, year")],
        required=False,
        label="Dates such as 03/04/2026 are",
        help_text="Matters only where the file has such dates.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer every period."""
        super().__init__(*args, **kwargs)
        self.fields["period"].queryset = AuditPeriod.objects.all()  # type: ignore[attr-defined]


class RequestImport(FormScreen):
    """Bring an auditor's list."""

    permission = RUN
    form_class = UploadForm
    template_name = "controls/request_upload.html"
    title = "Import the auditor's list"
    breadcrumbs = (LIST,)
    submit_label = "Read the file"
    explain = "You see first what would be added and changed. Requests are told apart by their number; what is not listed stays."

    def get_initial(self) -> dict[str, Any]:
        """The period in hand."""
        return {"period": period_of(self.request)}

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        period, dates = form.cleaned_data["period"], form.cleaned_data["dates"]
        stored = receive(actor=self.request.member, upload=form.cleaned_data["file"], period=period, dates=dates)
        asked = urlencode({"into": period.pk if period else "", "dates": dates})
        return f"{reverse('controls:request-preview', args=[stored.pk])}?{asked}"


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = plan.stamp()
        if not plan.wrong:
            del self.fields["leave_out_wrong"]


class RequestPreview(FormScreen):
    """What an auditor's list would add and change; importing it."""

    permission = RUN
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "controls/request_preview.html"
    title = "Import the auditor's list"
    breadcrumbs = (LIST, ("Import", "controls:request-import"))
    submit_label = "Import"

    def load(self) -> None:
        """The file, if it came as an auditor's list, and the period it is for."""
        super().load()
        if not was_received(self.object.pk):
            raise Http404
        into = self.request.GET.get("into", "")
        self.period = next((one for one in AuditPeriod.objects.all() if str(one.pk) == into), None)
        dates = self.request.GET.get("dates", "")
        self.dates = dates if dates in DATE_ORDERS else ""
        self.plan = preview(self.object, self.period, self.dates)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The form follows the plan."""
        return {**super().get_form_kwargs(), "plan": self.plan}

    def act(self, form: ImportForm) -> str:
        """Import it."""
        leave_out = form.cleaned_data.get("leave_out_wrong", False)
        plan = import_requests(
            self.object,
            actor=self.request.member,
            period=self.period,
            dates=self.dates,
            stamp=form.cleaned_data["stamp"],
            leave_out_wrong=leave_out,
        )
        counts = f"{len(plan.new)} added, {len(plan.changes)} changed, {len(plan.same)} as they were"
        messages.success(self.request, f"{counts}, {len(plan.wrong)} left out." if plan.wrong else f"{counts}.")
        return f"{reverse('controls:request-list')}{f'?period={self.period.pk}' if self.period else ''}"

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
            period=self.period,
            new=plan.new[:SHOWN],
            changes=plan.changes[:SHOWN],
            wrong=plan.wrong[:SHOWN],
            noticed=plan.noticed[:SHOWN],
            shown=SHOWN,
            **kwargs,
        )


def table_of(period: AuditPeriod | None) -> Iterator[list[str]]:
    """A row for each request of a period, in the order of the numbers; as it can be imported again. Two queries."""
    rows = AuditRequest.objects.filter(period=period).select_related("assignee").prefetch_related("controls__control")
    for one in rows.order_by("place", "pk"):
        facts = {
            "controls": "; ".join(sorted(row.control.code for row in one.controls.all())),
            "criteria": "; ".join(one.criteria),
            "requested_on": one.requested_on.isoformat(),
            "due_on": one.due_on.isoformat() if one.due_on else "",
            "assignee": (one.assignee.email or one.assignee.name) if one.assignee else "",
            "status": str(one.get_status_display()),
        }
        yield [facts[name] if name in facts else str(getattr(one, name)) for name in COLUMNS]


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """The whole list of the period, as a file that can be imported."""
    if kind not in FORMATS:
        raise Http404
    period = period_of(request)
    title = "Auditor's requests, for importing"
    about = [
        ("List", title),
        ("Organization", str(request.organization)),
        ("Audit period", str(period) if period else "None"),
        ("Exported at", exact(timezone.now())),
        ("Exported by", str(request.member.email)),
    ]
    rows = table_of(period)
    cells = ([guarded(cell) for cell in row] for row in rows) if kind == "csv" else rows
    made = FORMATS[kind].write(list(COLUMNS.values()), cells, about, ())
    about_it = {"list": title, "form": FORMATS[kind].label, "filter": f"audit period {period or 'none'}"}
    _record(request, {**about_it, "rows": made.count, "sha256": made.sha256})
    name = f"requests-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
    response["X-Table-SHA256"] = made.sha256
    response["X-Table-Rows"] = str(made.count)
    return response


@action
def _record(request: ScreenRequest, facts: dict[str, Any]) -> None:
    record("list.export", request.organization, actor=request.member, metadata=facts)


@screen(RUN)
def sample(_request: ScreenRequest) -> HttpResponse:
    """A small list to begin with."""
    response = HttpResponse(SAMPLE, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="requests-sample.csv"'
    return response
