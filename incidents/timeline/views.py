"""Screens of the timeline."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from evidence.downloads import take_away
from evidence.models import StoredFile
from evidence.views.files import drawn_page
from incidents.about import Act, OfIncident
from incidents.models import IncidentEntry
from incidents.rights import EVERYBODY, visible_to
from incidents.timeline import forms
from incidents.timeline.actions import write, write_with_files
from incidents.timeline.page import timeline_of
from ui.refusals import ActionRefused
from ui.screens import ScreenRequest, screen

PART = "incidents/timeline.html"


def is_part(request: HttpRequest) -> bool:
    """Whether the timeline itself was asked for, and not a page around it."""
    return request.headers.get("HX-Target") == "timeline"


class EntryAdd(Act):
    """Write a line into the timeline."""

    form_class = forms.EntryForm
    verb = "Write into the timeline of"
    submit_label = "Write it"
    explain = "Nothing written here is changed later; a wrong line is corrected by another, which stands beside it."

    def act(self, form: forms.EntryForm) -> str:
        """Write it."""
        write_with_files(self.object, actor=self.request.member, **form.cleaned_data)
        return f"{self.object.get_absolute_url()}#timeline"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Its fields are called as on the page of the incident, which has other forms too."""
        return {**super().get_form_kwargs(), **({"auto_id": "line_%s"} if is_part(self.request) else {})}

    def go_to(self, url: str) -> HttpResponse:
        """Whoever writes on the incident's page stays at the line."""
        response = super().go_to(url)
        return self._part() if is_part(self.request) else response

    def form_invalid(self, form: Any) -> HttpResponse:
        """What is wrong stands at the line."""
        return self._part(form, status=422) if is_part(self.request) else super().form_invalid(form)

    def _part(self, form: Any = None, status: int = 200) -> HttpResponse:
        context = {"object": self.object, "data": timeline_of(self.object, self.request.member, form=form)}
        return render(self.request, PART, context, status=status)


class EntryCorrect(OfIncident):
    """Correct a line of the timeline. What it said stays beside it."""

    model = IncidentEntry
    object: IncidentEntry
    form_class = forms.CorrectionForm
    submit_label = "Correct it"
    explain = "The line as it was written stays, struck through, with who wrote it; this one stands beside it."
    success_message = "The line is corrected; what it said before stays beside it."

    def get_title(self) -> str:
        """Of which incident."""
        return f"Correct a line of {self.incident.reference}"

    def get_initial(self) -> dict[str, Any]:
        """As it is."""
        return {"text": self.object.text, "kind": self.object.kind, "at": self.object.at}

    def act(self, form: forms.CorrectionForm) -> str:
        """Correct it, if it says something else."""
        if not {"text", "kind", "at"} & set(form.changed_data):
            raise ActionRefused("That is what it says already.")
        given, line = form.cleaned_data, self.object
        if "at" not in form.changed_data:
            given["at"] = line.at
        write(self.incident, actor=self.request.member, corrects=line, evidence=line.evidence, **given)
        return f"{self.incident.get_absolute_url()}#timeline"


@screen(EVERYBODY)
def timeline(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """The timeline alone, of one kind or of all; for whoever sees the incident."""
    incident = get_object_or_404(visible_to(request.member), pk=pk)
    data = timeline_of(incident, request.member, request.GET.get("kind", ""), whole=not is_part(request))
    context = {"title": f"Timeline of {incident}", "object": incident, "data": data}
    return render(request, PART if is_part(request) else "incidents/timeline_page.html", context)


@screen(EVERYBODY)
def file(request: ScreenRequest, pk: UUID) -> HttpResponseBase:
    """The file of a line, for whoever sees the incident."""
    line = _with_file(request, pk)
    return take_away(get_object_or_404(StoredFile, pk=line.file_id), actor=request.member, evidence=line.evidence)


@screen(EVERYBODY)
def picture(request: ScreenRequest, pk: UUID) -> HttpResponse:
    """Its picture, drawn here; 404 where there is none to be drawn."""
    stored = get_object_or_404(StoredFile, pk=_with_file(request, pk).file_id)
    return drawn_page(stored, 1)


def _with_file(request: ScreenRequest, pk: UUID) -> IncidentEntry:
    seen = IncidentEntry.objects.filter(incident__in=visible_to(request.member).values("pk"), file__isnull=False)
    return get_object_or_404(seen.select_related("evidence"), pk=pk)
