"""Vendors and their API keys in the API."""

from typing import ClassVar

from rest_framework import serializers

from api.operations import Acts, Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from vendors.documents import views as documents
from vendors.keys import views as key_views
from vendors.lifecycle import actions
from vendors.lifecycle import views as life
from vendors.models import LINE, Vendor, VendorKey
from vendors.questionnaires import views as questionnaires
from vendors.register import listing, views
from vendors.reviewing import views as reviewing
from vendors.rights import WRITE


class VendorSerializer(RecordSerializer[Vendor]):
    """Somebody outside whose product or work the organization uses, or wants to."""

    contacts = serializers.ListField(child=serializers.CharField(max_length=LINE))

    class Meta:
        model = Vendor
        fields: ClassVar[list[str]] = [
            "id", "reference", "name", "website", "service", "why", "owner", "contacts", "data_classes", "locations",
            "subprocessors", "notes", "data_shared", "criticality", "access", "points", "inherent", "tier", "residual", "is_ai",
            "ai_sent", "ai_retention", "ai_training", "status", "requested_by", "requested_at", "diligence_on", "decided_by",
            "decided_at", "decision", "used_since", "reviewed_on", "next_review_on", "finding", "leaving_on", "leaving_reason",
            "access_ended_on", "access_evidence", "data_outcome", "data_ended_on", "data_evidence", "left_on",
        ]  # fmt: skip


class ListedKeySerializer(RecordSerializer[VendorKey]):
    """An API key by its name; where it is kept is told one by one, and noted."""

    class Meta:
        model = VendorKey
        fields: ClassVar[list[str]] = [
            "id",
            "vendor",
            "name",
            "used_for",
            "owner",
            "rotated_on",
            "every_days",
            "due_on",
            "status",
        ]


class VendorKeySerializer(ListedKeySerializer):
    """With where it is kept."""

    class Meta(ListedKeySerializer.Meta):
        fields: ClassVar[list[str]] = [*ListedKeySerializer.Meta.fields, "kept_in"]


def _begin(request: ApiRequest, vendor: Vendor) -> None:
    actions.begin(vendor, actor=request.member)


def _leave(request: ApiRequest, vendor: Vendor) -> None:
    actions.leave(vendor, actor=request.member)


class VendorApi(Resource):
    """Vendors."""

    output = VendorSerializer
    tag = "Vendors"
    list = Lists(screen=listing.VendorList, filters=("view", "state", "tier", "risk", "residual"))
    retrieve = Shows(screen=views.VendorDetail)
    create = Creates(screen=views.VendorCreate)
    partial_update = Changes(screen=views.VendorEdit)
    hand_over = Does(screen=views.VendorHandOver)
    begin = Acts(permission=WRITE, summary="Begin to look at it.", do=_begin)
    review = Does(screen=reviewing.VendorReviewed)
    approve = Does(screen=life.VendorApprove)
    confirm = Does(screen=life.VendorConfirm)
    reject = Does(screen=life.VendorReject)
    use = Does(screen=life.VendorUse)
    offboard = Does(screen=life.VendorOffboard)
    keep = Does(screen=life.VendorKeep)
    end_access = Does(screen=life.VendorAccessEnd)
    end_data = Does(screen=life.VendorDataEnd)
    leave = Acts(permission=WRITE, summary="It has left: its access and data are accounted for.", do=_leave)
    reopen = Does(screen=life.VendorReopen)
    note_key = Does(screen=key_views.KeyCreate)
    add_document = Does(screen=documents.DocumentCreate)
    describe = Does(screen=documents.VendorDescribe)
    add_answers = Does(screen=questionnaires.QuestionnaireCreate)


class VendorKeyApi(Resource):
    """API keys of vendors. The keys themselves are not here."""

    output = VendorKeySerializer
    tag = "Vendors"
    list = Lists(screen=key_views.KeyList, filters=("state", "due"), output=ListedKeySerializer)
    retrieve = Shows(screen=key_views.KeyDetail)
    partial_update = Changes(screen=key_views.KeyEdit)
    rotate = Does(
        screen=key_views.KeyRotate,
        words="Permission: `vendors.write`, or `vendors.request` for a key that is with the owner of the token.",
    )
    retire = Does(screen=key_views.KeyRetire)
