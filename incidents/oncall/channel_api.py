"""Channels and their deliveries in the API. Addresses and secrets of webhooks are not read back."""

from typing import ClassVar

from django.db.models import QuerySet

from api.operations import Acts, Changes, Creates, Does, Lists, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from api.rows import Gathers
from incidents.models import AlertChannel, AlertDelivery
from incidents.models.oncall import RUN
from incidents.oncall import calling, channel_views, channels
from incidents.rights import READ

TAG = "On call"


class AlertChannelSerializer(RecordSerializer[AlertChannel]):
    """Addresses that are written to, or a webhook that is called."""

    class Meta:
        model = AlertChannel
        fields: ClassVar[list[str]] = [
            "id", "name", "kind", "addresses", "host", "secret_at", "status", "made_by", "made_at",
        ]  # fmt: skip


class AlertDeliverySerializer(RecordSerializer[AlertDelivery]):
    """A call of a webhook, and what each try brought."""

    class Meta:
        model = AlertDelivery
        fields: ClassVar[list[str]] = [
            "id", "channel", "event", "incident", "state", "tries", "next_at", "created_at", "delivered_at",
        ]  # fmt: skip


def _restore_channel(request: ApiRequest, channel: AlertChannel) -> None:
    channels.restore(channel, actor=request.member)


def _test(request: ApiRequest, channel: AlertChannel) -> None:
    channels.send_test(channel, actor=request.member)


def _of_channel(_request: ApiRequest, channel: AlertChannel) -> QuerySet[AlertDelivery]:
    return channel.deliveries.all()


def _deliveries(_request: ApiRequest) -> QuerySet[AlertDelivery]:
    return AlertDelivery.objects.order_by("-pk")


def _again(request: ApiRequest, delivery: AlertDelivery) -> None:
    calling.send_again(delivery, actor=request.member)


class AlertChannelApi(Resource):
    """Alert channels."""

    output = AlertChannelSerializer
    tag = TAG
    list = Lists(screen=channel_views.ChannelList)
    retrieve = Shows(screen=channel_views.ChannelDetail)
    create = Creates(screen=channel_views.ChannelCreate)
    partial_update = Changes(screen=channel_views.ChannelEdit)
    retire = Does(screen=channel_views.ChannelRetire)
    restore = Acts(permission=RUN, summary="Tell it again.", do=_restore_channel)
    test = Acts(permission=RUN, summary="Send a test through it.", do=_test)
    deliveries = Gathers(
        permission=READ, summary="What it was told.", below=True, output=AlertDeliverySerializer, rows=_of_channel
    )


class AlertDeliveryApi(Resource):
    """Calls of webhooks."""

    output = AlertDeliverySerializer
    tag = TAG
    list = Gathers(permission=READ, summary="Calls of webhooks.", rows=_deliveries)
    retrieve = Shows(screen=channel_views.DeliveryDetail)
    send_again = Acts(permission=RUN, summary="Try once more what was given up.", do=_again)
