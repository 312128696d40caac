"""Writing changes in the API."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Retrieves, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from changes.approving.choices import chosen
from changes.drafting import editing, files, forms, listing, settings, talk, template_views, templates, views
from changes.drafting.about import EVERYBODY
from changes.drafting.cloning import clone_change
from changes.models import Change, ChangeComment, ChangeEvidence, ChangeLink, ChangeSettings, ChangeTemplate
from changes.rights import RAISE, RUN, visible_to
from evidence import downloads

UUIDS = serializers.ListField(child=serializers.UUIDField())


class ChangeLinkSerializer(RecordSerializer[ChangeLink]):
    """Where more of a change can be read."""

    class Meta:
        model = ChangeLink
        fields: ClassVar[list[str]] = ["kind", "url", "label"]


class ChangeSerializer(RecordSerializer[Change]):
    """A change, from its draft to its end."""

    systems = serializers.SerializerMethodField()
    links = ChangeLinkSerializer(many=True)
    risk = serializers.CharField(help_text="high, medium or low; empty until every question about it is answered.")

    class Meta:
        model = Change
        fields: ClassVar[list[str]] = [
            "id", "reference", "type", "kind", "template", "title", "description", "priority", "impact", "answers", "risk",
            "systems", "environments", "window_from", "window_until", "rollback_plan", "abort_criteria", "test_plan",
            "testing_evidence", "links", "status", "requester", "raised_by", "raised_at", "implementer", "verifier",
            "content_hash", "edited_at", "submitted_at", "approved_at", "approved_until", "implemented_at", "ended_at",
            "agreed_by", "agreed_at", "objected_by", "objected_at", "objection", "emergency_reason", "written_due_at",
            "written_at", "outcome", "effect", "lessons", "reviewed_by", "reviewed_at", "review_due_on", "source", "repository",
            "number", "head_sha", "merge_sha", "merged_at", "merged_by", "checks",
        ]  # fmt: skip

    @extend_schema_field(UUIDS)
    def get_systems(self, change: Change) -> list[str]:
        """The systems it affects."""
        return sorted(str(row.system_id) for row in change.systems.all())


class ChangeCommentSerializer(RecordSerializer[ChangeComment]):
    """What was said of a change."""

    mentions = serializers.SerializerMethodField()

    class Meta:
        model = ChangeComment
        fields: ClassVar[list[str]] = ["id", "change", "text", "said_by", "said_at", "mentions"]

    @extend_schema_field(UUIDS)
    def get_mentions(self, comment: ChangeComment) -> list[str]:
        """The members it names."""
        return sorted(str(row.member_id) for row in comment.mentions.all())


class FileSerializer(RecordSerializer[ChangeEvidence]):
    """An item of evidence of a change."""

    reference = serializers.CharField(source="evidence.reference")
    title = serializers.CharField(source="evidence.title")

    class Meta:
        model = ChangeEvidence
        fields: ClassVar[list[str]] = [
            "id",
            "change",
            "evidence",
            "reference",
            "title",
            "use",
            "status",
            "linked_by",
            "linked_at",
        ]


class TemplateSerializer(RecordSerializer[ChangeTemplate]):
    """A template of standard changes."""

    systems = serializers.SerializerMethodField()

    class Meta:
        model = ChangeTemplate
        fields: ClassVar[list[str]] = [
            "id", "title", "kind", "description", "impact", "rollback_plan", "abort_criteria", "test_plan", "systems",
            "expires_on", "content_hash", "approved_hash", "status", "written_by", "approved_by", "approved_at",
        ]  # fmt: skip

    @extend_schema_field(UUIDS)
    def get_systems(self, template: ChangeTemplate) -> list[str]:
        """The systems its changes may affect."""
        return sorted(str(row.system_id) for row in template.systems.all())


class SettingsSerializer(RecordSerializer[ChangeSettings]):
    """What the organization chose about its changes."""

    class Meta:
        model = ChangeSettings
        fields: ClassVar[list[str]] = ["separate_implementer", "separate_verifier", "approval_days", "review_days"]


def _with_rows(rows: QuerySet[Change]) -> QuerySet[Change]:
    return rows.prefetch_related("systems", "links")


def _with_systems(rows: QuerySet[ChangeTemplate]) -> QuerySet[ChangeTemplate]:
    return rows.prefetch_related("systems")


def _copy(request: ApiRequest, change: Change, *, title: str) -> Change:
    return clone_change(change, actor=request.member, title=title)


def _watch(request: ApiRequest, change: Change) -> None:
    talk.watch(change, actor=request.member)


def _unwatch(request: ApiRequest, change: Change) -> None:
    talk.unwatch(change, actor=request.member)


def _comments(request: ApiRequest, change: Change) -> QuerySet[ChangeComment]:
    return ChangeComment.objects.filter(change=change).prefetch_related("mentions")


def _files(request: ApiRequest, change: Change) -> Any:
    return files.linked(change)


def _every_file(request: ApiRequest) -> QuerySet[ChangeEvidence]:
    return ChangeEvidence.objects.filter(change__in=visible_to(request.member)).select_related("evidence__file", "change")


def _detach(request: ApiRequest, proof: ChangeEvidence, *, reason: str) -> None:
    files.detach(proof, actor=request.member, reason=reason)


def _file(request: ApiRequest, proof: ChangeEvidence) -> HttpResponseBase:
    return downloads.take_away(proof.evidence.file, actor=request.member, evidence=proof.evidence)


def _submit(request: ApiRequest, template: ChangeTemplate) -> None:
    templates.submit_template(template, actor=request.member)


class DraftingApi(Resource):
    """Writing changes, and what is said of them; changes.api adds what moves them."""

    output = ChangeSerializer
    tag = "Changes"
    list = Lists(screen=listing.ChangeList, filters=("view", "state", "type", "kind", "risk", "system"), widen=_with_rows)
    create = Creates(screen=views.ChangeCreate)
    partial_update = Changes(screen=editing.ChangeEdit)
    copy = Acts(
        permission=EVERYBODY, summary="Begin another that says the same.", form=forms.CloneForm, do=_copy, output=ChangeSerializer
    )
    watch = Acts(permission=EVERYBODY, summary="Be told of what happens to it.", do=_watch)
    unwatch = Acts(permission=EVERYBODY, summary="Be told no more.", do=_unwatch)
    comments = Gathers(
        permission=EVERYBODY, summary="What was said of it.", below=True, output=ChangeCommentSerializer, rows=_comments
    )
    comment = Does(screen=views.ChangeComment)
    files = Gathers(permission=EVERYBODY, summary="Its evidence.", below=True, output=FileSerializer, rows=_files)
    attach = Does(screen=views.ChangeAttach)


class ChangeFileApi(Resource):
    """Evidence of changes."""

    output = FileSerializer
    tag = "Changes"
    holds = False  # the action locks the change before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One link.", rows=_every_file)
    remove = Acts(permission=EVERYBODY, summary="Take it away from the change.", form=forms.DetachForm, do=_detach)
    file = Serves(permission=EVERYBODY, summary="Its file.", do=_file)


class TemplateApi(Resource):
    """Templates of standard changes."""

    output = TemplateSerializer
    tag = "Changes"
    list = Lists(screen=template_views.TemplateList, filters=("state", "use", "kind"), widen=_with_systems)
    retrieve = Shows(screen=template_views.TemplateDetail)
    create = Creates(screen=template_views.TemplateCreate)
    partial_update = Changes(screen=template_views.TemplateEdit)
    submit = Acts(permission=RUN, summary="Put it before somebody who approves changes.", do=_submit)
    give_back = Does(screen=template_views.TemplateReturn)
    retire = Does(screen=template_views.TemplateRetire)


class SettingsApi(Resource):
    """What the organization chose about its changes: the one record at its address."""

    output = SettingsSerializer
    tag = "Changes"
    holds = False
    retrieve = Retrieves(permission=RAISE, summary="What holds now.")
    partial_update = Changes(screen=settings.SettingsScreen)

    def find(self, request: ApiRequest, **kwargs: Any) -> ChangeSettings:
        """As chosen, or as it is before anybody has chosen."""
        return chosen()
