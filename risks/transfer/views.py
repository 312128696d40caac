"""Screens of bringing a register in, and taking it out."""

from collections import defaultdict
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
from risks.models import STEPS, Risk, RiskControl, RiskTask
from risks.rights import READ, WRITE
from risks.transfer.importing import import_risks, preview, receive, was_received
from risks.transfer.planning import Plan
from risks.transfer.reading import COLUMNS, task_cell
from ui.forms import DropInput
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.export import FORMATS
from ui.values import exact, spelled

SHOWN = 100
LIST = ("Risks", "risks:list")
SAMPLE = """Number,What could happen,Category,With,Inherent likelihood,Inherent impact,Residual likelihood,Residual impact,Why it is rated so,Controls,Treatment,What is done about it,Days between reviews
,"Somebody who pays invoices sends money to an account of their own",Fraud,OWNER,3,4,2,4,"Two people approve each payment since 2024.",,Mitigate,"Payments are compared with orders every month.",365
,"Our hosting provider is down for a day",Vendor,OWNER,3,5,2,4,"Backups are restored elsewhere within four hours.",,Accept,"A second provider would cost more than the outage.",182
"""  # noqa: E501 - rows of a CSV


class UploadForm(forms.Form):
    """A register."""

    file = forms.FileField(widget=DropInput(attrs={"accept": ".csv,.xlsx"}, hint="CSV or Excel"))


class RiskImport(FormScreen):
    """Bring a register."""

    permission = WRITE
    form_class = UploadForm
    template_name = "risks/import_upload.html"
    title = "Import risks"
    breadcrumbs = (LIST,)
    submit_label = "Read the file"
    explain = "You see first what would be added and changed. Risks are told apart by their number; what is not listed stays."

    def act(self, form: UploadForm) -> str:
        """Keep it, and show what it would do."""
        stored = receive(actor=self.request.member, upload=form.cleaned_data["file"])
        return reverse("risks:preview", args=[stored.pk])


class ImportForm(forms.Form):
    """What to do with rows that are wrong."""

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_out_wrong = forms.BooleanField(label="Leave out the rows that are wrong, and import the others", required=False)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["stamp"] = plan.stamp()
        if not (plan.wrong and (plan.new or plan.changes)):
            del self.fields["leave_out_wrong"]


class RiskPreview(FormScreen):
    """What a register would add and change; importing it."""

    permission = WRITE
    model = StoredFile
    object: StoredFile
    form_class = ImportForm
    template_name = "risks/import_preview.html"
    title = "Import risks"
    breadcrumbs = (LIST, ("Import", "risks:import"))
    submit_label = "Import"

    def load(self) -> None:
        """The file, if it came as a register."""
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
        plan = import_risks(self.object, actor=self.request.member, stamp=stamp, leave_out_wrong=leave_out)
        counts = f"{len(plan.new)} added, {len(plan.changes)} changed, {len(plan.same)} as they were"
        messages.success(self.request, f"{counts}, {len(plan.wrong)} left out." if plan.wrong else f"{counts}.")
        return reverse("risks:list")

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """After a refusal the page shows the plan of now, and its mark."""
        data: Any = form.data
        form.data = {**data.dict(), "stamp": self.plan.stamp()}
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the plan, cut where it is long."""
        plan = self.plan
        cut = {name: getattr(plan, name)[:SHOWN] for name in ("new", "changes", "wrong", "noticed")}
        return super().get_context_data(plan=plan, shown=SHOWN, **cut, **kwargs)


def table_of() -> Iterator[list[str]]:
    """A row for each risk, in the order of the numbers; as it can be imported again. Three queries."""
    codes: dict[Any, list[str]] = defaultdict(list)
    for key, code in RiskControl.objects.order_by("control__code").values_list("risk", "control__code"):
        codes[key].append(code)
    tasks: dict[Any, list[str]] = defaultdict(list)
    for task in RiskTask.objects.select_related("owner").order_by("due_on", "pk"):
        tasks[task.risk_id].append(task_cell(task.title, _named(task.owner), task.due_on, task.status, task.outcome))
    rows = Risk.objects.select_related("owner", "scale", "accepted_by__user").order_by("reference")
    for one in rows.iterator(chunk_size=2000):
        facts = {
            **{name: str(getattr(one, name) or "") for name in STEPS},
            "category": str(one.get_category_display()),
            "owner": _named(one.owner),
            "status": str(one.get_status_display()),
            "rated_on": one.rated_on.isoformat() if one.rated_on else "",
            "scale": str(one.scale.number) if one.scale else "",
            "controls": "; ".join(codes[one.pk]),
            "treatment": str(one.get_treatment_display()),
            "tasks": "\n".join(tasks[one.pk]),
            "next_review_on": one.next_review_on.isoformat(),
            "accepted": _accepted(one),
        }
        yield [facts[name] if name in facts else str(getattr(one, name)) for name in COLUMNS]


def _named(person: Any) -> str:
    return str(person.email or person.name)


def _accepted(risk: Risk) -> str:
    if risk.status != Risk.Status.ACCEPTED:
        return ""
    name = risk.accepted_by.name if risk.accepted_by else "Plumbline"
    return f"By {name} until {spelled(risk.accepted_until)}: {risk.accepted_reason}"


@screen(READ)
def export(request: ScreenRequest, kind: str) -> HttpResponseBase:
    """The whole register, as a file that can be imported."""
    if kind not in FORMATS:
        raise Http404
    title = "Risks, for importing"
    about = [
        ("List", title),
        ("Organization", str(request.organization)),
        ("Exported at", exact(timezone.now())),
        ("Exported by", str(request.member.email)),
    ]
    rows = table_of()
    cells = ([guarded(cell) for cell in row] for row in rows) if kind == "csv" else rows
    made = FORMATS[kind].write(list(COLUMNS.values()), cells, about, ())
    _record(request, {"list": title, "form": FORMATS[kind].label, "filter": "", "rows": made.count, "sha256": made.sha256})
    name = f"risks-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
    response["X-Table-SHA256"] = made.sha256
    response["X-Table-Rows"] = str(made.count)
    return response


@action
def _record(request: ScreenRequest, facts: dict[str, Any]) -> None:
    record("list.export", request.organization, actor=request.member, metadata=facts)


@screen(WRITE)
def sample(request: ScreenRequest) -> HttpResponse:
    """A small register to begin with; its risks are with whoever asks for it, as each is with somebody."""
    response = HttpResponse(SAMPLE.replace("OWNER", request.member.email), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="risks-sample.csv"'
    return response
