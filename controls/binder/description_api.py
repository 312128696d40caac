"""The system description in the API: its texts, what belongs to it, and what was frozen of it."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Serves
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from controls.binder import writing
from controls.binder.forms import TextForm
from controls.binder.keeping import SIGNED, UNSIGNED, pdf_of
from controls.binder.sections import SECTIONS
from controls.binder.views import description, frozen, rows
from controls.models import (
    DescriptionText,
    Diagram,
    SubserviceOrganization,
    SystemDescription,
    SystemFlow,
    UserEntityControl,
)
from evidence import downloads

READ = "controls.read"


class TextSerializer(RecordSerializer[DescriptionText]):
    """A revision of the text of a section of the system description. It is never changed."""

    approved_by = serializers.SerializerMethodField()
    approved_at = serializers.SerializerMethodField()

    class Meta:
        model = DescriptionText
        fields: ClassVar[list[str]] = [
            "id", "section", "number", "text", "note", "written_by", "written_at", "approved_by", "approved_at",
        ]  # fmt: skip

    def get_approved_by(self, text: DescriptionText) -> UUID | None:
        """A member's id; null where nobody has."""
        return next((one.approved_by_id for one in text.approvals.all()), None)

    def get_approved_at(self, text: DescriptionText) -> str | None:
        """A moment; null where nobody has."""
        return next((one.approved_at.isoformat() for one in text.approvals.all()), None)


class AnyTextForm(TextForm):
    """A revision of a section."""

    section = forms.ChoiceField(choices=[(key, one.title) for key, one in SECTIONS.items()])


class _Write(description.TextWrite):
    """Write a revision of a section."""

    form_class = AnyTextForm

    def load(self) -> None:
        """The form names the section."""

    def get_initial(self) -> dict[str, Any]:
        """Nothing: what is sent is the whole text."""
        return {}

    def act(self, form: TextForm) -> DescriptionText:
        """Keep it."""
        return writing.write_text(form.cleaned_data.pop("section"), actor=self.request.member, **form.cleaned_data)


def _texts(request: ApiRequest) -> QuerySet[DescriptionText]:
    return DescriptionText.objects.prefetch_related("approvals")


class TextApi(Resource):
    """Texts of the system description."""

    output = TextSerializer
    tag = "System description"
    list = Gathers(permission=READ, summary="Every revision of every section.", rows=_texts)
    retrieve = Finds(permission=READ, summary="One revision.", rows=_texts)
    create = Creates(screen=_Write)
    approve = Does(screen=description.TextApprove)


class FlowSerializer(RecordSerializer[SystemFlow]):
    """Something that goes from one system to another, or to or from somebody outside."""

    class Meta:
        model = SystemFlow
        fields: ClassVar[list[str]] = ["id", "kind", "source", "target", "outside", "carries", "protection", "status"]


class FlowApi(Resource):
    """Flows between systems."""

    output = FlowSerializer
    tag = "System description"
    list = Lists(screen=rows.FlowList)
    retrieve = Finds(permission=READ, summary="One flow.", rows=lambda _: SystemFlow.objects.all())
    create = Creates(screen=rows.FlowCreate)
    partial_update = Changes(screen=rows.FlowEdit)
    retire = Does(screen=rows.FlowRetire)


class UserEntitySerializer(RecordSerializer[UserEntityControl]):
    """What customers have to do themselves."""

    class Meta:
        model = UserEntityControl
        fields: ClassVar[list[str]] = ["id", "title", "criteria", "status"]


class UserEntityApi(Resource):
    """Complementary user-entity controls."""

    output = UserEntitySerializer
    tag = "System description"
    list = Gathers(permission=READ, summary="All of them.", rows=lambda _: UserEntityControl.objects.all())
    retrieve = Finds(permission=READ, summary="One of them.", rows=lambda _: UserEntityControl.objects.all())
    create = Creates(screen=rows.UserEntityCreate)
    partial_update = Changes(screen=rows.UserEntityEdit)
    retire = Does(screen=rows.UserEntityRetire)


class SubserviceSerializer(RecordSerializer[SubserviceOrganization]):
    """Another organization whose controls the system leans on."""

    class Meta:
        model = SubserviceOrganization
        fields: ClassVar[list[str]] = [
            "id", "name", "service", "method", "expected", "criteria", "report", "report_until", "status",
        ]  # fmt: skip


class SubserviceApi(Resource):
    """Subservice organizations."""

    output = SubserviceSerializer
    tag = "System description"
    list = Gathers(permission=READ, summary="All of them.", rows=lambda _: SubserviceOrganization.objects.all())
    retrieve = Finds(permission=READ, summary="One of them.", rows=lambda _: SubserviceOrganization.objects.all())
    create = Creates(screen=rows.SubserviceCreate)
    partial_update = Changes(screen=rows.SubserviceEdit)
    retire = Does(screen=rows.SubserviceRetire)


class DiagramSerializer(RecordSerializer[Diagram]):
    """A drawing that somebody gave, kept as evidence."""

    class Meta:
        model = Diagram
        fields: ClassVar[list[str]] = ["id", "kind", "evidence", "alternative", "made_by", "made_at"]


class _Give(description.DiagramAdd):
    """Give a diagram of one's own."""

    def act(self, form: Any) -> Diagram:  # type: ignore[override] # the API shows what was made
        """Keep it."""
        given = form.cleaned_data
        return writing.add_diagram(given.pop("kind"), given.pop("upload"), actor=self.request.member, **given)


class DiagramApi(Resource):
    """Diagrams."""

    output = DiagramSerializer
    tag = "System description"
    list = Gathers(permission=READ, summary="All that were given.", rows=lambda _: Diagram.objects.all())
    retrieve = Finds(permission=READ, summary="One of them.", rows=lambda _: Diagram.objects.all())
    create = Creates(screen=_Give)


class DescriptionSerializer(RecordSerializer[SystemDescription]):
    """A description frozen for a period: the hash of its file, what was open in it, and who signed."""

    sha256 = serializers.CharField(source="file.sha256", help_text="Of the JSON, as it is kept.")
    signed_by = serializers.SerializerMethodField()

    class Meta:
        model = SystemDescription
        fields: ClassVar[list[str]] = [
            "id", "reference", "period", "open_points", "sha256", "evidence", "made_by", "made_at", "signed_by",
        ]  # fmt: skip

    def get_signed_by(self, found: SystemDescription) -> str:
        """Name and position; empty where management has not signed."""
        return next((f"{one.name}, {one.position}" for one in found.assertions.all()), "")


def _frozen(request: ApiRequest) -> QuerySet[SystemDescription]:
    return SystemDescription.objects.select_related("file").prefetch_related("assertions")


def _json(request: ApiRequest, found: SystemDescription) -> HttpResponseBase:
    return downloads.take_away(found.file, actor=request.member, name=f"{found.reference}.json")


def _pdf(request: ApiRequest, found: SystemDescription) -> HttpResponseBase:
    kept = pdf_of(found, SIGNED) or pdf_of(found, UNSIGNED)
    if kept is None:
        raise Http404
    return downloads.take_away(kept.file, actor=request.member, name=kept.file.name)


class DescriptionApi(Resource):
    """Frozen descriptions."""

    output = DescriptionSerializer
    tag = "System description"
    list = Gathers(permission=READ, summary="Every description that was frozen.", rows=_frozen)
    retrieve = Finds(permission=READ, summary="One of them.", rows=_frozen)
    create = Creates(screen=frozen.Freeze)
    json = Serves(permission=READ, summary="All of it as JSON, as it was kept.", do=_json)
    pdf = Serves(permission=READ, summary="All of it as PDF, signed where it is; 404 until a worker has printed it.", do=_pdf)
