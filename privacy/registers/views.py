"""Registers as files: taking them out, and bringing them in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from audit.actions import action
from audit.record import record
from privacy.classes.forms import SheetForm
from privacy.registers.tables import REGISTERS, Register
from privacy.registers.transfer import read_register, write_register
from privacy.rights import READ, WRITE
from ui.screens import FormScreen, ScreenRequest, screen
from ui.screens.export import FORMATS
from ui.values import exact


@screen(READ)
def register_file(request: ScreenRequest, key: str, kind: str) -> HttpResponseBase:
    """A whole register, as a file that can be brought in again."""
    if key not in REGISTERS or kind not in FORMATS:
        raise Http404
    if not request.member.can(REGISTERS[key].permission):
        raise PermissionDenied
    return sent(REGISTERS[key], kind, request)


def sent(register: Register, kind: str, request: Any) -> FileResponse:
    """The file, noted in the trail."""
    about = [
        ("List", f"{register.title}, for importing"),
        ("Organization", str(request.organization)),
        ("Exported at", exact(timezone.now())),
        ("Exported by", str(request.member.email)),
    ]
    made = write_register(register, kind, about)
    _record(register, request, FORMATS[kind].label, made.count, made.sha256)
    name = f"{register.title.lower().replace(' ', '-')}-{timezone.localdate():%Y-%m-%d}.{kind}"
    response = FileResponse(made.file, as_attachment=True, filename=name, content_type=FORMATS[kind].content_type)
    response["X-Table-SHA256"] = made.sha256
    response["X-Table-Rows"] = str(made.count)
    return response


@action
def _record(register: Register, request: Any, form: str, rows: int, sha256: str) -> None:
    facts = {"list": f"{register.title}, for importing", "form": form, "filter": "none", "rows": rows, "sha256": sha256}
    record("list.export", request.organization, actor=request.member, metadata=facts)


class RegisterImport(FormScreen, abstract=True):
    """Bring a register in."""

    form_class = SheetForm
    submit_label = "Bring it in"
    explain = (
        "Rows that are here already are changed, others added; nothing is taken away. All of it is taken, or nothing: "
        "what is wrong is named by its row. Take the register out first to see its columns."
    )
    key: str

    def get_title(self) -> str:
        """Which."""
        return f"Bring in: {REGISTERS[self.key].title.lower()}"

    def act(self, form: Any) -> str:
        """Take it in, and say what came of it."""
        added, changed, same = read_register(REGISTERS[self.key], form.cleaned_data["file"].file, actor=self.request.member)
        messages.success(self.request, f"{added:,} added, {changed:,} changed, {same:,} as they were.")
        return reverse(f"privacy:{self.key}-list")


class ClassImport(RegisterImport):
    """Bring in data classes."""

    permission, key = WRITE, "class"
    breadcrumbs = (("Data classes", "privacy:class-list"),)


class DataSetImport(RegisterImport):
    """Bring in the data inventory."""

    permission, key = WRITE, "dataset"
    breadcrumbs = (("Data inventory", "privacy:dataset-list"),)


class ScheduleImport(RegisterImport):
    """Bring in retention schedules."""

    permission, key = WRITE, "schedule"
    breadcrumbs = (("Retention schedules", "privacy:schedule-list"),)


class ConsentImport(RegisterImport):
    """Bring in consents."""

    permission, key = WRITE, "consent"
    breadcrumbs = (("Consents", "privacy:consent-list"),)
