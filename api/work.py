"""Long work and mail in the API, and who is asking."""

from typing import Any, ClassVar

from rest_framework import serializers

from accounts.permissions import HOME
from api.operations import Acts, Lists, Shows, Tells
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from workflow.jobs import progress_of
from workflow.models import Job, OutboxMessage
from workflow.outbox import send_again
from workflow.views import JobDetail, JobList, MailDetail, MailList


class JobSerializer(RecordSerializer[Job]):
    """Long work done by a worker."""

    done = serializers.SerializerMethodField(help_text="Of `total`; both are 0 while unknown.")
    total = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields: ClassVar[list[str]] = [
            "id", "kind", "title", "status", "subject_kind", "subject_id", "message", "created_at", "finished_at", "done",
            "total",
        ]  # fmt: skip

    def get_done(self, job: Job) -> int:
        """So far."""
        return progress_of(job)[0]

    def get_total(self, job: Job) -> int:
        """In all."""
        return progress_of(job)[1]


class JobApi(Resource):
    """Jobs."""

    output = JobSerializer
    tag = "Jobs"
    list = Lists(screen=JobList)
    retrieve = Shows(screen=JobDetail)


class MailSerializer(RecordSerializer[OutboxMessage]):
    """A message that this organization sends."""

    class Meta:
        model = OutboxMessage
        fields: ClassVar[list[str]] = ["id", "to", "subject", "text", "status", "attempts", "error", "created_at", "sent_at"]


def _send(request: ApiRequest, message: OutboxMessage) -> None:
    send_again(message, actor=request.member)


class MailApi(Resource):
    """Mail."""

    output = MailSerializer
    tag = "Mail"
    list = Lists(screen=MailList)
    retrieve = Shows(screen=MailDetail)
    send = Acts(permission="mail.write", summary="Send a message again that did not arrive.", do=_send)


class MeSerializer(serializers.Serializer[Any]):
    """The token's owner and organization, and what the token may do."""

    organization = serializers.CharField(source="organization.name")
    zone = serializers.CharField(source="organization.zone", help_text="Where days begin and end.")
    member = serializers.UUIDField(source="pk")
    name = serializers.CharField()
    permissions = serializers.SerializerMethodField()

    def get_permissions(self, member: Any) -> list[str]:
        """Sorted."""
        return sorted(member.permissions)


def _me(request: ApiRequest) -> Any:
    return request.member


class MeApi(Resource):
    """What a token is good for."""

    output = MeSerializer
    tag = "This token"
    show = Tells(permission=HOME, summary="Whose token this is, and what it may do.", words="Any token in force may ask.", do=_me)

    def check_permissions(self, request: Any) -> None:
        """What a token is good for is no secret to who shows it."""
