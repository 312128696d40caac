"""Screens of schemas: one with its versions and figures, writing versions, putting one in force, trying a document."""

import datetime as dt
import difflib
import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from processing.models import ProcessingSchema, SchemaVersion
from processing.models.schema import WRITE
from processing.records.figures import HOURS, between, figures_of
from processing.records.trying import Tried, try_text
from processing.schemas import actions, forms
from processing.schemas.listing import READ
from tenancy.scope import now
from ui.screens import DetailScreen, FormScreen, ScreenRequest, screen
from workflow.once import OnceReasonForm, OnceScreen
from workflow.transitions import Transition

HOME = ("Processing", "processing:figures")
LIST = ("Schemas", "processing:schema-list")
SHOWN = 5


class SchemaDetail(DetailScreen):
    """One schema: its versions, what came of the last day, and when it alerts."""

    permission = READ
    template_name = "processing/schema_detail.html"
    breadcrumbs = (HOME, LIST)
    model = ProcessingSchema
    object: ProcessingSchema

    def get_title(self) -> str:
        """What it is."""
        return self.object.title

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Versions, figures of the last day, breaches, and what this member may do."""
        schema, member = self.object, self.request.member
        versions = list(schema.versions.select_related("made_by__user", "activated_by__user").order_by("-number"))
        end = now()
        return super().get_context_data(
            versions=versions,
            draft=next((one for one in versions if one.status == SchemaVersion.Status.DRAFT), None),
            in_force=next((one for one in versions if one.status == SchemaVersion.Status.ACTIVE), None),
            figures=figures_of(between(end - dt.timedelta(hours=HOURS), end, schema.pk)),
            breaches=schema.breaches.select_related("event")[:SHOWN],
            may_write=member.can(WRITE),
            may_see_events=member.can("incidents.read"),
            example=_example(schema.key),
            **kwargs,
        )


def _example(key: str) -> str:
    """How to send a document, for whoever connects a system."""
    body = json.dumps({"operation": "import", "input": {"...": "..."}, "duration_ms": 12.5})
    return f"POST /api/processing/{key}\nAuthorization: Bearer plb_...\n\n{body}"


class SchemaCreate(OnceScreen):
    """Register a schema with the draft of its first version."""

    permission = WRITE
    form_class = forms.SchemaForm
    title = "Register a schema"
    breadcrumbs = (HOME, LIST)
    submit_label = "Register it"
    success_message = "The schema is registered."

    def act(self, form: forms.SchemaForm) -> ProcessingSchema:
        """Register it."""
        return actions.create_schema(actor=self.request.member, **form.cleaned_data)


class _AboutSchema(FormScreen, abstract=True):
    permission = WRITE
    model = ProcessingSchema
    object: ProcessingSchema
    verb = ""

    def get_title(self) -> str:
        """What, and to which."""
        return f"{self.verb} {self.object.key}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the schema."""
        return (HOME, LIST, (self.object.title, self.object.get_absolute_url()))


class SchemaEdit(_AboutSchema):
    """Change what it is called, and when it alerts."""

    form_class = forms.SchemaEditForm
    verb = "Change"
    success_message = "The schema was changed."

    def act(self, form: forms.SchemaEditForm) -> ProcessingSchema:
        """Change it."""
        return actions.edit_schema(self.object, actor=self.request.member, **form.cleaned_data)


class VersionWrite(_AboutSchema):
    """Write the next version as a draft, or write the draft anew."""

    form_class = forms.VersionForm
    verb = "Next version of"
    submit_label = "Keep the draft"
    explain = "Nothing changes for other systems until the draft is put in force."
    success_message = "The draft is kept."

    def get_initial(self) -> dict[str, Any]:
        """The draft, or the version in force to start from."""
        latest = self.object.versions.exclude(status=SchemaVersion.Status.RETIRED).order_by("-number").first()
        if latest is None:
            return {}
        note = latest.note if latest.status == SchemaVersion.Status.DRAFT else ""
        return {"input_schema": latest.input_schema, "output_schema": latest.output_schema, "note": note}

    def act(self, form: forms.VersionForm) -> SchemaVersion:
        """Keep it."""
        return actions.draft_version(self.object, actor=self.request.member, **form.cleaned_data)


class _Move(OnceScreen, _AboutSchema, abstract=True):
    form_class = OnceReasonForm
    transition: Transition

    def load(self) -> None:
        """Nobody sees a form where there is nothing to do."""
        super().load()
        if self.request.method != "POST":
            self.transition.check(self.object)


class SchemaRetire(_Move):
    """Take it out of use."""

    transition = ProcessingSchema.RETIRE
    verb = "Retire"
    submit_label = "Retire it"
    explain = "Documents for it are refused from now on, and nobody is told of its success rate. What was recorded stays."
    success_message = "The schema is retired."

    def act(self, form: OnceReasonForm) -> ProcessingSchema:
        """Retire it."""
        return actions.retire(self.object, actor=self.request.member, **form.cleaned_data)


class SchemaRestore(_Move):
    """Take it back into use."""

    transition = ProcessingSchema.RESTORE
    verb = "Take back into use:"
    submit_label = "Take it back into use"
    explain = "Documents are validated against its version in force again."
    success_message = "The schema is in use again."

    def act(self, form: OnceReasonForm) -> ProcessingSchema:
        """Take it back."""
        return actions.restore(self.object, actor=self.request.member, **form.cleaned_data)


@screen(WRITE, methods=["POST"])
def add_starters(request: ScreenRequest) -> HttpResponse:
    """Register the schemas to start with."""
    made = actions.add_starters(actor=request.member)
    messages.success(request, f"In force from now on: {', '.join(one.key for one in made)}.")
    return redirect("processing:schema-list")


class VersionDetail(DetailScreen):
    """One version: its texts, what is new against the one before, and whether it is in force."""

    permission = READ
    template_name = "processing/version_detail.html"
    object: SchemaVersion

    def get_queryset(self) -> QuerySet[Any]:
        """With its schema and who wrote it."""
        return SchemaVersion.objects.select_related("schema", "made_by__user", "activated_by__user")

    def get_title(self) -> str:
        """Which."""
        return str(self.object)

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the schema."""
        return (HOME, LIST, (self.object.schema.title, self.object.schema.get_absolute_url()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The difference, and what this member may do."""
        version, member = self.object, self.request.member
        before = SchemaVersion.objects.filter(schema=version.schema, number__lt=version.number).order_by("-number").first()
        return super().get_context_data(
            before=before,
            differences=differences(before, version) if before else [],
            may_write=member.can(WRITE) and version.schema.status == ProcessingSchema.Status.ACTIVE,
            **kwargs,
        )


def differences(before: SchemaVersion, after: SchemaVersion) -> list[tuple[str, list[tuple[str, str]]]]:
    """For input and output the lines that differ, with two around them: pairs of a mark (+, - or nothing) and the line."""
    found = []
    for name, label in (("input_schema", "Input"), ("output_schema", "Output")):
        old, new = (getattr(one, name).splitlines() for one in (before, after))
        lines = [line for line in difflib.unified_diff(old, new, n=2, lineterm="") if not line.startswith(("---", "+++"))]
        if lines:
            found.append((label, [("…", "") if one.startswith("@@") else (one[:1].strip(), one[1:]) for one in lines]))
    return found


@screen(WRITE, methods=["POST"])
def activate(request: ScreenRequest, pk: Any) -> HttpResponse:
    """Put a draft in force."""
    version = get_object_or_404(SchemaVersion.objects.select_related("schema"), pk=pk)
    actions.activate(version, actor=request.member)
    messages.success(request, f"Version {version.number} of {version.schema.key} is in force.")
    return redirect(version)


class VersionTry(FormScreen):
    """Validate a document by hand; nothing of it is kept."""

    permission = READ
    form_class = forms.TryForm
    template_name = "processing/version_try.html"
    submit_label = "Validate"
    object: SchemaVersion

    def get_queryset(self) -> QuerySet[Any]:
        """With its schema."""
        return SchemaVersion.objects.select_related("schema")

    @property
    def names_record(self) -> bool:
        """Its address names the version."""
        return True

    def get_title(self) -> str:
        """Against which."""
        return f"Try a document: {self.object}"

    def get_breadcrumbs(self) -> Sequence[tuple[str, str]]:
        """Back to the version."""
        schema = self.object.schema
        number = f"Version {self.object.number}"
        return (HOME, LIST, (schema.title, schema.get_absolute_url()), (number, self.object.get_absolute_url()))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whether there is a schema of the output."""
        return {**super().get_form_kwargs(), "has_output": bool(self.object.output_schema)}

    def form_valid(self, form: Any) -> HttpResponse:
        """Show what came of it, below what was typed."""
        found: Tried = try_text(self.object, form.cleaned_data["document"], form.cleaned_data.get("against", "input"))
        if found.problem:
            form.add_error("document", found.problem)
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, found=found))


def records_of(schema: ProcessingSchema) -> str:
    """Where its records are listed."""
    return f"{reverse('processing:record-list')}?schema={schema.pk}"
