"""Requests of people in the API."""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.operations import Acts, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from privacy.models import RequestTask, SubjectRequest
from privacy.rights import SUBJECTS, SUBJECTS_READ
from privacy.subjects import actions, acts, forms, listing, views


class SubjectRequestSerializer(RecordSerializer[SubjectRequest]):
    """What somebody asks about their own data."""

    email = serializers.EmailField(read_only=True, label="E-mail", max_length=320)

    class Meta:
        model = SubjectRequest
        fields: ClassVar[list[str]] = [
            "id", "reference", "kind", "name", "email", "person", "relation", "channel", "details", "received_on", "first_due_on",
            "due_on", "extended_reason", "extended_told_on", "identity_how", "identity_by", "identity_at", "owner", "answer",
            "closed_by", "closed_at", "erased_at", "opened_by", "opened_at", "status", "brought_by", "brought_at", "told",
        ]  # fmt: skip


class RequestTaskSerializer(RecordSerializer[RequestTask]):
    """Something to do for a request."""

    class Meta:
        model = RequestTask
        fields: ClassVar[list[str]] = [
            "id", "request", "title", "owner", "due_on", "outcome", "done_at", "done_by", "status", "brought_by", "brought_at",
            "told",
        ]  # fmt: skip


def _letter(request: ApiRequest, one: SubjectRequest) -> HttpResponseBase:
    return views.letter_of(one, request.member)


def _add_task(request: ApiRequest, one: SubjectRequest, **said: Any) -> RequestTask:
    said.pop("once", None)
    return actions.add_task(one, actor=request.member, **said)


class SubjectRequestApi(Resource):
    """Requests of people."""

    output = SubjectRequestSerializer
    tag = "Requests of people"
    list = Lists(screen=listing.RequestList)
    retrieve = Shows(screen=views.RequestDetail)
    create = Creates(screen=acts.RequestCreate)
    verify = Does(screen=acts.RequestVerify)
    extend = Does(screen=acts.RequestExtend)
    assign = Does(screen=acts.RequestAssign)
    answer = Does(screen=acts.RequestAnswer)
    refuse = Does(screen=acts.RequestRefuse)
    withdraw = Does(screen=acts.RequestWithdraw)
    correct = Does(screen=acts.RequestCorrect)
    add_task = Acts(
        permission=SUBJECTS,
        summary="Give somebody something to do for it.",
        form=forms.TaskForm,
        do=_add_task,
        output=RequestTaskSerializer,
        status=201,
    )
    letter = Serves(permission=SUBJECTS_READ, summary="The closing letter as PDF; 404 until it is printed.", do=_letter)


class RequestTaskApi(Resource):
    """What has to be done for requests."""

    output = RequestTaskSerializer
    tag = "Requests of people"
    retrieve = Shows(screen=views.TaskDetail)
    do_it = Does(screen=acts.TaskDo)
