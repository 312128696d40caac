"""Moving changes in the API."""

from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Gathers
from changes.approving import rule_views
from changes.drafting.about import EVERYBODY
from changes.drafting.api import DraftingApi
from changes.lifecycle import actions, acts
from changes.lifecycle.views import ChangeDetail
from changes.models import Approval, ApprovalRule, Change


class ApprovalSerializer(RecordSerializer[Approval]):
    """What somebody said of one version of a change."""

    version = serializers.IntegerField(source="version.number")

    class Meta:
        model = Approval
        fields: ClassVar[list[str]] = [
            "id", "change", "version", "content_hash", "answer", "status", "approver", "approver_person", "roles", "is_author",
            "factor", "factor_at", "note", "source", "head_sha", "given_at", "voided_at", "void_reason",
        ]  # fmt: skip


class RuleSerializer(RecordSerializer[ApprovalRule]):
    """Which changes need how many approvals, of whom."""

    systems = serializers.SerializerMethodField()
    approvers = serializers.SerializerMethodField()

    class Meta:
        model = ApprovalRule
        fields: ClassVar[list[str]] = [
            "id", "name", "kinds", "risks", "systems", "count", "role", "by_system_owner", "approvers", "accepts_reviews",
            "status",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_systems(self, rule: ApprovalRule) -> list[str]:
        """The systems that it is about; none: all."""
        return sorted(str(row.system_id) for row in rule.systems.all())

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_approvers(self, rule: ApprovalRule) -> list[str]:
        """The people whom it names."""
        return sorted(str(row.person_id) for row in rule.approvers.all())


class _Answer(forms.Form):
    content_hash = forms.CharField(
        min_length=64, max_length=64, help_text="The change's content_hash as you have seen it: one that has changed is refused."
    )


class ApproveApiForm(_Answer):
    """An approval of what was seen."""

    note = forms.CharField(required=False, max_length=5_000)


class RejectApiForm(_Answer):
    """A rejection of what was seen."""

    reason = forms.CharField(max_length=5_000)


def _submit(request: ApiRequest, change: Change) -> None:
    actions.submit(change, actor=request.member)


def _close(request: ApiRequest, change: Change) -> None:
    actions.close(change, actor=request.member)


def _approve(request: ApiRequest, change: Change, *, content_hash: str, note: str) -> None:
    actions.approve(change, actor=request.member, content_hash=content_hash, note=note)


def _reject(request: ApiRequest, change: Change, *, content_hash: str, reason: str) -> None:
    actions.reject(change, actor=request.member, content_hash=content_hash, reason=reason)


def _approvals(request: ApiRequest, change: Change) -> QuerySet[Approval]:
    return Approval.objects.filter(change=change).select_related("version")


class MovesApi(DraftingApi):
    """What moves a change. Of high risk it is approved by people, with a second factor, and not by a token."""

    retrieve = Shows(screen=ChangeDetail)
    submit = Acts(permission=EVERYBODY, summary="Put it before its approvers.", do=_submit)
    approvals = Gathers(
        permission=EVERYBODY, summary="What was said of it.", below=True, output=ApprovalSerializer, rows=_approvals
    )
    approve = Acts(permission=EVERYBODY, summary="Approve it as it was seen.", form=ApproveApiForm, do=_approve)
    reject = Acts(permission=EVERYBODY, summary="Reject it with a reason.", form=RejectApiForm, do=_reject)
    withdraw = Does(screen=acts.ChangeWithdraw)
    rework = Does(screen=acts.ChangeRework)
    ask_again = Does(screen=acts.ChangeAskAgain)
    schedule = Does(screen=acts.ChangeSchedule)
    agree = Does(screen=acts.ChangeAgree)
    not_agreed = Does(screen=acts.ChangeNotAgreed)
    implement = Does(screen=acts.ChangeImplement)
    implement_first = Does(screen=acts.ChangeImplementFirst)
    fail = Does(screen=acts.ChangeFail)
    roll_back = Does(screen=acts.ChangeRollBack)
    review = Does(screen=acts.ChangeReview)
    close = Acts(permission=EVERYBODY, summary="It is over.", do=_close)


class RuleApi(Resource):
    """Approval rules."""

    output = RuleSerializer
    tag = "Changes"
    list = Lists(screen=rule_views.RuleList)
    retrieve = Shows(screen=rule_views.RuleDetail)
    create = Creates(screen=rule_views.RuleCreate)
    partial_update = Changes(screen=rule_views.RuleEdit)
    retire = Does(screen=rule_views.RuleRetire)
    restore = Does(screen=rule_views.RuleRestore)
