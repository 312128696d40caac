"""Acknowledgements and their campaigns in the API."""

from typing import ClassVar

from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.operations import Acts, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from policies.acknowledging import listing, views
from policies.acknowledging.certificates import ask_certificate, take_certificate
from policies.acknowledging.confirming import confirm
from policies.acknowledging.forms import GivenConfirmationForm
from policies.models import Acknowledgement, AcknowledgementCampaign
from policies.rights import ACKNOWLEDGE, EVERYBODY


class AcknowledgementSerializer(RecordSerializer[Acknowledgement]):
    """One person's part in a campaign. `certificate` is a SHA-256 over what was confirmed, by whom, when and from where."""

    version = serializers.UUIDField(source="campaign.version_id", read_only=True)

    class Meta:
        model = Acknowledgement
        fields: ClassVar[list[str]] = [
            "id", "campaign", "version", "person", "due_on", "status", "escalated_on", "confirmed_at", "confirmed_by",
            "content_hash", "ip", "user_agent", "certificate",
        ]  # fmt: skip


class CampaignSerializer(RecordSerializer[AcknowledgementCampaign]):
    """People are asked to confirm a version. `content_hash` is what they confirm."""

    asked = serializers.IntegerField(read_only=True)
    confirmed = serializers.IntegerField(read_only=True)

    class Meta:
        model = AcknowledgementCampaign
        fields: ClassVar[list[str]] = [
            "id", "policy", "version", "content_hash", "audience", "departments", "groups", "origin", "due_on", "status",
            "started_by", "started_at", "closed_at", "closed_reason", "asked", "confirmed",
        ]  # fmt: skip


def _confirm(request: ApiRequest, acknowledgement: Acknowledgement, content_hash: str, read: bool) -> None:  # noqa: FBT001
    confirm(acknowledgement, actor=request.member, content_hash=content_hash)


def _print(request: ApiRequest, acknowledgement: Acknowledgement) -> None:
    ask_certificate(acknowledgement, actor=request.member)


def _pdf(request: ApiRequest, acknowledgement: Acknowledgement) -> HttpResponseBase:
    return take_certificate(acknowledgement, request.member)


class AcknowledgementApi(Resource):
    """Who was asked to confirm what, and what they confirmed."""

    output = AcknowledgementSerializer
    tag = "Policies"
    list = Lists(screen=listing.AcknowledgementList, filters=("state", "view", "campaign", "policy"))
    retrieve = Shows(screen=views.AcknowledgementDetail)
    confirm = Acts(permission=ACKNOWLEDGE, summary="Confirm what was read.", form=GivenConfirmationForm, do=_confirm)
    print_ = Acts(permission=EVERYBODY, summary="Have its certificate printed.", do=_print)
    pdf = Serves(permission=EVERYBODY, summary="Its certificate as PDF; 404 until it is printed.", do=_pdf)


class AcknowledgementCampaignApi(Resource):
    """Campaigns of acknowledgement."""

    output = CampaignSerializer
    tag = "Policies"
    list = Lists(screen=listing.CampaignList)
    retrieve = Shows(screen=views.CampaignDetail)
    create = Creates(screen=views.CampaignStart)
    close = Does(screen=views.CampaignClose)
