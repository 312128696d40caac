"""Policies and their versions in the API."""

from typing import ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Finds, Gathers
from policies.acknowledging.views import RuleEdit
from policies.importing.views import Import
from policies.models import Policy, PolicyApproval, PolicyVersion
from policies.printing.tasks import ask_pdf
from policies.printing.views import pdf_for
from policies.register import listing
from policies.register import views as register
from policies.rights import APPROVE, EVERYBODY, READ, versions_visible_to
from policies.writing import views
from policies.writing.actions import begin_version
from policies.writing.approving import approve_version
from policies.writing.files import file_for
from policies.writing.forms import GivenApprovalForm


class PolicySerializer(RecordSerializer[Policy]):
    """A policy or procedure. What it says is in its versions."""

    controls = serializers.SerializerMethodField()

    class Meta:
        model = Policy
        fields: ClassVar[list[str]] = [
            "id", "reference", "title", "kind", "owner", "criteria", "controls", "review_months", "next_review_on", "quorum",
            "status", "retired_on", "created_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_controls(self, policy: Policy) -> list[str]:
        """The controls that it documents."""
        return sorted(str(row.control_id) for row in policy.documents.all())


class PolicyApprovalSerializer(RecordSerializer[PolicyApproval]):
    """What somebody said of a version: here, or as minutes show."""

    class Meta:
        model = PolicyApproval
        fields: ClassVar[list[str]] = [
            "id", "content_hash", "approver", "approver_name", "status", "source", "given_on", "given_at", "note", "recorded_by",
            "void_reason",
        ]  # fmt: skip


class PolicyVersionSerializer(RecordSerializer[PolicyVersion]):
    """A version: what it says, and where it stands. `content_hash` is what its approvers approved."""

    file_name = serializers.SerializerMethodField()
    file_sha256 = serializers.SerializerMethodField()

    class Meta:
        model = PolicyVersion
        fields: ClassVar[list[str]] = [
            "id", "policy", "number", "title", "form", "text", "file_name", "file_sha256", "material", "change_note", "author",
            "status", "begun_at", "content_hash", "quorum", "submitted_by", "submitted_at", "returned_by", "returned_at",
            "returned_reason", "approved_at", "effective_on", "published_by", "published_at", "ended_on", "is_imported",
        ]  # fmt: skip

    def get_file_name(self, version: PolicyVersion) -> str:
        """Of the document; empty where its text stands here."""
        return version.file.name if version.file else ""

    def get_file_sha256(self, version: PolicyVersion) -> str:
        """Of the document."""
        return version.file.sha256 if version.file else ""


def _versions(request: ApiRequest) -> QuerySet[PolicyVersion]:
    return versions_visible_to(request.member).order_by("-begun_at", "-pk")


def _versions_of(request: ApiRequest, policy: Policy) -> QuerySet[PolicyVersion]:
    return versions_visible_to(request.member).filter(policy=policy).order_by("-number")


def _approvals_of(_request: ApiRequest, version: PolicyVersion) -> QuerySet[PolicyApproval]:
    return version.approvals.all()


def _begin(request: ApiRequest, policy: Policy) -> PolicyVersion:
    return begin_version(policy, actor=request.member)


def _approve(request: ApiRequest, version: PolicyVersion, content_hash: str, note: str) -> None:
    approve_version(version, actor=request.member, content_hash=content_hash, note=note)


def _file(request: ApiRequest, version: PolicyVersion) -> HttpResponseBase:
    return file_for(version, request.member)


def _print(request: ApiRequest, version: PolicyVersion) -> None:
    ask_pdf(version, actor=request.member)


def _pdf(request: ApiRequest, version: PolicyVersion) -> HttpResponseBase:
    return pdf_for(version, request.member)


class PolicyApi(Resource):
    """Policies and procedures."""

    output = PolicySerializer
    tag = "Policies"
    list = Lists(
        screen=listing.PolicyList,
        filters=("state", "kind", "mine"),
        widen=lambda rows: rows.prefetch_related("documents"),
    )
    retrieve = Shows(screen=register.PolicyDetail)
    create = Creates(screen=register.PolicyCreate)
    import_ = Creates(screen=Import)
    partial_update = Changes(screen=register.PolicyEdit)
    versions = Gathers(
        permission=EVERYBODY, summary="Its versions.", below=True, rows=_versions_of, output=PolicyVersionSerializer
    )
    begin = Acts(permission=EVERYBODY, summary="Begin the next version.", do=_begin, output=PolicyVersionSerializer, status=201)
    review = Does(screen=register.PolicyReview)
    acknowledgement_rule = Does(screen=RuleEdit)
    retire = Does(screen=register.PolicyRetire)
    restore = Does(screen=register.PolicyRestore)


class PolicyVersionApi(Resource):
    """Versions of policies."""

    output = PolicyVersionSerializer
    tag = "Policies"
    holds = False  # the actions lock the policy before it, and so must everybody
    retrieve = Finds(permission=EVERYBODY, summary="One version.", rows=_versions)
    partial_update = Changes(screen=views.VersionWrite)
    upload = Does(screen=views.VersionUpload)
    submit = Does(screen=views.VersionSubmit)
    withdraw = Does(screen=views.VersionWithdraw)
    discard = Does(screen=views.VersionDiscard)
    approve = Acts(permission=APPROVE, summary="Approve what was seen.", form=GivenApprovalForm, do=_approve)
    give_back = Does(screen=views.VersionReturn)
    publish = Does(screen=views.VersionPublish)
    approvals = Gathers(
        permission=READ, summary="Who approved it.", below=True, rows=_approvals_of, output=PolicyApprovalSerializer
    )
    file = Serves(permission=EVERYBODY, summary="Its document, as it came.", do=_file)
    print_ = Acts(permission=EVERYBODY, summary="Have it printed as it stands.", do=_print)
    pdf = Serves(permission=EVERYBODY, summary="Its latest PDF.", do=_pdf)
