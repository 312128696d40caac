"""Courses and training in the API."""

from typing import ClassVar

from django.http.response import HttpResponseBase
from rest_framework import serializers

from api.operations import Changes, Creates, Does, Lists, Serves, Shows
from api.records import RecordSerializer
from api.requests import ApiRequest
from api.resources import Resource
from inventory.models import Person
from policies.models import Course, TrainingRecord
from policies.training import listing, views
from policies.training.rights import EVERYBODY


class CourseSerializer(RecordSerializer[Course]):
    """Something that people are trained in. Without departments everybody has to take it, where it is required."""

    class Meta:
        model = Course
        fields: ClassVar[list[str]] = [
            "id", "name", "about", "required", "departments", "required_from", "join_days", "months", "status",
        ]  # fmt: skip


class CoursePersonSerializer(RecordSerializer[Person]):
    """Somebody who has to take a course. `due_on` is the day until when, again or for the first time; none: not any more."""

    last_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)

    class Meta:
        model = Person
        fields: ClassVar[list[str]] = ["id", "name", "email", "department", "started_on", "last_on", "due_on"]


class TrainingSerializer(RecordSerializer[TrainingRecord]):
    """Somebody took a course. `certificate` is an item of evidence."""

    class Meta:
        model = TrainingRecord
        fields: ClassVar[list[str]] = [
            "id", "course", "person", "completed_on", "expires_on", "note", "certificate", "recorded_by", "recorded_at",
            "status", "withdrawn_reason",
        ]  # fmt: skip


def _certificate(request: ApiRequest, training: TrainingRecord) -> HttpResponseBase:
    return views.certificate_of(training, request.member)


class CourseApi(Resource):
    """What people are trained in."""

    output = CourseSerializer
    tag = "Policies"
    list = Lists(screen=listing.CourseList)
    retrieve = Shows(screen=views.CourseDetail)
    create = Creates(screen=views.CourseCreate)
    partial_update = Changes(screen=views.CourseEdit)
    retire = Does(screen=views.CourseRetire)
    restore = Does(screen=views.CourseRestore)
    people = Lists(
        screen=listing.CoursePeople, below=True, summary="Who has to take it, and how they stand.", filters=("state",),
        output=CoursePersonSerializer,
    )  # fmt: skip


class TrainingApi(Resource):
    """Who took which course."""

    output = TrainingSerializer
    tag = "Policies"
    list = Lists(screen=listing.TrainingList, filters=("state", "view", "course"))
    retrieve = Shows(screen=views.TrainingDetail)
    create = Creates(screen=views.TrainingCreate)
    partial_update = Changes(screen=views.TrainingEdit)
    withdraw = Does(screen=views.TrainingWithdraw)
    certificate = Serves(permission=EVERYBODY, summary="Its certificate, as it came.", do=_certificate)
